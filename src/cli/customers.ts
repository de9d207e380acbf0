import { fitChurn } from '../app/churn-fit.ts';
import { scoreChurn } from '../app/churn-score.ts';
import { createTopics } from '../app/create-topics.ts';
import { customerNames } from '../app/customer-names.ts';
import { exitCodes, UsageError } from '../app/exit-code.ts';
import { openServers } from '../app/servers.ts';
import { readSettings } from '../config/settings.ts';
import type { ChurnBand } from '../domain/churn-change.ts';
import { topicNames } from '../domain/topics.ts';
import { connectKafka } from '../kafka/connection.ts';
import { createProducer } from '../kafka/producer.ts';
import { Closing } from '../runtime/closing.ts';
import { queryChurnBacktest } from '../store/churn-backtest-query.ts';
import { queryChurnRisks } from '../store/churn-risks.ts';
import { queryCustomer } from '../store/customer-query.ts';
import { openDatabase } from '../store/database.ts';
import { queryLoyalty } from '../store/loyalty-query.ts';
import { createLogger } from '../telemetry/logger.ts';
import { printAnswer } from './answer.ts';
import { backtestTable, churnTable, customerText, loyaltyTable } from './customer-tables.ts';
import { type PeriodOptions, parsePeriod } from './period.ts';
import { lines } from './table.ts';
import { type Terminal, write } from './terminal.ts';
import type { Language } from './topic-names.ts';

/** Options of every question about customers. */
export interface CustomerOptions {
  readonly tenant: string;
  readonly json: boolean;
}

/** Prints how loyal customers are. */
export async function loyalty(
  options: CustomerOptions & PeriodOptions & { readonly limit: number },
  terminal: Terminal,
): Promise<number> {
  const period = parsePeriod(options, Date.now());
  await printAnswer(options, terminal, async (database) => {
    const report = await queryLoyalty(database, { tenant: options.tenant, ...period, limit: options.limit });
    return { report, table: () => loyaltyTable(report, options.tz) };
  });
  return exitCodes.success;
}

/** Options of what is told in words. */
interface ToldOptions extends CustomerOptions {
  readonly lang: Language;
  readonly tz: string;
  readonly limit: number;
}

/**
 * Prints a customer's timeline and risk.
 *
 * @param id the identifier that the producer gave, or the pseudonym under which the customer is stored
 */
export async function customer(id: string, options: ToldOptions, terminal: Terminal): Promise<number> {
  await printAnswer(options, terminal, async (database, settings) => {
    const { tenant, lang, tz, limit } = options;
    const asked = { tenant, at: new Date(), limit };
    const named = customerNames(settings)(tenant, id);
    const report =
      (await queryCustomer(database, { ...asked, customer: named })) ??
      (await queryCustomer(database, { ...asked, customer: id }));
    if (report === undefined) throw new UsageError(`nothing is stored of customer ${id} of ${tenant}`);
    return { report, table: (columns) => customerText(report, lang, tz, columns) };
  });
  return exitCodes.success;
}

/** Prints customers by their risk of leaving. */
export async function churn(
  options: ToldOptions & { readonly band?: ChurnBand; readonly leastRevenue?: number },
  terminal: Terminal,
): Promise<number> {
  const { tenant, band, leastRevenue, limit, lang, tz } = options;
  await printAnswer(options, terminal, async (database) => {
    const report = await queryChurnRisks(database, { tenant, band, leastRevenue, limit });
    return { report, table: (columns) => churnTable(report, lang, tz, columns) };
  });
  return exitCodes.success;
}

/** Prints how well churn would have been predicted. */
export async function churnBacktest(
  options: CustomerOptions & { readonly split: string; readonly until?: string; readonly tz: string },
  terminal: Terminal,
): Promise<number> {
  const { since: split, until } = parsePeriod({ ...options, since: options.split, option: '--split' }, Date.now());
  await printAnswer(options, terminal, async (database) => {
    const report = await queryChurnBacktest(database, { tenant: options.tenant, split, until });
    return { report, table: () => backtestTable(report, options.tz) };
  });
  return exitCodes.success;
}

/** Learns a churn model from cancellations and takes it into use. */
export async function churnFit({ tenant, json }: CustomerOptions, terminal: Terminal): Promise<number> {
  await printAnswer({ json }, terminal, async (database) => {
    const report = await fitChurn(database, tenant, new Date());
    const { periods, departures, fewestDepartures, version } = report;
    const learnt = `${periods} months of customers with ${departures} departures`;
    const told =
      version === undefined
        ? `${learnt}: at least ${fewestDepartures} departures are needed, the rule score stays`
        : `model ${version} is fitted to ${learnt} and scores from now on; koe churn backtest tells how well`;
    return { report, table: () => lines([told]) };
  });
  return exitCodes.success;
}

/** Scores every customer, and publishes changes of band. */
export async function churnScore({ tenant, json }: CustomerOptions, terminal: Terminal): Promise<number> {
  const settings = readSettings(terminal.environment);
  const closing = new Closing();
  try {
    const logger = createLogger({ level: 'warn', name: 'koe-churn' });
    const servers = closing.add(await openServers(settings), (opened) => opened.close());
    const topics = topicNames(settings.KOE_TOPIC_PREFIX);
    const connection = connectKafka(servers.kafka, logger);
    await createTopics(connection, topics, settings);
    const database = closing.add(await openDatabase(servers.database), (opened) => opened.close());
    const producer = closing.add(createProducer(connection), (opened) => opened.close());
    const send = producer.send.bind(producer);
    const report = await scoreChurn(database, { tenant, at: new Date(), topic: topics.churn, send });
    const { customers, changes, forgotten, model } = report;
    const by = model === 'rule' ? 'the rule score' : `model ${model}`;
    const told = `${customers} customers scored by ${by}; ${changes} changes of band published to ${topics.churn}; ${forgotten} forgotten`;
    await write(terminal.output, json ? `${JSON.stringify(report)}\n` : lines([told]));
    return exitCodes.success;
  } finally {
    await closing.closeAll();
  }
}
