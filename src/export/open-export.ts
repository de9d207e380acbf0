import type { Stance } from '../insight/feedback-counts.ts';
import { readScoredCustomers } from '../store/churn-risks.ts';
import { readCustomerList } from '../store/customer-list-query.ts';
import type { Database } from '../store/database.ts';
import { queryDrivers } from '../store/driver-query.ts';
import { queryEmerging } from '../store/emerging-query.ts';
import type { FeedbackFilter } from '../store/feedback-filter.ts';
import { readFeedbackList } from '../store/feedback-query.ts';
import { queryOpinions } from '../store/opinion-query.ts';
import { querySurveys } from '../store/survey-query.ts';
import { queryVoices } from '../store/voice-query.ts';
import { churnColumns, customerColumns } from './customer-columns.ts';
import type { HeadingLanguage } from './encode-table.ts';
import { feedbackColumns } from './feedback-columns.ts';
import { driverColumns, emergingColumns, opinionColumns, scoreColumns, voiceColumns } from './insight-columns.ts';
import { scoreRows } from './score-rows.ts';
import { type Table, tableOf } from './table.ts';

/** What can be exported. */
export const exportNames = [
  'feedback',
  'pain-points',
  'requests',
  'praise',
  'opinions',
  'emerging',
  'nps',
  'drivers',
  'customers',
  'churn',
] as const;
export type ExportName = (typeof exportNames)[number];

/**
 * Exports that are about customers: of their filter only tenant and period count. The period is that in which customers
 * did or said something, or were scored.
 */
export const customerExports: ReadonlySet<ExportName> = new Set(['customers', 'churn']);

/** What an export is made of. */
export interface ExportOptions {
  /** Of the rows' words. */
  readonly language: HeadingLanguage;
  /** Name of a topic in that language. */
  readonly topicName: (topic: string) => string;
}

/** Which rows are wanted. */
export interface ExportFilter extends FeedbackFilter {
  /** Attribute by whose values the scores of `nps` are told apart. */
  readonly by?: string | undefined;
}

/** How many times longer than the period its baseline is. */
const baselinePeriods = 4;

/**
 * The rows of an export. Nothing is read before the first row is asked for; rows of feedback and customers are read as
 * they are asked for, in memory that does not grow with them.
 *
 * @throws DependencyError while iterating
 */
export function openExport(
  database: Database,
  name: ExportName,
  filter: ExportFilter,
  { language, topicName }: ExportOptions,
): Table {
  const voices = (stance: Stance) =>
    tableOf(
      voiceColumns(topicName),
      later(async () => (await queryVoices(database, { ...filter, stance, sort: 'volume', limit: all })).points),
    );
  switch (name) {
    case 'feedback':
      return tableOf(feedbackColumns(topicName), readFeedbackList(database, filter));
    case 'pain-points':
      return voices('criticism');
    case 'requests':
      return voices('request');
    case 'praise':
      return voices('praise');
    case 'opinions':
      return tableOf(
        opinionColumns(topicName),
        later(async () => (await queryOpinions(database, { ...filter, limit: all })).opinions),
      );
    case 'emerging':
      return tableOf(
        emergingColumns(topicName),
        later(async () => {
          const length = filter.until.getTime() - filter.since.getTime();
          const baselineSince = new Date(filter.since.getTime() - baselinePeriods * length);
          const { opinions, topics } = await queryEmerging(database, { ...filter, baselineSince, limit: all });
          return [...opinions, ...topics];
        }),
      );
    case 'nps':
      return tableOf(
        scoreColumns,
        later(async () => scoreRows(await querySurveys(database, { ...filter, limit: all }))),
      );
    case 'drivers':
      return tableOf(
        driverColumns(topicName),
        later(async () => (await queryDrivers(database, filter)).drivers?.drivers ?? []),
      );
    case 'customers':
      return tableOf(customerColumns, readCustomerList(database, filter));
    case 'churn':
      return tableOf(churnColumns(language, topicName), readScoredCustomers(database, filter));
  }
}

/** Rankings are cut nowhere: an export is complete. */
const all = Number.MAX_SAFE_INTEGER;

async function* later<Value>(read: () => Promise<readonly Value[]>): AsyncGenerator<Value> {
  yield* await read();
}
