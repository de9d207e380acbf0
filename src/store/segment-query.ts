import type { Filter } from 'mongodb';
import {
  type ComparedRecord,
  compareFeedback,
  createSegmentSum,
  type FeedbackComparison,
  type SegmentFigures,
} from '../insight/compare-feedback.ts';
import type { Database } from './database.ts';
import type { RecordDocument } from './documents.ts';
import {
  attributeConditions,
  type FeedbackFilter,
  hasAttributes,
  matching,
  type WantedAttributes,
} from './feedback-filter.ts';
import { withMongo } from './mongo-error.ts';
import { isKnown } from './voice-query.ts';

/** Which segments of the feedback to compare. */
export interface SegmentFilter extends FeedbackFilter {
  /** One attribute at least. */
  readonly one: WantedAttributes;
  /** Everything that is not in the first one when absent. */
  readonly other?: WantedAttributes | undefined;
  /** Topics at most. */
  readonly limit: number;
}

/** A segment by its attributes. */
export interface Segment extends Omit<SegmentFigures, 'topics'> {
  /** Absent for everything that is not in the first segment. */
  readonly attributes?: WantedAttributes;
}

/** How two segments differ. */
export interface SegmentReport {
  /** RFC 3339. */
  readonly since: string;
  readonly until: string;
  readonly isTenantKnown: boolean;
  readonly one: Segment;
  readonly other: Segment;
  /** Pieces of feedback that are in both segments; they count in neither, for tests compare groups that share nothing. */
  readonly inBoth: number;
  readonly differences: FeedbackComparison;
}

/** Compares two segments of a period's feedback, without copies. Reads every record of the period or of the segments. */
export function compareSegmentFeedback(
  { records }: Pick<Database, 'records'>,
  filter: SegmentFilter,
): Promise<SegmentReport> {
  return withMongo(async () => {
    const { one, other, limit, since, until } = filter;
    const [first, second] = [createSegmentSum(), createSegmentSum()];
    let inBoth = 0;
    for await (const record of compared(records, filter)) {
      const isFirst = hasAttributes(record, one);
      const isSecond = other === undefined ? !isFirst : hasAttributes(record, other);
      if (isFirst && isSecond) inBoth++;
      else if (isFirst) first.add(record);
      else if (isSecond) second.add(record);
    }
    const figures = [first.figures(), second.figures()] as const;
    const { topics, ...differences } = compareFeedback(...figures);
    const segments = figures.map(({ topics: counted, ...segment }) => segment) as [Segment, Segment];
    const read = figures.reduce((sum, { feedback }) => sum + feedback, inBoth);
    return {
      since: since.toISOString(),
      until: until.toISOString(),
      isTenantKnown: read > 0 || (await isKnown({ records }, filter.tenant)),
      one: { attributes: one, ...segments[0] },
      other: { ...(other !== undefined && { attributes: other }), ...segments[1] },
      inBoth,
      differences: { ...differences, topics: topics.slice(0, limit) },
    };
  });
}

/** The records of both segments: served by `records.by_time`. */
function compared(records: Database['records'], filter: SegmentFilter) {
  const { one, other } = filter;
  const conditions: Filter<RecordDocument>[] = [matching(filter), { duplicateOf: { $exists: false } }];
  if (other !== undefined) {
    conditions.push({ $or: [one, other].map((wanted) => ({ $and: attributeConditions(wanted) })) });
  }
  return records.find({ $and: conditions }).project<ComparedRecord & Pick<RecordDocument, 'attributes'>>({
    _id: 0,
    customer: 1,
    sentiment: 1,
    'topics.id': 1,
    survey: 1,
    attributes: 1,
  });
}
