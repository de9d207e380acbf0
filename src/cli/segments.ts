import { exitCodes, UsageError } from '../app/exit-code.ts';
import { compareSegmentFeedback } from '../store/segment-query.ts';
import { printAnswer } from './answer.ts';
import { type FeedbackOptions, feedbackFilter } from './feedback-options.ts';
import { segmentTable } from './segment-table.ts';
import type { Terminal } from './terminal.ts';

/** Options of `koe segments compare`. */
export interface SegmentOptions extends FeedbackOptions {
  readonly one: Readonly<Record<string, string>>;
  readonly other: Readonly<Record<string, string>>;
  readonly limit: number;
}

/** Prints how two segments of the feedback differ. */
export async function compareSegments(options: SegmentOptions, terminal: Terminal): Promise<number> {
  const { one, limit, tz } = options;
  if (Object.keys(one).length === 0) throw new UsageError('say which segment to compare: --one name=value');
  const other = Object.keys(options.other).length === 0 ? undefined : options.other;
  const filter = { ...feedbackFilter(options), one, other, limit };
  await printAnswer(options, terminal, async (database) => {
    const report = await compareSegmentFeedback(database, filter);
    return { report, table: () => segmentTable(report, tz) };
  });
  return exitCodes.success;
}
