import type { Headers } from './message.ts';
import type { EnrichedRecord } from './record.ts';

/**
 * What saving a record did: `created`, `repeated` (the same again), `revised` (another text or time under the same
 * id), `superseded` (a newer one is stored), or `too-large` for the store; the last two write nothing.
 */
export type SaveResult = 'created' | 'repeated' | 'revised' | 'superseded' | 'too-large';

/** Keeps records by tenant and id. The newest wins: by revision, then occurredAt, then receivedAt. */
export interface RecordStore {
  /** Saves records, one result each in the same order. Saving again changes nothing. Throws DependencyError. */
  save(records: readonly EnrichedRecord[]): Promise<readonly SaveResult[]>;
}

/** Tells the world about stored records. */
export interface RecordPublisher {
  /**
   * Resolves when all are acknowledged, with those that are too large for the topic and were not sent; throws
   * DependencyError.
   *
   * @param headers for each record at the same place what its message passes on; nothing where there is none
   */
  publish(records: readonly EnrichedRecord[], headers?: readonly Headers[]): Promise<readonly EnrichedRecord[]>;
}
