import { sampleOf, sampleSize } from './customer-sample.ts';
import {
  type ChannelCount,
  type FeedbackCounts,
  type OpinionCount,
  type Stance,
  type StanceVoices,
  stances,
  type TopicCount,
} from './feedback-counts.ts';

/** Adds counts up. Holds the sums only, so that any number of records can go through. */
export interface CountsSum {
  add(counts: FeedbackCounts): void;
  /** Sums of what was added so far, in an order that does not depend on the order of adding. */
  sum(): FeedbackCounts;
}

type Mutable<T> = { -readonly [key in keyof T]: T[key] };
/** Customers in any order, with repetitions. */
type Voices = Mutable<Omit<StanceVoices, 'customers'>> & { customers: number[] };
type TopicSum = Mutable<Omit<TopicCount, 'voices'>> & { readonly voices: Map<Stance, Voices> };

/** Begins with nothing added. */
export function createCountsSum(): CountsSum {
  const feedback = new Map<string, Mutable<ChannelCount>>();
  const topics = new Map<string, TopicSum>();
  const opinions = new Map<string, Mutable<OpinionCount>>();
  return {
    add(counts) {
      for (const count of counts.feedback) addChannel(feedback, count);
      for (const count of counts.topics) addTopic(topics, count);
      for (const count of counts.opinions) addOpinion(opinions, count);
    },
    sum: () => ({
      feedback: ordered(feedback).map((count) => ({ ...count })),
      topics: ordered(topics).map(({ voices, ...count }) => ({
        ...count,
        voices: Object.fromEntries(
          stances.flatMap((stance) => {
            const taken = voices.get(stance);
            return taken === undefined ? [] : [[stance, { ...taken, customers: sampleOf(taken.customers) }]];
          }),
        ),
      })),
      opinions: ordered(opinions).map((count) => ({ ...count })),
    }),
  };
}

/** The sum of some counts. */
export function sumCounts(parts: Iterable<FeedbackCounts>): FeedbackCounts {
  const sum = createCountsSum();
  for (const part of parts) sum.add(part);
  return sum.sum();
}

function ordered<T>(sums: ReadonlyMap<string, T>): T[] {
  return [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, sum]) => sum);
}

function addChannel(sums: Map<string, Mutable<ChannelCount>>, count: ChannelCount): void {
  const sum = sums.get(count.channel);
  if (sum === undefined) sums.set(count.channel, { ...count });
  else {
    sum.feedback += count.feedback;
    addAnswers(sum, count);
  }
}

function addTopic(sums: Map<string, TopicSum>, { voices, ...count }: TopicCount): void {
  const key = `${count.topic}/${count.channel}`;
  const known = sums.get(key);
  const sum = known ?? { ...count, voices: new Map<Stance, Voices>() };
  if (known === undefined) sums.set(key, sum);
  else {
    sum.count += count.count;
    sum.negative += count.negative;
    sum.positive += count.positive;
    sum.mixed += count.mixed;
    sum.requests += count.requests;
    sum.sentimentSum += count.sentimentSum;
  }
  for (const stance of stances) {
    const taken = voices[stance];
    if (taken !== undefined) addVoices(sum.voices, stance, taken);
  }
}

function addVoices(sums: Map<Stance, Voices>, stance: Stance, voices: StanceVoices): void {
  const sum = sums.get(stance);
  if (sum === undefined) sums.set(stance, { ...voices, customers: [...voices.customers] });
  else {
    addAnswers(sum, voices);
    for (const customer of voices.customers) sum.customers.push(customer);
    // What is not among the smallest now never will be.
    if (sum.customers.length > 16 * sampleSize) sum.customers = [...sampleOf(sum.customers)];
  }
}

function addAnswers(
  sum: { promoters: number; passives: number; detractors: number },
  { promoters, passives, detractors }: Readonly<Record<'promoters' | 'passives' | 'detractors', number>>,
): void {
  sum.promoters += promoters;
  sum.passives += passives;
  sum.detractors += detractors;
}

function addOpinion(sums: Map<string, Mutable<OpinionCount>>, count: OpinionCount): void {
  const key = `${count.topic ?? ''}/${count.channel}/${count.key}`;
  const sum = sums.get(key);
  if (sum === undefined) sums.set(key, { ...count });
  else sum.count += count.count;
}
