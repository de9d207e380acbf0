import { randomUUID } from 'node:crypto';
import type { Settings } from '../config/settings.ts';
import type { RecordPublisher } from '../domain/record-store.ts';
import type { PseudonymKeys } from '../pipeline/pseudonym.ts';
import type { Database } from '../store/database.ts';
import { fromDocument, type RecordDocument } from '../store/documents.ts';
import { readRecordPage } from '../store/record-pages.ts';
import { customerRenamings, type RenamedKind, type RenamedPage, type RenamingPage } from '../store/rename-customers.ts';
import { finishRewrites, type Rewrite, rewriteRecords } from '../store/rewrite.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createPace } from './pace.ts';
import { retryPolicy, untilAvailable } from './until-available.ts';

/** How fast, and whether to write. */
export interface RekeyOptions {
  /** Write and publish; otherwise only count. */
  readonly apply: boolean;
  /** Records a second at most. */
  readonly perSecond?: number | undefined;
  /** Ends the work after the records in hand. */
  readonly signal: AbortSignal;
}

/** How far it is with one kind of documents; numbers of them. */
export interface RekeyCounts {
  /** Under an earlier key: renewed, or to be renewed. */
  readonly earlier: number;
  /** Under a key that is not configured, or in clear: left as they are. */
  readonly foreign: number;
  /** Replaced by somebody else meanwhile, who may have known earlier keys only. */
  readonly overtaken: number;
}

/** How far it is. */
export interface RekeyProgress extends Readonly<Record<'records' | RenamedKind, RekeyCounts>> {
  readonly finished: boolean;
}

/** What it works with. */
export interface RekeyParts {
  readonly settings: Settings;
  readonly database: Database;
  readonly keys: PseudonymKeys;
  readonly publisher: RecordPublisher;
  readonly logger: Logger;
}

const mostAtOnce = 128;

/**
 * Brings the customers of everything that is stored under the newest key, so that a customer from before and after a
 * rotation is one: records, then events, churn risks and what alerts say. Yields after every page; repeating it changes
 * nothing more.
 *
 * @throws DependencyError or OutageError; everything up to the last progress is done
 */
export async function* rekey(options: RekeyOptions, parts: RekeyParts): AsyncGenerator<RekeyProgress> {
  const { settings, database, keys, logger } = parts;
  const { apply, perSecond, signal } = options;
  const available = <T>(work: () => Promise<T>) => untilAvailable(work, retryPolicy(settings), logger);
  const pace = createPace(perSecond, signal);
  const limit = Math.min(mostAtOnce, perSecond ?? Number.POSITIVE_INFINITY);
  const counts = { records: none, events: none, risks: none, changes: none, alerts: none, deliveries: none };
  if (apply) await available(() => finishRewrites(database, parts.publisher));
  const kinds = ['records', ...renamedKinds] as const;
  for (const kind of kinds) {
    const renew = keys.renew.bind(keys);
    let after: string | undefined;
    let isLast = false;
    while (!isLast && !signal.aborted) {
      const asked = { renew, apply, after, limit };
      const page =
        kind === 'records'
          ? await rekeyRecords(asked, parts, available)
          : await available(() => customerRenamings[kind](database, asked));
      after = page.last ?? after;
      isLast = page.read < limit;
      counts[kind] = sumOf(counts[kind], page);
      yield { ...counts, finished: isLast && kind === kinds.at(-1) };
      await pace(page.earlier);
    }
    if (signal.aborted) return;
  }
}

const none: RekeyCounts = { earlier: 0, foreign: 0, overtaken: 0 };
const renamedKinds = Object.keys(customerRenamings) as RenamedKind[];

function sumOf(one: RekeyCounts, other: RekeyCounts): RekeyCounts {
  return {
    earlier: one.earlier + other.earlier,
    foreign: one.foreign + other.foreign,
    overtaken: one.overtaken + other.overtaken,
  };
}

/** Records are found by their customers' names, rewritten under a note of what is in hand, and published again. */
async function rekeyRecords(
  { apply, after, limit }: RenamingPage,
  { database, keys, publisher }: RekeyParts,
  available: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<RenamedPage> {
  const page = await available(() => readRecordPage(database, { customerOtherThan: keys.prefix }, { after, limit }));
  const rewrites = page.flatMap((stored) => renewed(stored, keys));
  const id = randomUUID();
  const replaced = apply ? await available(() => rewriteRecords(database, publisher, id, rewrites)) : [];
  return {
    read: page.length,
    earlier: rewrites.length,
    foreign: page.length - rewrites.length,
    overtaken: replaced.filter((done) => !done).length,
    last: page.at(-1)?._id,
  };
}

function renewed(stored: RecordDocument, keys: PseudonymKeys): Rewrite[] {
  const found = keys.renew(stored.tenant, stored.customer ?? '');
  if (typeof found === 'string') return [];
  return [{ stored, record: { ...fromDocument(stored), customer: found.pseudonym } }];
}
