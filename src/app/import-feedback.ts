import type { Settings } from '../config/settings.ts';
import type { Feedback } from '../domain/feedback.ts';
import type { ReadRow, RowProblem } from '../import/row-feedback.ts';
import type { SourceRow } from '../import/source-row.ts';
import { readFeedback } from '../pipeline/decode.ts';
import { guard } from '../pipeline/guard.ts';

/** A row that is not sent, and why. */
export interface RefusedRow {
  readonly row: SourceRow;
  readonly problems: readonly RowProblem[];
}

/** What an import works with. */
export interface ImportParts {
  readonly settings: Settings;
  readonly rows: AsyncIterable<SourceRow>;
  /** Reads rows in the order of the file. */
  readonly read: (row: SourceRow) => ReadRow;
  /** Resolves when every piece is acknowledged. */
  readonly send: (feedback: readonly Feedback[]) => Promise<void>;
  /** Rows below this one are read, so that ids come out the same, and not sent. */
  readonly fromRow: number;
  /** Ends the work after the rows in hand. */
  readonly signal: AbortSignal;
}

/** How far an import is, after every batch. */
export interface ImportProgress {
  readonly sent: number;
  readonly refused: number;
  /** Rows of the latest batch that are not sent. */
  readonly refusals: readonly RefusedRow[];
  /** The row to go on from; undefined when all are done. */
  readonly next?: number;
}

const rowsAtOnce = 500;

/**
 * Sends rows as raw feedback, each checked as a worker would check it; those that a worker would refuse are handed back.
 * Sending a row again changes nothing.
 *
 * @throws DependencyError; everything up to the last progress is sent
 */
export async function* importFeedback(parts: ImportParts): AsyncGenerator<ImportProgress> {
  const { settings, rows, read, send, fromRow, signal } = parts;
  let accepted: Feedback[] = [];
  let refusals: RefusedRow[] = [];
  let sent = 0;
  let refused = 0;
  const finishBatch = async (next?: number): Promise<ImportProgress> => {
    await send(accepted);
    sent += accepted.length;
    refused += refusals.length;
    const progress = { sent, refused, refusals, ...(next !== undefined && { next }) };
    [accepted, refusals] = [[], []];
    return progress;
  };
  for await (const row of rows) {
    if (accepted.length + refusals.length === rowsAtOnce || signal.aborted) yield await finishBatch(row.number);
    if (signal.aborted) return;
    const outcome = read(row);
    if (row.number < fromRow) continue;
    const checked = 'problems' in outcome ? outcome : check(outcome.feedback, settings);
    if ('problems' in checked) refusals.push({ row, problems: checked.problems });
    else accepted.push(checked.feedback);
  }
  yield await finishBatch();
}

function check(
  raw: Record<string, unknown>,
  settings: Settings,
): { readonly feedback: Feedback } | { readonly problems: readonly RowProblem[] } {
  const decoded = readFeedback(raw, { strictFields: true });
  if (decoded.kind === 'dead-letter') return { problems: decoded.detail.split('; ').map(toProblem) };
  if (decoded.kind === 'drop') throw new Error('reading feedback drops nothing');
  const { feedback } = decoded.value;
  const guarded = guard(feedback, { now: Date.now(), maxTextLength: settings.KOE_MAX_TEXT_LENGTH });
  // Agents' turns are part of a conversation: the worker decides what becomes of them.
  if (guarded.kind !== 'dead-letter') return { feedback };
  const field = guarded.code.startsWith('KOE_TEXT') ? 'text' : 'occurredAt';
  return { problems: [{ field, reason: `${guarded.code}: ${guarded.detail}` }] };
}

/** `rating.value: must …` → the field `rating.value`. */
function toProblem(detail: string): RowProblem {
  const colon = detail.indexOf(': ');
  return colon < 0
    ? { field: 'row', reason: detail }
    : { field: detail.slice(0, colon), reason: detail.slice(colon + 2) };
}
