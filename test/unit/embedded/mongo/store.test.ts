import { Binary } from 'bson';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { docOf } from '../../../../src/embedded/mongo/bson/doc.ts';
import { Store } from '../../../../src/embedded/mongo/storage/store.ts';
import { WriteUnit } from '../../../../src/embedded/mongo/storage/write-unit.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { plain } from './golden.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder.remove());

/** Adds documents with a retryable write of session `id`. */
function insert(store: Store, id: Binary, transaction: bigint, ...ids: readonly number[]): void {
  const collection = store.require('t', 'items');
  const results = store.sessions.results(id, transaction);
  const unit = new WriteUnit(store, { id, transaction, results });
  for (const _id of ids) {
    unit.insert(collection, docOf({ _id, text: `document ${_id}` }));
    unit.remember(_id, docOf({ n: 1 }));
  }
  unit.commit();
}

it('keeps documents, indexes, sessions and changes over a compaction with writes during it, and a restart', async () => {
  const session = new Binary(Buffer.alloc(16, 7), 4);
  const store = new Store(folder.path);
  insert(store, session, 1n, 1, 2);
  const middle = store.now;
  store.define(
    docOf({ op: 'index', ns: 't.items', o: docOf({ key: docOf({ text: 1 }), name: 'byText', unique: true }) }),
  );
  const compaction = store.compact();
  insert(store, session, 2n, 3);
  await compaction;
  insert(store, session, 2n, 4);
  const { now, identity } = store;
  await store.close();

  const again = new Store(folder.path);
  const items = again.find('t', 'items');
  expect([...(items?.records.values() ?? [])].map(({ doc }) => plain(doc))).toEqual(
    [1, 2, 3, 4].map((_id) => ({ _id, text: `document ${_id}` })),
  );
  expect(items?.indexes.map(({ spec }) => spec.name)).toEqual(['_id_', 'byText']);
  expect([...again.sessions.results(session, 2n).keys()]).toEqual([3, 4]);
  expect(() => again.sessions.results(session, 1n)).toThrow('prohibited');
  expect(again.oplog.after(middle)?.map(({ id }) => id)).toEqual([3, 4]);
  expect(again.oplog.after({ t: 0, i: 0 })?.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  expect({ now: again.now, identity: again.identity }).toEqual({ now, identity });
  await again.close();
});
