import { everydaySentences } from '../insight/everyday-sentences.ts';
import { type UncoveredIssue, uncoveredIssues } from '../insight/uncovered.ts';
import type { Database } from '../store/database.ts';
import type { FeedbackFilter } from '../store/feedback-filter.ts';
import { readUncovered } from '../store/uncovered-query.ts';
import type { TextVectors } from './text-vectors.ts';

/** What is spoken of that no topic covers. */
export interface UncoveredReport {
  /** Pieces of feedback without a topic that were looked at: the newest, {@link mostUncovered} at most. */
  readonly texts: number;
  /** Largest first. */
  readonly issues: readonly UncoveredIssue[];
}

/** Texts that are looked at, at most: comparing them takes the square of their number. */
export const mostUncovered = 2_000;

/**
 * Groups the feedback of a period that no topic covers.
 *
 * @returns undefined where there is no model to compare texts by
 * @throws DependencyError
 */
export async function findUncovered(
  database: Pick<Database, 'records'>,
  filter: FeedbackFilter,
  vectorsOf: TextVectors,
): Promise<UncoveredReport | undefined> {
  const texts = await readUncovered(database, filter, mostUncovered);
  if (texts.length === 0) return { texts: 0, issues: [] };
  const vectors = await vectorsOf([...texts.map(({ text }) => text), ...everydaySentences]);
  if (vectors === undefined) return undefined;
  const [own, background] = [vectors.slice(0, texts.length), vectors.slice(texts.length)];
  return { texts: texts.length, issues: uncoveredIssues(texts, own, background) };
}
