import type { UncoveredText } from '../insight/uncovered.ts';
import type { Database } from './database.ts';
import type { RecordDocument } from './documents.ts';
import { type FeedbackFilter, matching } from './feedback-filter.ts';
import { withMongo } from './mongo-error.ts';

/**
 * The newest feedback of a filter in which no topic was found; copies are left out.
 *
 * @param most pieces at most
 * @throws DependencyError
 */
export function readUncovered(
  { records }: Pick<Database, 'records'>,
  filter: FeedbackFilter,
  most: number,
): Promise<UncoveredText[]> {
  return withMongo(async () => {
    const found = await records
      .find({ ...matching(filter), status: 'analyzed', topics: { $size: 0 }, duplicateOf: { $exists: false } })
      .sort({ occurredAt: -1 })
      .limit(most)
      .project<Pick<RecordDocument, 'id' | 'occurredAt' | 'text' | 'opinions'>>({
        id: 1,
        occurredAt: 1,
        text: 1,
        'opinions.key': 1,
      })
      .toArray();
    return found.map(({ id, occurredAt, text, opinions }) => ({
      id,
      text,
      occurredAt: occurredAt.toISOString(),
      opinions: opinions.map(({ key }) => key),
    }));
  });
}
