import type { TopicId } from '../domain/labels.ts';
import { type EmergingTerm, emergingTerms } from '../insight/emerging.ts';
import { type FeedbackCounts, stances, voicesOf } from '../insight/feedback-counts.ts';
import { feedbackIn } from '../insight/voice-points.ts';
import type { Database } from './database.ts';
import type { RecordDocument } from './documents.ts';
import { countFeedback, countPendingHours, fullHours } from './feedback-counts-query.ts';
import { type FeedbackFilter, matching } from './feedback-filter.ts';
import { withMongo } from './mongo-error.ts';
import { mostFrequent, opinionCounts, totals } from './opinion-query.ts';
import { isKnown } from './voice-query.ts';

/** What to compare. Both periods are widened to full hours, UTC. */
export interface EmergingFilter extends FeedbackFilter {
  /** Where the baseline begins; it ends where the period begins. */
  readonly baselineSince: Date;
  /** Terms of each kind at most. */
  readonly limit: number;
}

/** Something that is spoken of more than it used to be. */
export interface EmergingIssue extends Omit<EmergingTerm, 'growth'> {
  /** Its share now by its share in the baseline; absent for what was never seen. */
  readonly growth?: number;
  /** Topics it goes with, most frequent first. */
  readonly topics: readonly TopicId[];
  /** Newest feedback that says it: sentences. */
  readonly examples: readonly { readonly id: string; readonly occurredAt: string; readonly sentence: string }[];
}

/** What emerged, and from how much feedback. */
export interface EmergingReport {
  /** RFC 3339. */
  readonly since: string;
  readonly until: string;
  readonly baselineSince: string;
  readonly feedback: number;
  readonly baselineFeedback: number;
  readonly hoursPending: number;
  readonly isTenantKnown: boolean;
  /** By `target:expression:sign`. */
  readonly opinions: readonly EmergingIssue[];
  /** By `topic:stance`. */
  readonly topics: readonly EmergingIssue[];
}

const examplesShown = 3;

/** Finds opinions and topics whose share rose against a baseline; each kind is corrected for how many were looked at. */
export function queryEmerging(database: Database, filter: EmergingFilter): Promise<EmergingReport> {
  return withMongo(async () => {
    const period = fullHours(filter);
    const baseline = fullHours({ ...filter, since: filter.baselineSince, until: period.since });
    const parts = { voices: false, opinions: true };
    const [current, before, hoursPending] = await Promise.all([
      countFeedback(database, period, parts),
      countFeedback(database, baseline, parts),
      countPendingHours(database, { ...period, since: baseline.since }),
    ]);
    const counts = opinionCounts(current.opinions);
    const opinions = emergingTerms(totals(counts), totals(opinionCounts(before.opinions))).slice(0, filter.limit);
    const topics = emergingTerms(stanceCounts(current), stanceCounts(before)).slice(0, filter.limit);
    const feedback = feedbackIn(current);
    return {
      since: period.since.toISOString(),
      until: period.until.toISOString(),
      baselineSince: baseline.since.toISOString(),
      feedback,
      baselineFeedback: feedbackIn(before),
      hoursPending,
      isTenantKnown: feedback > 0 || (await isKnown(database, filter.tenant)),
      opinions: await Promise.all(
        opinions.map(async (term) => ({
          ...toIssue(term),
          topics: mostFrequent(counts.get(term.term)?.topics ?? new Map()),
          examples: await examplesOf(database, period, term.term),
        })),
      ),
      topics: topics.map((term) => ({
        ...toIssue(term),
        topics: [term.term.slice(0, term.term.indexOf(':')) as TopicId],
        examples: [],
      })),
    };
  });
}

function toIssue({ growth, ...term }: EmergingTerm): Omit<EmergingIssue, 'topics' | 'examples'> {
  return { ...term, ...(Number.isFinite(growth) && { growth }) };
}

/** Voices by `topic:stance`. */
function stanceCounts({ topics }: FeedbackCounts): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of topics) {
    for (const stance of stances) {
      const term = `${row.topic}:${stance}`;
      counts.set(term, (counts.get(term) ?? 0) + voicesOf(row, stance));
    }
  }
  return new Map([...counts].filter(([, count]) => count > 0));
}

async function examplesOf(
  { records }: Pick<Database, 'records'>,
  filter: FeedbackFilter,
  key: string,
): Promise<EmergingIssue['examples']> {
  const found = await records
    .find({ ...matching(filter), 'opinions.key': key })
    .sort({ occurredAt: -1 })
    .limit(examplesShown)
    .project<Pick<RecordDocument, 'id' | 'occurredAt' | 'text' | 'sentences' | 'opinions'>>({
      id: 1,
      occurredAt: 1,
      text: 1,
      'sentences.span': 1,
      opinions: 1,
    })
    .toArray();
  return found.map(({ id, occurredAt, text, sentences, opinions }) => {
    const at = opinions.find((opinion) => opinion.key === key)?.expression.span.start ?? 0;
    const { start, end } = sentences.find(({ span }) => span.start <= at && at < span.end)?.span ?? {
      start: 0,
      end: text.length,
    };
    return { id, occurredAt: occurredAt.toISOString(), sentence: text.slice(start, end) };
  });
}
