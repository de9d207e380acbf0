import type { ChurnRisk } from '../insight/churn-model.ts';
import { contributionInWords } from '../insight/churn-words.ts';
import type { BacktestReport } from '../store/churn-backtest-query.ts';
import type { ChurnReport } from '../store/churn-risks.ts';
import type { CustomerMoment, CustomerReport } from '../store/customer-query.ts';
import type { LoyaltyReport } from '../store/loyalty-query.ts';
import { dayIn, minuteIn } from './period.ts';
import { type Column, lines, oneLine, percent, textTable } from './table.ts';
import { type Language, topicNames } from './topic-names.ts';

const right = (head: string): Column => ({ head, align: 'right' });
const money = (amount: number) => Math.round(amount).toLocaleString('en');

function reasons({ contributions }: Pick<ChurnRisk, 'contributions'>, language: Language): string[] {
  const name = topicNames(language);
  return contributions.map((contribution) => contributionInWords(contribution, language, name));
}

/** Customers by risk, with the strongest reasons below each. */
export function churnTable(report: ChurnReport, language: Language, zone: string, columns: number): string {
  if (report.scoredAt === undefined) return lines(['Nobody is scored yet: run koe churn score.']);
  const table = textTable(
    [{ head: 'customer' }, { head: 'band' }, right('30 days'), right('90 days'), right('revenue a month')],
    report.listed.map((one) => ({
      cells: [one.customer, one.band, percent(one.risk), percent(one.quarterRisk), money(one.mrr)],
      below: oneLine(reasons(one, language).slice(0, 3).join(' / ') || '-', columns - 4),
    })),
  );
  const bands = report.bands.map(({ band, customers }) => `${customers} ${band}`).join(', ');
  const scores = report.listed[0]?.model === 'fitted' ? 'a model fitted to cancellations' : 'the rule score';
  return lines([
    table,
    `${report.customers} customers (${bands}), scored at ${minuteIn(zone, report.scoredAt)} by ${scores}`,
  ]);
}

/** A customer: the risk with its reasons and their evidence, then what they did and said. */
export function customerText(report: CustomerReport, language: Language, zone: string, columns: number): string {
  const { customer, mrr, risk, leftAt, evidence, moments } = report;
  const told =
    risk === undefined
      ? [`left on ${dayIn(zone, leftAt ?? '')}`]
      : [
          `risk of leaving: ${percent(risk.risk)} in 30 days, ${percent(risk.quarterRisk)} in 90 (${risk.band}; typical: ${percent(risk.baseRisk)})`,
          ...risk.contributions.flatMap((contribution) => [
            `  ${contributionInWords(contribution, language, topicNames(language))}`,
            ...contribution.evidence.slice(0, 2).map((id) => oneLine(`    「${evidence[id] ?? ''}」`, columns)),
          ]),
        ];
  return lines([
    `customer ${customer}`,
    `pays ${money(mrr)} a month`,
    ...told,
    '',
    ...moments.map((moment) => oneLine(`${minuteIn(zone, moment.at)}  ${momentText(moment)}`, columns)),
  ]);
}

function momentText(moment: CustomerMoment): string {
  if (moment.kind === 'feedback') {
    const answer = moment.recommendation === undefined ? '' : ` (recommends: ${moment.recommendation})`;
    return `${moment.sentiment}${answer}  「${moment.text}」`;
  }
  const figures = [
    ...(moment.amount === undefined ? [] : [`paid ${money(moment.amount)}`]),
    ...(moment.mrr === undefined ? [] : [`${money(moment.mrr)} a month`]),
    ...(moment.count === undefined ? [] : [`×${moment.count}`]),
  ];
  return [moment.type, ...figures].join('  ');
}

/** How churn would have been predicted, by contender. */
export function backtestTable({ backtest, ...report }: BacktestReport, zone: string): string {
  const asked = `split at ${dayIn(zone, report.split)}, measured until ${dayIn(zone, report.until)}`;
  if (backtest === undefined) {
    return lines([`No whole period of 30 days of any of ${report.customers} customers lies after the split; ${asked}`]);
  }
  const { periods, departures } = backtest.learntFrom;
  const figure = (value: number | undefined, digits: number) => (value === undefined ? '-' : value.toFixed(digits));
  const table = textTable(
    [{ head: 'model' }, right('AUC'), right('lift at 10 %'), right('Brier'), right('ECE')],
    backtest.results.map(({ contender, quality: { auc, lift, brier, calibrationError } }) => ({
      cells: [contender, figure(auc, 3), figure(lift, 2), figure(brier, 4), figure(calibrationError, 4)],
    })),
  );
  const measured = backtest.results[0]?.quality;
  return lines([
    table,
    `learnt from ${periods} months of customers with ${departures} departures, measured on ${measured?.cases ?? 0} with ${measured?.happened ?? 0}; ${asked}`,
    ...(backtest.results.some(({ contender }) => contender === 'fitted')
      ? []
      : ['Too few departures before the split to fit a model.']),
  ]);
}

/** Quadrants, advocates and revenue. */
export function loyaltyTable(report: LoyaltyReport, zone: string): string {
  const asked = `from ${minuteIn(zone, report.since)} to ${minuteIn(zone, report.until)} ${zone}`;
  if (report.index === undefined) return lines([`No customer did or said anything ${asked}`]);
  const meaning = {
    true: 'feels and buys',
    latent: 'feels, does not buy',
    spurious: 'buys without feeling',
    none: 'neither',
  };
  const table = textTable(
    [{ head: 'loyalty' }, { head: 'meaning' }, right('customers'), right('share')],
    report.quadrants.map(({ quadrant, customers, share }) => ({
      cells: [quadrant, meaning[quadrant], customers, percent(share)],
    })),
  );
  const { start, expansion, contraction, churned, nrr, negativeChurn } = report.revenue;
  const retained =
    nrr === undefined
      ? 'no recurring revenue at the start'
      : `net revenue retention ${percent(nrr)}${negativeChurn ? ' (negative churn)' : ''}: ${money(start)} a month, +${money(expansion)}, −${money(contraction)} contraction, −${money(churned)} churned`;
  return lines([
    table,
    `${report.customers} customers ${asked}; loyalty index ${report.index.toFixed(1)} of 100`,
    `${report.advocates} advocates${report.listed.length > 0 ? `: ${report.listed.map(({ customer }) => customer).join(', ')}` : ''}`,
    retained,
  ]);
}
