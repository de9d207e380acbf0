import type { Opinion, SentenceAnalysis } from '../domain/analysis.ts';
import type { IntentId, Polarity, TopicId } from '../domain/labels.ts';
import type { EnrichedRecord } from '../domain/record.ts';
import { customerHash } from './customer-sample.ts';
import type { FeedbackCounts, OpinionCount, Stance, StanceVoices, TopicCount } from './feedback-counts.ts';
import { type Recommendations, recommendationOf } from './nps.ts';

/** What of a record is counted. */
export type CountedRecord = Pick<EnrichedRecord, 'channel' | 'topics' | 'sentences' | 'opinions'> &
  Partial<Pick<EnrichedRecord, 'customer' | 'sentiment' | 'survey'>>;

const nobody: Recommendations = { promoters: 0, passives: 0, detractors: 0 };

/** The counts of one record. */
export function countsOf(record: CountedRecord): FeedbackCounts {
  const { channel, customer, sentiment } = record;
  const answer = recommendationIn(record.survey);
  const answers = answer === undefined ? nobody : { ...nobody, [recommendationOf(answer)]: 1 };
  const voices: StanceVoices = { ...answers, customers: customer === undefined ? [] : [customerHash(customer)] };
  const topics = [...new Set(record.topics.map(({ id }) => id))].map((topic): TopicCount => {
    const taken = new Set(stancesOn(record, topic));
    const [negative, positive] = [Number(taken.has('criticism')), Number(taken.has('praise'))];
    return {
      topic,
      channel,
      count: 1,
      negative,
      positive,
      mixed: negative * positive,
      requests: Number(taken.has('request')),
      sentimentSum: sentiment?.score ?? 0,
      voices: Object.fromEntries([...taken].map((stance) => [stance, voices])),
    };
  });
  return { feedback: [{ channel, feedback: 1, ...answers }], topics, opinions: opinionsOf(record) };
}

/** The answer to the recommendation question, which is defined on 0 to 10 only. */
export function recommendationIn(survey: EnrichedRecord['survey']): number | undefined {
  return survey?.metric === 'nps' && survey.min === 0 && survey.max === 10 ? survey.score : undefined;
}

function stancesOn({ topics, sentences }: Pick<CountedRecord, 'topics' | 'sentences'>, topic: TopicId): Stance[] {
  const spoken = (polarity: Polarity) =>
    topics.some((mention) => mention.id === topic && mention.polarity === polarity);
  return [
    ...(spoken('negative') ? (['criticism'] as const) : []),
    ...(spoken('positive') ? (['praise'] as const) : []),
    ...(sentences.some((sentence) => takesStance(sentence, topic, 'request')) ? (['request'] as const) : []),
  ];
}

const asking: readonly IntentId[] = ['request', 'suggestion'];

/** Whether a sentence takes a stance on a topic. */
export function takesStance({ topics, intents }: SentenceAnalysis, topic: TopicId, stance: Stance): boolean {
  const about = topics.filter(({ id }) => id === topic);
  if (stance === 'request') return about.length > 0 && intents.some(({ id }) => asking.includes(id));
  return about.some(({ polarity }) => polarity === (stance === 'criticism' ? 'negative' : 'positive'));
}

/** Each opinion of a record once. Records from before opinions were read have none. */
function opinionsOf({ channel, sentences, opinions }: CountedRecord): OpinionCount[] {
  const found = new Map<string, OpinionCount>();
  for (const opinion of opinions ?? []) {
    const topic = topicOf(opinion, sentences);
    if (!found.has(opinion.key)) {
      found.set(opinion.key, { key: opinion.key, channel, count: 1, ...(topic !== undefined && { topic }) });
    }
  }
  return [...found.values()];
}

/** The surest topic of the sentence around an opinion; one that is spoken of with the same polarity goes first. */
function topicOf({ expression, polarity }: Opinion, sentences: readonly SentenceAnalysis[]): TopicId | undefined {
  const around = sentences.find(({ span }) => span.start <= expression.span.start && expression.span.start < span.end);
  const ranked = [...(around?.topics ?? [])].sort(
    (one, other) =>
      Number(other.polarity === polarity) - Number(one.polarity === polarity) || other.confidence - one.confidence,
  );
  return ranked[0]?.id;
}
