import { randomUUID } from 'node:crypto';
import { MongoBulkWriteError } from 'mongodb';
import type { ReceivedMessage } from '../domain/message.ts';
import type { Database } from './database.ts';
import type { DeadLetterDocument } from './documents.ts';
import { withMongo } from './mongo-error.ts';

/** What operators decided about dead letters. Letters stay in Kafka; only decisions are kept here. */
export interface DeadLetterDecisions {
  /** The decisions there are about these letters, by `deadLetterKey`. */
  find(keys: readonly string[]): Promise<ReadonlyMap<string, DeadLetterDecision>>;
  /**
   * Takes letters for oneself: those that nobody has decided about, and those whose claim ended without a decision.
   * Of any number of callers at once, one gets a letter.
   */
  claim(keys: readonly string[]): Promise<DeadLetterClaim>;
}

/** A decision as others see it. */
export interface DeadLetterDecision extends Pick<DeadLetterDocument, 'status' | 'by' | 'at'> {
  /** A redrive that was begun and not finished in time: whether it was sent is not known, and it may be claimed. */
  readonly interrupted: boolean;
}

/** Letters that one operator has taken. What is neither settled nor released is free again when the lease ends. */
export interface DeadLetterClaim {
  readonly keys: ReadonlySet<string>;
  /** Whether there is time to act on the letters before others may take them. */
  isFresh(): boolean;
  /** Writes down what became of letters. Returns how many were still this claim's. */
  settle(keys: readonly string[], status: 'redriven' | 'dropped'): Promise<number>;
  /** Gives letters back undecided. */
  release(keys: readonly string[]): Promise<void>;
}

/** How decisions are made. */
export interface DeadLetterDecisionOptions {
  /** `user@host`, for others to see. */
  readonly by: string;
  /** Milliseconds for which a claim keeps others away; 5 minutes when absent. */
  readonly leaseMs?: number;
}

const duplicateKey = 11_000;
const defaultLeaseMs = 300_000;

/** Key of a dead letter's decision. */
export function deadLetterKey({ topic, partition, offset, timestamp }: ReceivedMessage): string {
  return `${topic}/${partition}/${offset}@${timestamp}`;
}

/** Decisions in MongoDB, each a document that only its claim can change. Everything throws DependencyError. */
export function createDeadLetterDecisions(
  database: Database,
  { by, leaseMs = defaultLeaseMs }: DeadLetterDecisionOptions,
): DeadLetterDecisions {
  const { deadLetters } = database;

  async function take(keys: readonly string[], claim: string): Promise<void> {
    const at = await database.now();
    const taken = { status: 'redriving' as const, by, at, claim, leaseUntil: new Date(at.getTime() + leaseMs) };
    try {
      await deadLetters.bulkWrite(
        keys.map((_id) => ({
          updateOne: {
            // A letter in other hands does not match; the insert that follows collides with it and does nothing.
            filter: { _id, status: 'redriving', leaseUntil: { $lte: at } },
            update: { $set: taken },
            upsert: true,
          },
        })),
        { ordered: false },
      );
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError)) throw error;
      if ([error.writeErrors].flat().some(({ code }) => code !== duplicateKey)) throw error;
    }
  }

  return {
    find: (keys) =>
      withMongo(async () => {
        const [now, found] = await Promise.all([
          database.now(),
          deadLetters.find({ _id: { $in: [...keys] } }).toArray(),
        ]);
        return new Map(
          found.map(({ _id, status, by, at, leaseUntil }) => {
            const interrupted = status === 'redriving' && (leaseUntil?.getTime() ?? 0) <= now.getTime();
            return [_id, { status, by, at, interrupted }];
          }),
        );
      }),
    claim: (keys) =>
      withMongo(async () => {
        const claim = randomUUID();
        const begun = performance.now();
        if (keys.length > 0) await take(keys, claim);
        // What was taken is read back: an upsert that the driver repeats after a fault collides with itself.
        const mine = await deadLetters.find({ _id: { $in: [...keys] }, claim }, { projection: { _id: 1 } }).toArray();
        return {
          keys: new Set(mine.map(({ _id }) => _id)),
          isFresh: () => performance.now() - begun < leaseMs / 2,
          settle: (settled, status) =>
            withMongo(async () => {
              const { matchedCount } = await deadLetters.updateMany(
                { _id: { $in: [...settled] }, claim },
                { $set: { status, at: await database.now() }, $unset: { leaseUntil: '' } },
              );
              return matchedCount;
            }),
          release: (released) =>
            withMongo(async () => {
              await deadLetters.deleteMany({ _id: { $in: [...released] }, claim, status: 'redriving' });
            }),
        };
      }),
  };
}
