import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Settings } from '../config/settings.ts';
import { type TextAnalyzer, versionsWith } from '../domain/analysis.ts';
import type { TenantDictionary } from '../domain/dictionary.ts';
import type { RecordPublisher } from '../domain/record-store.ts';
import { createLabelTally, type LabelReport, labelChange } from '../insight/label-diff.ts';
import { reanalyzedRecord } from '../pipeline/record.ts';
import type { Competitors } from '../pipeline/record-flags.ts';
import type { Database } from '../store/database.ts';
import { readDictionary } from '../store/dictionaries.ts';
import { fromDocument, type RecordDocument } from '../store/documents.ts';
import { type RecordFilter, readRecordPage } from '../store/record-pages.ts';
import { finishRewrites, type Rewrite, rewriteRecords } from '../store/rewrite.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createPace } from './pace.ts';
import { openTriagePolicy } from './triage-policy.ts';
import { retryPolicy, untilAvailable } from './until-available.ts';

/** Which records to analyse anew, how fast, and whether to keep the result. */
export interface ReenrichOptions {
  readonly filter: RecordFilter;
  /** Write and publish; otherwise only report. */
  readonly apply: boolean;
  /** Key of the last record that is done. */
  readonly after?: string | undefined;
  /** Records at most. */
  readonly limit?: number | undefined;
  /** Records a second at most. */
  readonly perSecond?: number | undefined;
  /** Ends the work after the records in hand. */
  readonly signal: AbortSignal;
}

/** How far it is. */
export interface ReenrichProgress {
  readonly report: LabelReport;
  /** Records written. */
  readonly written: number;
  /** Records that somebody else replaced meanwhile; theirs stays. */
  readonly overtaken: number;
  /** Keys of the latest texts that could not be analysed; their records stay as they are. */
  readonly failed: readonly string[];
  /** Key of the last record that is done. */
  readonly after: string | undefined;
  /** Whether every record of the filter is done. */
  readonly finished: boolean;
}

/** What it works with. */
export interface ReenrichParts {
  readonly settings: Settings;
  readonly database: Database;
  readonly analyzer: TextAnalyzer;
  readonly publisher: RecordPublisher;
  readonly logger: Logger;
}

const mostAtOnce = 128;

/**
 * Analyses stored records again with the current versions, in the order of their keys, and sums up how their labels
 * change. Yields after every page. With `apply` a record is replaced if it is still the one that was read; a newer
 * revision that arrives meanwhile stays.
 *
 * @throws DependencyError or OutageError; everything up to the last progress is done
 */
export async function* reenrich(options: ReenrichOptions, parts: ReenrichParts): AsyncGenerator<ReenrichProgress> {
  const { settings, database, analyzer, publisher, logger } = parts;
  const { filter, apply, perSecond, signal } = options;
  const { competitors } = openTriagePolicy(settings);
  const available = <T>(work: () => Promise<T>) => untilAvailable(work, retryPolicy(settings), logger);
  const tally = createLabelTally();
  const pace = createPace(perSecond, signal);
  const atOnce = Math.min(mostAtOnce, perSecond ?? Number.POSITIVE_INFINITY);
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  let after = options.after;
  let written = 0;
  let overtaken = 0;
  if (apply) await available(() => finishRewrites(database, publisher));
  while (!signal.aborted) {
    const limit = Math.min(atOnce, left);
    const page = await available(() => readRecordPage(database, filter, { after, limit }));
    await pace(page.length);
    if (signal.aborted) return;
    const dictionaries = await available(() => readDictionaries(database, page));
    const { rewrites, failed } = await analyzed(page, analyzer, dictionaries, competitors);
    for (const { stored, record } of rewrites) tally.add(stored._id, labelChange(stored, record));
    if (apply) {
      const different = rewrites.filter(({ stored, record }) => !isDeepStrictEqual(fromDocument(stored), record));
      const id = randomUUID();
      const replaced = await available(() => rewriteRecords(database, publisher, id, different));
      written += replaced.filter(Boolean).length;
      overtaken += replaced.filter((done) => !done).length;
    }
    left -= page.length;
    after = page.at(-1)?._id ?? after;
    const finished = page.length < limit || left === 0;
    yield { report: tally.report(), written, overtaken, failed, after, finished };
    if (finished) return;
  }
}

/** The dictionaries in use of the tenants of a page, for each record that of its tenant. */
async function readDictionaries(
  database: Database,
  page: readonly RecordDocument[],
): Promise<readonly (TenantDictionary | undefined)[]> {
  const byTenant = new Map<string, TenantDictionary | undefined>();
  for (const { tenant } of page) {
    if (!byTenant.has(tenant)) byTenant.set(tenant, await readDictionary(database, tenant));
  }
  return page.map(({ tenant }) => byTenant.get(tenant));
}

async function analyzed(
  page: readonly RecordDocument[],
  analyzer: TextAnalyzer,
  dictionaries: readonly (TenantDictionary | undefined)[],
  competitors: Competitors,
): Promise<{ rewrites: Rewrite[]; failed: string[] }> {
  const texts = page.map(({ text, title }, index) => ({ text, title, dictionary: dictionaries[index] }));
  const analyses = page.length === 0 ? [] : await analyzer.analyze(texts);
  const rewrites: Rewrite[] = [];
  const failed: string[] = [];
  for (const [index, stored] of page.entries()) {
    const analysis = analyses[index];
    if (analysis === undefined) throw new Error('the analyzer returned too few texts');
    if ('failure' in analysis) failed.push(stored._id);
    else {
      const versions = versionsWith(analyzer.versions, dictionaries[index]);
      rewrites.push({ stored, record: reanalyzedRecord(fromDocument(stored), analysis, versions, competitors) });
    }
  }
  return { rewrites, failed };
}
