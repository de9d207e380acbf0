import { Binary, Long } from 'bson';
import { Doc, docOf } from '../bson/doc.ts';
import { wholeNumber } from '../bson/numbers.ts';
import { MongoFault } from '../errors.ts';
import { type Retryable, WriteUnit } from '../storage/write-unit.ts';
import { type CommandContext, flagField, wantsJournal } from './command.ts';

const maxBatch = 100_000;

/** The results of the statements that succeeded, by position, and the reply's fields about the others. */
export interface BatchResult {
  readonly results: ReadonlyMap<number, Doc>;
  readonly fields: { readonly writeErrors?: readonly Doc[]; readonly retriedStmtIds?: readonly number[] };
}

/** Session and number of a retryable write, with what is known of its results; undefined for other writes. */
export function retryableOf(command: Doc, { store }: CommandContext): Retryable | undefined {
  const { txnNumber, lsid } = command;
  if (txnNumber === undefined) return undefined;
  const id = lsid instanceof Doc ? lsid.id : undefined;
  if (!(id instanceof Binary)) throw new MongoFault(72, 'txnNumber may only be provided with a session');
  const number = txnNumber instanceof Long ? txnNumber.toBigInt() : BigInt(wholeNumber(txnNumber) ?? 0);
  return { id, transaction: number, results: store.sessions.results(id, number) };
}

/**
 * Carries out the statements of an insert, update or delete command one after another. A statement that fails becomes a
 * write error; an ordered batch ends there, an unordered one goes on. One whose result a session remembers is not
 * repeated.
 */
export async function writeBatch(
  command: Doc,
  context: CommandContext,
  statements: readonly Doc[],
  write: (statement: Doc, unit: WriteUnit) => Doc,
): Promise<BatchResult> {
  if (statements.length === 0 || statements.length > maxBatch) {
    throw new MongoFault(
      16,
      `Write batch sizes must be between 1 and ${maxBatch}. Got ${statements.length} operations.`,
    );
  }
  const journal = wantsJournal(command);
  const ordered = flagField(command, 'ordered', true);
  const retryable = retryableOf(command, context);
  const unit = new WriteUnit(context.store, retryable);
  const results = new Map<number, Doc>();
  const writeErrors: Doc[] = [];
  const retriedStmtIds: number[] = [];
  for (const [index, statement] of statements.entries()) {
    const id = statementId(command, index);
    const known = retryable?.results.get(id);
    if (known !== undefined) {
      results.set(index, known);
      retriedStmtIds.push(id);
      continue;
    }
    try {
      const result = write(statement, unit);
      unit.remember(id, result);
      results.set(index, result);
      unit.relieve();
    } catch (error) {
      if (!(error instanceof MongoFault) || error.code === 14031) {
        unit.rollback();
        throw error;
      }
      writeErrors.push(docOf({ index, code: error.code, errmsg: error.message, ...error.extra }));
      if (ordered) break;
    }
  }
  unit.commit();
  if (journal) await context.store.sync();
  return {
    results,
    fields: {
      ...(writeErrors.length > 0 ? { writeErrors } : {}),
      ...(retriedStmtIds.length > 0 ? { retriedStmtIds } : {}),
    },
  };
}

function statementId(command: Doc, index: number): number {
  const { stmtIds, stmtId } = command;
  if (Array.isArray(stmtIds)) return wholeNumber(stmtIds[index]) ?? index;
  return (wholeNumber(stmtId) ?? 0) + index;
}
