import { Binary } from 'mongodb';
import type { Channel, TopicId } from '../domain/labels.ts';
import {
  type ChannelCount,
  type FeedbackCounts,
  type OpinionCount,
  type StanceVoices,
  stances,
  type TopicCount,
} from '../insight/feedback-counts.ts';

// A busy hour has hundreds of opinions and customers. As documents and numbers of their own they are most of what a
// question about a long period reads; packed they take a quarter of the bytes and a fraction of the time.

/** Voices with the sample of customers as 32-bit numbers, smallest first, little-endian. */
type PackedVoices = Omit<StanceVoices, 'customers'> & { readonly customers: Binary };

/** A topic's counts as they are stored. */
export type PackedTopicCount = Omit<TopicCount, 'voices'> & {
  readonly voices: Readonly<Partial<Record<(typeof stances)[number], PackedVoices>>>;
};

/** Opinions of one topic and channel: count number n is of key number n. */
export interface PackedOpinions {
  readonly topic?: TopicId;
  readonly channel: Channel;
  readonly keys: readonly string[];
  readonly counts: readonly number[];
}

/** Counts as roll-ups store them. */
export interface PackedCounts {
  readonly rows: readonly PackedTopicCount[];
  readonly feedback: readonly ChannelCount[];
  readonly opinions: readonly PackedOpinions[];
}

/** What a roll-up may hold: earlier versions stored everything as it is counted, the first of them without voices. */
export interface StoredCounts {
  readonly rows?: readonly (PackedTopicCount | TopicCount)[];
  readonly feedback?: readonly ChannelCount[];
  readonly opinions?: readonly (PackedOpinions | OpinionCount)[];
}

/** Counts in the form in which they are stored. */
export function packCounts({ topics, feedback, opinions }: FeedbackCounts): PackedCounts {
  const groups = new Map<string, PackedOpinions & { readonly keys: string[]; readonly counts: number[] }>();
  for (const { key, topic, channel, count } of opinions) {
    const name = `${topic ?? ''}/${channel}`;
    const group = groups.get(name) ?? { ...(topic !== undefined && { topic }), channel, keys: [], counts: [] };
    groups.set(name, group);
    group.keys.push(key);
    group.counts.push(count);
  }
  return {
    rows: topics.map((row) => ({ ...row, voices: mapVoices(row.voices, packHashes) })),
    feedback,
    opinions: [...groups.values()],
  };
}

/** Counts that were stored, whatever version stored them. */
export function unpackCounts({ rows = [], feedback = [], opinions = [] }: StoredCounts): FeedbackCounts {
  return {
    feedback,
    topics: rows.map((row) => ({
      ...row,
      requests: row.requests ?? 0,
      voices: mapVoices(row.voices ?? {}, unpackHashes),
    })),
    opinions: opinions.flatMap((stored): readonly OpinionCount[] => {
      if ('key' in stored) return [stored];
      const { topic, channel, keys, counts } = stored;
      return keys.map((key, at): OpinionCount => {
        const count = counts[at] ?? 0;
        return topic === undefined ? { key, channel, count } : { key, topic, channel, count };
      });
    }),
  };
}

type Voiced<Customers> = Omit<StanceVoices, 'customers'> & { readonly customers: Customers };

function mapVoices<From, To>(
  voices: Readonly<Partial<Record<(typeof stances)[number], Voiced<From>>>>,
  change: (customers: From) => To,
): Partial<Record<(typeof stances)[number], Voiced<To>>> {
  return Object.fromEntries(
    stances.flatMap((stance) => {
      const taken = voices[stance];
      return taken === undefined ? [] : [[stance, { ...taken, customers: change(taken.customers) }]];
    }),
  );
}

function packHashes(hashes: readonly number[]): Binary {
  const bytes = Buffer.alloc(4 * hashes.length);
  for (const [at, hash] of hashes.entries()) bytes.writeUInt32LE(hash, 4 * at);
  return new Binary(bytes);
}

function unpackHashes(stored: Binary | readonly number[]): readonly number[] {
  if (!(stored instanceof Binary)) return stored;
  const { buffer, byteOffset, byteLength } = stored.value();
  const bytes = new DataView(buffer, byteOffset, byteLength);
  return Array.from({ length: byteLength / 4 }, (_, at) => bytes.getUint32(4 * at, true));
}
