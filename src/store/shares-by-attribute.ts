import type { TopicId } from '../domain/labels.ts';
import { type CountedRecord, countsOf } from '../insight/count-feedback.ts';
import { type Stance, type TopicCount, voicesOf } from '../insight/feedback-counts.ts';
import { type VoiceShare, voiceShare } from '../insight/voice-points.ts';
import type { Database } from './database.ts';
import type { RecordDocument } from './documents.ts';
import { countedFields } from './feedback-counts-query.ts';
import { type FeedbackFilter, matching } from './feedback-filter.ts';

/** Share of a stance among the feedback that has one value of an attribute. */
export interface AttributeShare extends VoiceShare {
  readonly value: string;
}

const valuesShown = 10;

/** Shares of a stance by value of an attribute, for each topic; the ten values with the most voices. */
export async function sharesByAttribute(
  { records }: Pick<Database, 'records'>,
  filter: FeedbackFilter,
  stance: Stance,
  attribute: string,
): Promise<Map<TopicId, AttributeShare[]>> {
  const field = `attributes.${attribute}`;
  const found = records
    .find({ ...matching(filter), [field]: { $exists: true } })
    .project<CountedRecord & Pick<RecordDocument, 'attributes'>>({ ...countedFields, [field]: 1 });
  const sums = new Map<TopicId, Map<string, { count: number; voices: number }>>();
  for await (const record of found) {
    const value = String(record.attributes?.[attribute]);
    for (const row of countsOf(record).topics) addRow(sums, row, value, voicesOf(row, stance));
  }
  return new Map([...sums].map(([topic, values]) => [topic, mostVoices(values)]));
}

function addRow(
  sums: Map<TopicId, Map<string, { count: number; voices: number }>>,
  { topic }: Pick<TopicCount, 'topic'>,
  value: string,
  voices: number,
): void {
  const values = sums.get(topic) ?? new Map<string, { count: number; voices: number }>();
  sums.set(topic, values);
  const sum = values.get(value) ?? { count: 0, voices: 0 };
  values.set(value, { count: sum.count + 1, voices: sum.voices + voices });
}

function mostVoices(values: ReadonlyMap<string, { count: number; voices: number }>): AttributeShare[] {
  return [...values]
    .map(([value, sum]) => ({ value, ...voiceShare(sum) }))
    .sort((one, other) => other.voices - one.voices || other.count - one.count || (one.value < other.value ? -1 : 1))
    .slice(0, valuesShown);
}
