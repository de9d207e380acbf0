import { randomUUID } from 'node:crypto';
import type { Settings } from '../config/settings.ts';
import type { RecordPublisher } from '../domain/record-store.ts';
import type { PseudonymKeys } from '../pipeline/pseudonym.ts';
import type { Database } from '../store/database.ts';
import { fromDocument, type RecordDocument } from '../store/documents.ts';
import { readRecordPage } from '../store/record-pages.ts';
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

/** How far it is; numbers of records. */
export interface RekeyProgress {
  /** Under an earlier key: renewed, or to be renewed. */
  readonly earlier: number;
  /** Under a key that is not configured, or in clear: left as they are. */
  readonly foreign: number;
  /** Replaced by somebody else meanwhile, who may have known earlier keys only. */
  readonly overtaken: number;
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
 * Brings the customers of stored records under the newest key, so that a customer from before and after a rotation
 * is one. Yields after every page; repeating it changes nothing more.
 *
 * @throws DependencyError or OutageError; everything up to the last progress is done
 */
export async function* rekey(options: RekeyOptions, parts: RekeyParts): AsyncGenerator<RekeyProgress> {
  const { settings, database, keys, publisher, logger } = parts;
  const { apply, perSecond, signal } = options;
  const available = <T>(work: () => Promise<T>) => untilAvailable(work, retryPolicy(settings), logger);
  const pace = createPace(perSecond, signal);
  const limit = Math.min(mostAtOnce, perSecond ?? Number.POSITIVE_INFINITY);
  let after: string | undefined;
  let earlier = 0;
  let foreign = 0;
  let overtaken = 0;
  if (apply) await available(() => finishRewrites(database, publisher));
  while (!signal.aborted) {
    const page = await available(() => readRecordPage(database, { customerOtherThan: keys.prefix }, { after, limit }));
    await pace(page.length);
    if (signal.aborted) return;
    const rewrites = page.flatMap((stored) => renewed(stored, keys));
    if (apply) {
      const id = randomUUID();
      const replaced = await available(() => rewriteRecords(database, publisher, id, rewrites));
      overtaken += replaced.filter((done) => !done).length;
    }
    earlier += rewrites.length;
    foreign += page.length - rewrites.length;
    after = page.at(-1)?._id ?? after;
    const finished = page.length < limit;
    yield { earlier, foreign, overtaken, finished };
    if (finished) return;
  }
}

function renewed(stored: RecordDocument, keys: PseudonymKeys): Rewrite[] {
  const found = keys.renew(stored.tenant, stored.customer ?? '');
  if (typeof found === 'string') return [];
  return [{ stored, record: { ...fromDocument(stored), customer: found.pseudonym } }];
}
