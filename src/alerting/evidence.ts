import type { Evidence } from '../domain/alert.ts';
import type { TopicId } from '../domain/labels.ts';
import type { EnrichedRecord } from '../domain/record.ts';
import { emergingTerms } from '../insight/emerging.ts';

/** What of a record is looked at for evidence. */
export type EvidenceRecord = Pick<
  EnrichedRecord,
  'id' | 'occurredAt' | 'text' | 'customer' | 'attributes' | 'opinions' | 'sentences' | 'sentiment'
>;

const most = { opinions: 5, verbatims: 5, customers: 50, segments: 5 };
/** A sentence that fits a message to the person on call; UTF-16 code units. */
const readable = { min: 8, max: 80 };

/**
 * Why an alert was raised, from the feedback that it is about and the usual feedback of the days before.
 *
 * @param customers whom it affects
 * @param revenueOf monthly revenue of a customer, 0 where it is not known
 */
export function evidenceOf(
  records: readonly EvidenceRecord[],
  before: readonly EvidenceRecord[],
  topic: TopicId | undefined,
  customers: readonly string[],
  revenueOf: (customer: string) => number,
): Omit<Evidence, 'similar'> {
  const usualOpinions = countTerms(before, negativeOpinions);
  const opinions = [...countTerms(records, negativeOpinions)]
    .sort(([one, count], [other, more]) => more - count || (one < other ? -1 : 1))
    .slice(0, most.opinions)
    .map(([term, count]) => ({ term, count, before: usualOpinions.get(term) ?? 0 }));
  return {
    opinions,
    verbatims: verbatims(records, topic),
    customers: {
      count: customers.length,
      list: customers.slice(0, most.customers),
      revenue: customers.reduce((sum, customer) => sum + revenueOf(customer), 0),
    },
    segments: emergingTerms(countTerms(records, segmentsOf), countTerms(before, segmentsOf))
      .slice(0, most.segments)
      .map(({ term, count, baselineCount }) => ({ term, count, before: baselineCount })),
  };
}

/** Customers who gave some feedback, in order. */
export function customersOf(records: readonly Pick<EvidenceRecord, 'customer'>[]): string[] {
  return [...new Set(records.flatMap(({ customer }) => customer ?? []))].sort();
}

function countTerms(records: readonly EvidenceRecord[], termsOf: (record: EvidenceRecord) => string[]) {
  const counts = new Map<string, number>();
  for (const record of records) {
    for (const term of new Set(termsOf(record))) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return counts;
}

function negativeOpinions({ opinions }: EvidenceRecord): string[] {
  return opinions.filter(({ polarity }) => polarity === 'negative').map(({ key }) => key);
}

function segmentsOf({ attributes = {} }: EvidenceRecord): string[] {
  return Object.entries(attributes).map(([name, value]) => `${name}=${value}`);
}

/** The clearest sentences, one of each record: those of readable length first. */
function verbatims(records: readonly EvidenceRecord[], topic: TopicId | undefined): Evidence['verbatims'] {
  const said = records.flatMap(({ id, occurredAt, text, sentences }) => {
    const ranked = sentences
      .filter(({ topics }) => topic === undefined || topics.some((one) => one.id === topic))
      .map(({ span, sentiment }) => {
        const sentence = text.slice(span.start, span.end);
        const fits = sentence.length >= readable.min && sentence.length <= readable.max;
        return { id, occurredAt, sentence, rank: Number(fits) - sentiment.score };
      })
      .sort((one, other) => other.rank - one.rank);
    return ranked.slice(0, 1);
  });
  const distinct = new Map(said.map((one) => [one.sentence, one]));
  return [...distinct.values()]
    .sort((one, other) => other.rank - one.rank || (one.id < other.id ? -1 : 1))
    .slice(0, most.verbatims)
    .map(({ id, occurredAt, sentence }) => ({ id, occurredAt, sentence }));
}
