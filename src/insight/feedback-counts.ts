import type { Channel, TopicId } from '../domain/labels.ts';
import type { CustomerSample } from './customer-sample.ts';
import type { Recommendations } from './nps.ts';

/** What feedback does with a topic: criticise it, praise it, or ask for something about it. */
export const stances = ['criticism', 'praise', 'request'] as const;
export type Stance = (typeof stances)[number];

/** Who takes a stance on a topic, and how they answer the recommendation question. */
export interface StanceVoices extends Recommendations {
  readonly customers: CustomerSample;
}

/** How often a topic was spoken of in a channel, in records; a record counts once however often it mentions it. */
export interface TopicCount {
  readonly topic: TopicId;
  readonly channel: Channel;
  readonly count: number;
  /** Records that criticise the topic, praising it besides or not. */
  readonly negative: number;
  /** Records that praise the topic, criticising it besides or not. */
  readonly positive: number;
  /** Records that do both; they are in `negative` and in `positive` too. */
  readonly mixed: number;
  /** Records with a sentence that requests or suggests something about the topic. */
  readonly requests: number;
  /** Sum over the records of the sentiment score, each from -1 to 1. */
  readonly sentimentSum: number;
  /** Stances that nobody takes are missing. */
  readonly voices: Readonly<Partial<Record<Stance, StanceVoices>>>;
}

/** All records of a channel, whatever they are about, and their answers to the recommendation question. */
export interface ChannelCount extends Recommendations {
  readonly channel: Channel;
  readonly feedback: number;
}

/** How many records hold an opinion, by its key, in a channel. */
export interface OpinionCount {
  readonly key: string;
  /** What the sentence is about in which it was found; absent where that is nothing of the taxonomy. */
  readonly topic?: TopicId;
  readonly channel: Channel;
  readonly count: number;
}

/** Everything that is counted of some records. Counts of parts that share no record add up. */
export interface FeedbackCounts {
  readonly feedback: readonly ChannelCount[];
  readonly topics: readonly TopicCount[];
  readonly opinions: readonly OpinionCount[];
}

/** Records that take a stance on a topic. */
export function voicesOf({ negative, positive, requests }: TopicCount, stance: Stance): number {
  return { criticism: negative, praise: positive, request: requests }[stance];
}
