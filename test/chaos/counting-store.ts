import type { EnrichedRecord } from '../../src/domain/record.ts';
import type { RecordStore } from '../../src/domain/record-store.ts';
import { countsOf } from '../../src/insight/count-feedback.ts';
import { sumCounts } from '../../src/insight/sum-counts.ts';
import type { Database } from '../../src/store/database.ts';
import { hourOf } from '../../src/store/documents.ts';
import { packCounts, unpackCounts } from '../../src/store/packed-counts.ts';
import { createRecordStore } from '../../src/store/records.ts';

/** A store that adds to the roll-ups whatever it saves, instead of marking them to be counted anew. */
export function countingStore(database: Database): RecordStore {
  const store = createRecordStore(database);
  return {
    async save(records) {
      const results = await store.save(records);
      const saved = records.filter((_, index) => results[index] !== 'superseded');
      for (const [hour, ofHour] of byHour(saved)) await addTo(database, hour, ofHour);
      return results;
    },
  };
}

function byHour(records: readonly EnrichedRecord[]): Map<string, EnrichedRecord[]> {
  const hours = new Map<string, EnrichedRecord[]>();
  for (const record of records) {
    const id = `${record.tenant}/${hourOf(new Date(record.occurredAt)).toISOString()}`;
    hours.set(id, [...(hours.get(id) ?? []), record]);
  }
  return hours;
}

/** Counts up under optimistic locking, so that nothing but a repetition makes it wrong. */
async function addTo({ rollups }: Database, _id: string, records: readonly EnrichedRecord[]): Promise<void> {
  for (;;) {
    const before = await rollups.findOne({ _id });
    if (before === null) throw new Error('saving a record marks its hour');
    const { marked } = before;
    const sum = packCounts(sumCounts([unpackCounts(before), ...records.map(countsOf)]));
    const next = { ...sum, marked: marked + 1, computed: marked + 1, stale: false };
    const { matchedCount } = await rollups.updateOne({ _id, marked }, { $set: next });
    if (matchedCount === 1) return;
  }
}
