import { type AnyBulkWriteOperation, MongoBulkWriteError } from 'mongodb';
import type { OtherTurn, TurnStore } from '../domain/turn.ts';
import type { Turn } from '../insight/conversation.ts';
import type { Database } from './database.ts';
import { withMongo } from './mongo-error.ts';

/** An agent's or a bot's turn as MongoDB holds it. */
export interface TurnDocument extends Omit<OtherTurn, 'occurredAt' | 'receivedAt'> {
  /** `tenant/id`; a tenant holds no slash. */
  readonly _id: string;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
}

const duplicateKey = 11_000;
/** More turns of one conversation are not read: no conversation has as many. */
export const mostTurns = 10_000;

/**
 * A store of turns over MongoDB: each write replaces only what is not newer, so that it may be repeated and come late
 * or out of order.
 */
export function createTurnStore({ turns }: Pick<Database, 'turns'>): TurnStore {
  return {
    keep: (given) =>
      withMongo(async () => {
        if (given.length === 0) return;
        try {
          await turns.bulkWrite(given.map(toOperation), { ordered: true });
        } catch (error) {
          if (!(error instanceof MongoBulkWriteError) || error.code !== duplicateKey) throw error;
          // The collision ended the batch at a turn of which something newer is stored; the others are still to come.
          for (const turn of given) await keepOne(turns, turn);
        }
      }),
  };
}

async function keepOne(turns: Database['turns'], turn: OtherTurn): Promise<void> {
  try {
    await turns.bulkWrite([toOperation(turn)]);
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError) || error.code !== duplicateKey) throw error;
  }
}

function toOperation({ occurredAt, receivedAt, ...rest }: OtherTurn): AnyBulkWriteOperation<TurnDocument> {
  const _id = `${rest.tenant}/${rest.id}`;
  const { revision } = rest;
  const replacement = { ...rest, occurredAt: new Date(occurredAt), receivedAt: new Date(receivedAt) };
  const notNewer = [
    { revision: { $lt: revision } },
    { revision, occurredAt: { $lt: replacement.occurredAt } },
    { revision, occurredAt: replacement.occurredAt, receivedAt: { $lte: replacement.receivedAt } },
  ];
  // With upsert, a filter that does not match because something newer is there collides with it.
  return { replaceOne: { filter: { _id, $or: notNewer }, replacement, upsert: true } };
}

/**
 * The turns of one conversation, customers' and others', in no order.
 *
 * @throws DependencyError
 */
export function readTurns(database: Database, tenant: string, conversation: string): Promise<Turn[]> {
  return withMongo(async () => {
    const said = await database.records
      .find({ tenant, 'conversation.id': conversation })
      .project<CustomerTurn>({
        _id: 0,
        id: 1,
        revision: 1,
        occurredAt: 1,
        'conversation.turn': 1,
        'sentiment.score': 1,
      })
      .limit(mostTurns)
      .toArray();
    const others = await database.turns.find({ tenant, conversation }).limit(mostTurns).toArray();
    return [...said.map(toCustomerTurn), ...others.map(toOtherTurn)];
  });
}

interface CustomerTurn {
  readonly id: string;
  readonly revision: number;
  readonly occurredAt: Date;
  readonly conversation?: { readonly turn?: number };
  readonly sentiment?: { readonly score: number };
}

function toCustomerTurn({ id, revision, occurredAt, conversation, sentiment }: CustomerTurn): Turn {
  return {
    ...{ id, revision, author: 'customer' },
    at: occurredAt.getTime(),
    turn: conversation?.turn,
    score: sentiment?.score,
  };
}

function toOtherTurn({ id, revision, author, occurredAt, turn }: TurnDocument): Turn {
  return { id, revision, author, at: occurredAt.getTime(), turn };
}
