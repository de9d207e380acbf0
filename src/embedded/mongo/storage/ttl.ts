import { docOf } from '../bson/doc.ts';
import { MongoFault } from '../errors.ts';
import { compileFilter } from '../query/compile-filter.ts';
import { findRecords } from '../query/find-records.ts';
import type { Store } from './store.ts';
import { WriteUnit } from './write-unit.ts';

/**
 * Deletes the documents whose time is over by a TTL index
 * (https://www.mongodb.com/docs/manual/core/index-ttl/): those with a date (or an array with a date) old enough.
 */
export function deleteExpired(store: Store, now: number): void {
  for (const database of store.databases.values()) {
    for (const collection of database.values()) {
      for (const { spec } of collection.indexes) {
        const [field] = spec.fields;
        if (spec.expireAfterSeconds === undefined || field === undefined) continue;
        const filter = docOf({ [field.path]: docOf({ $lte: new Date(now - spec.expireAfterSeconds * 1000) }) });
        const full = spec.partial === undefined ? filter : docOf({ $and: [filter, spec.partial.filter] });
        const { records } = findRecords(collection, { filter: full, matches: compileFilter(full) });
        const unit = new WriteUnit(store);
        for (const record of records) unit.remove(collection, record);
        try {
          unit.commit();
        } catch (error) {
          // The disk is full: the documents are still there and the next round tries again.
          if (!(error instanceof MongoFault)) throw error;
        }
      }
    }
  }
}
