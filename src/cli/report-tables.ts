import type { ScoreDifference } from '../insight/compare-scores.ts';
import type { SurveyMetric, SurveyScores } from '../insight/survey-scores.ts';
import type { DriverReport } from '../store/driver-query.ts';
import type { EmergingIssue, EmergingReport } from '../store/emerging-query.ts';
import type { OpinionReport } from '../store/opinion-query.ts';
import type { SurveyReport } from '../store/survey-query.ts';
import { minuteIn } from './period.ts';
import { type Column, lines, oneLine, percent, signed, textTable } from './table.ts';
import { topicNames } from './topic-names.ts';
import { changeText, comparedLine, pending, unknownTenant } from './voice-table.ts';

const right = (head: string): Column => ({ head, align: 'right' });

/** The period of a report in a zone. */
function period({ since, until }: { readonly since: string; readonly until: string }, zone: string): string {
  return `from ${minuteIn(zone, since)} to ${minuteIn(zone, until)} ${zone}`;
}

/** Opinions with how often they are held. */
export function opinionTable(report: OpinionReport, zone: string): string {
  if (!report.isTenantKnown) return unknownTenant;
  const name = topicNames('ja');
  const table = textTable(
    [{ head: 'opinion' }, right('feedback'), right('change'), { head: 'topics' }],
    report.opinions.map(({ key, count, change, topics }) => ({
      cells: [key, count, change === undefined ? '-' : changeText(change), topics.slice(0, 2).map(name).join('、')],
    })),
  );
  const facts = `${report.feedback} pieces of feedback ${period(report, zone)}`;
  return lines([table, facts, comparedLine(report), ...pending(report)]);
}

/** What emerged, opinions first. */
export function emergingTable(report: EmergingReport, zone: string, columns: number): string {
  if (!report.isTenantKnown) return unknownTenant;
  const facts = [
    `${report.feedback} pieces of feedback ${period(report, zone)}, against ${report.baselineFeedback} since ${minuteIn(zone, report.baselineSince)}`,
    ...pending(report),
  ];
  const issues = [...report.opinions, ...report.topics];
  if (issues.length === 0) return lines(['Nothing emerges.', ...facts]);
  const table = textTable(
    [{ head: 'opinion or topic' }, right('now'), right('baseline'), right('growth'), right('z'), right('q')],
    issues.map((issue) => ({ cells: emergingCells(issue), ...belowExamples(issue, columns) })),
  );
  return lines([table, ...facts]);
}

function emergingCells({ term, count, baselineCount, growth, z, q }: EmergingIssue): (string | number)[] {
  return [
    term,
    count,
    baselineCount,
    growth === undefined ? 'new' : `×${growth.toFixed(1)}`,
    z.toFixed(1),
    q.toPrecision(1),
  ];
}

function belowExamples({ examples }: EmergingIssue, columns: number): { below?: string } {
  if (examples.length === 0) return {};
  return { below: examples.map(({ sentence }) => oneLine(`「${sentence}」`, columns - 4)).join('\n') };
}

const metrics: readonly SurveyMetric[] = ['nps', 'csat', 'ces', 'dwb'];

/** Scores of all metrics, those of the period before, and those of segments. */
export function surveyTable(report: SurveyReport, zone: string): string {
  if (!report.isTenantKnown) return unknownTenant;
  const rows = [
    ...scoreRows('all', report.scores, report.differences),
    ...scoreRows('before', report.previous, []),
    ...report.segments.flatMap(({ segment, scores, differences }) => scoreRows(segment, scores, differences)),
  ];
  const told = [
    `all: against the period of the same length before; segments: against all others; ${period(report, zone)}`,
    ...report.scores.excluded.map(({ answers, reason }) => `${answers} answers are left out: ${reason}`),
  ];
  if (rows.length === 0) return lines([`No answers to survey questions ${period(report, zone)}`, ...told.slice(1)]);
  const table = textTable(
    [
      { head: 'group' },
      { head: 'metric' },
      right('score'),
      right('95 %'),
      right('answers'),
      right('difference'),
      right('p'),
    ],
    rows.map((cells) => ({ cells })),
  );
  return lines([table, ...told]);
}

function scoreRows(
  group: string,
  scores: SurveyScores,
  differences: readonly ScoreDifference[],
): (string | number)[][] {
  return metrics.flatMap((metric) => {
    const difference = differences.find((one) => one.metric === metric);
    const compared = [
      difference === undefined ? '-' : signed(metric === 'nps' ? difference.difference : 100 * difference.difference),
      difference === undefined ? '-' : difference.pValue.toPrecision(2),
    ];
    if (metric === 'nps') {
      const { nps } = scores;
      if (nps === undefined) return [];
      const [low, high] = nps.interval;
      return [[group, 'NPS', signed(nps.score), `${low.toFixed(0)}…${high.toFixed(0)}`, nps.answers, ...compared]];
    }
    const box = scores[metric];
    if (box === undefined) return [];
    const [low, high] = box.interval.map((share) => Math.round(100 * share));
    return [[group, metric.toUpperCase(), percent(box.share), `${low}…${high}`, box.answers, ...compared]];
  });
}

/** What drives the net promoter score. */
export function driverTable({ drivers: found, ...report }: DriverReport, zone: string): string {
  if (found === undefined)
    return lines([`No answers to the recommendation question (NPS, 0 to 10) ${period(report, zone)}`]);
  const name = topicNames('ja');
  const table = textTable(
    [{ head: 'topic' }, right('answers'), right('loud'), right('fix this'), right('95 %'), right('share')],
    found.drivers.map(({ topic, answers, loudness, effect, interval: [low, high], share }) => ({
      cells: [name(topic), answers, signed(loudness), signed(effect), `${signed(low)}…${signed(high)}`, percent(share)],
    })),
  );
  return lines([
    table,
    `NPS ${signed(found.score)} of ${found.answers} answers ${period(report, zone)}; topics explain ${percent(found.explained)} of it`,
    'loud: points of NPS from answers that criticise it; fix this: points by which an answer differs, other topics equal',
    ...(found.tooFew ? ['Fewer than ten answers for each topic: these figures are mostly chance.'] : []),
  ]);
}
