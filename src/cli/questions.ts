import { exitCodes, UsageError } from '../app/exit-code.ts';
import { createTextVectors } from '../app/text-vectors.ts';
import { findUncovered } from '../app/uncovered-report.ts';
import type { TopicId } from '../domain/labels.ts';
import { queryDrivers } from '../store/driver-query.ts';
import { queryEmerging } from '../store/emerging-query.ts';
import { type OpinionSign, queryOpinions } from '../store/opinion-query.ts';
import { querySurveys } from '../store/survey-query.ts';
import { printAnswer } from './answer.ts';
import { type FeedbackOptions, feedbackFilter } from './feedback-options.ts';
import { parseTime } from './period.ts';
import { driverTable, emergingTable, opinionTable, surveyTable } from './report-tables.ts';
import type { Terminal } from './terminal.ts';
import { uncoveredTable } from './uncovered-table.ts';

/** Options of `koe opinions`. */
export interface OpinionOptions extends FeedbackOptions {
  readonly topic?: TopicId;
  readonly sign?: OpinionSign;
  readonly limit: number;
}

/** Prints the opinions of a period. */
export async function opinions(options: OpinionOptions, terminal: Terminal): Promise<number> {
  const { topic, sign, limit, tz } = options;
  const filter = { ...feedbackFilter(options), topic, sign, limit };
  await printAnswer(options, terminal, async (database) => {
    const report = await queryOpinions(database, filter);
    return { report, table: () => opinionTable(report, tz) };
  });
  return exitCodes.success;
}

/** Options of `koe emerging`. */
export interface EmergingOptions extends FeedbackOptions {
  readonly baseline?: string;
  readonly limit: number;
  /** Whether to look at what no topic covers, too. */
  readonly uncovered: boolean;
}

/** How many times as long as the period the baseline is, unless told otherwise. */
const baselineFactor = 4;

/** Prints what is spoken of more than it used to be. */
export async function emerging(options: EmergingOptions, terminal: Terminal): Promise<number> {
  const now = Date.now();
  const { baseline, limit, tz: zone } = options;
  const period = feedbackFilter(options, now);
  const usual = new Date((1 + baselineFactor) * period.since.getTime() - baselineFactor * period.until.getTime());
  const baselineSince = baseline === undefined ? usual : parseTime(baseline, now, { zone, option: '--baseline' });
  if (baselineSince >= period.since) throw new UsageError('--baseline must be before --since');
  await printAnswer(options, terminal, async (database, settings) => {
    const report = await queryEmerging(database, { ...period, baselineSince, limit });
    const uncovered = options.uncovered
      ? await findUncovered(database, period, createTextVectors(settings))
      : undefined;
    const table = (columns: number) =>
      `${emergingTable(report, zone, columns)}${report.isTenantKnown ? uncoveredTable(uncovered, columns) : ''}`;
    return { report: { ...report, ...(uncovered !== undefined && { uncovered }) }, table };
  });
  return exitCodes.success;
}

/** Options of `koe nps`. */
export interface SurveyOptions extends FeedbackOptions {
  readonly by?: string;
  readonly limit: number;
}

/** Prints scores of survey answers. */
export async function surveys(options: SurveyOptions, terminal: Terminal): Promise<number> {
  const filter = { ...feedbackFilter(options), by: options.by, limit: options.limit };
  await printAnswer(options, terminal, async (database) => {
    const report = await querySurveys(database, filter);
    return { report, table: () => surveyTable(report, options.tz) };
  });
  return exitCodes.success;
}

/** Prints what drives the net promoter score. */
export async function drivers(options: FeedbackOptions, terminal: Terminal): Promise<number> {
  const filter = feedbackFilter(options);
  await printAnswer(options, terminal, async (database) => {
    const report = await queryDrivers(database, filter);
    return { report, table: () => driverTable(report, options.tz) };
  });
  return exitCodes.success;
}
