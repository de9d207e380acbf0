import { beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { fromDocument } from '../../../src/store/documents.ts';
import { unpackCounts } from '../../../src/store/packed-counts.ts';
import { createRecordStore } from '../../../src/store/records.ts';
import { countStaleRollups, refreshRollups, verifyRollups } from '../../../src/store/rollups.ts';
import { queryVoices } from '../../../src/store/voice-query.ts';
import { startTestDatabases } from '../../support/databases.ts';
import { enrichedRecord, topic } from '../../support/records.ts';

let database: Database;
let uri: string;
startTestDatabases((opened, server) => {
  [database, uri] = [opened, server];
});

async function stored() {
  return (await database.records.find().sort({ _id: 1 }).toArray()).map(fromDocument);
}

async function refreshAll() {
  while ((await refreshRollups(database, 50)) > 0);
}

const hour = { since: new Date('2026-11-01T01:00:00Z'), until: new Date('2026-11-01T02:00:00Z') };

describe('saving records', () => {
  test('a record comes back as it went in', async () => {
    const record = enrichedRecord({
      attributes: { product: 'kettle', returns: 2, member: true },
      rating: { value: 1, min: 1, max: 5 },
      personalData: { phone: 1 },
    });
    expect(await createRecordStore(database).save([record])).toEqual(['created']);
    expect(await stored()).toEqual([record]);
  });

  test('the same again changes nothing and says so', async () => {
    const store = createRecordStore(database);
    const record = enrichedRecord();
    await store.save([record]);
    expect(await store.save([record])).toEqual(['repeated']);
    expect(await stored()).toEqual([record]);
  });

  test.each([
    ['revision', { revision: 1, occurredAt: '2026-10-01T00:00:00.000Z' }],
    ['occurredAt', { occurredAt: '2026-11-01T01:10:01.000Z' }],
    ['receivedAt', { receivedAt: '2026-11-01T02:00:01.000Z' }],
  ])('the newest wins by %s, in either order', async (_, newer) => {
    const store = createRecordStore(database);
    const old = enrichedRecord();
    const fresh = enrichedRecord({ text: '直りました。', ...newer });
    expect(await store.save([old])).toEqual(['created']);
    expect(await store.save([fresh])).toEqual(['revised']);
    expect(await store.save([old])).toEqual(['superseded']);
    expect((await stored()).map(({ text }) => text)).toEqual(['直りました。']);
  });

  test('one that is larger than a document may be is left out, and the others are stored', async () => {
    const store = createRecordStore(database);
    const records = ['a', 'b', 'c'].map((id) =>
      enrichedRecord({ id, text: 'x'.repeat(id === 'b' ? database.maxDocumentBytes : 10) }),
    );
    expect(await store.save(records)).toEqual(['created', 'too-large', 'created']);
    expect(await stored()).toEqual([records[0], records[2]]);
    const largest = enrichedRecord({ id: 'a', text: 'x'.repeat(database.maxDocumentBytes - 18_000) });
    expect(await store.save([largest])).toEqual(['revised']);
  });

  test('several versions in one batch: one is stored, the others are superseded', async () => {
    const versions = [1, 3, 2].map((revision) => enrichedRecord({ revision, text: `版${revision}` }));
    expect(await createRecordStore(database).save(versions)).toEqual(['superseded', 'created', 'superseded']);
    expect((await stored()).map(({ text }) => text)).toEqual(['版3']);
  });

  test('tenants do not share ids', async () => {
    const results = await createRecordStore(database).save([enrichedRecord(), enrichedRecord({ tenant: 'bank' })]);
    expect(results).toEqual(['created', 'created']);
    expect(await stored()).toHaveLength(2);
  });

  test('writers that meet on one record leave the newest and correct roll-ups', async () => {
    const stores = [createRecordStore(database), createRecordStore(database), createRecordStore(database)];
    const versions = Array.from({ length: 12 }, (_, revision) =>
      enrichedRecord({
        revision,
        text: `版${revision}`,
        occurredAt: `2026-11-01T${String(revision).padStart(2, '0')}:00:00.000Z`,
      }),
    );
    await Promise.all(versions.map((version, index) => stores[index % 3]?.save([version])));
    expect((await stored()).map(({ text }) => text)).toEqual(['版11']);
    await refreshAll();
    expect(await verifyRollups(database)).toEqual([]);
    expect(await database.rollups.countDocuments({ rows: { $ne: [] } })).toBe(1);
  });
});

describe('roll-ups', () => {
  test('count a record once per topic, by channel', async () => {
    await createRecordStore(database).save([
      enrichedRecord({ id: 'a', topics: [topic('price', 'negative'), topic('price', 'positive')] }),
      enrichedRecord({ id: 'b', topics: [topic('price', 'negative'), topic('delivery', 'neutral')] }),
      enrichedRecord({ id: 'c', channel: 'chat', topics: [topic('price', 'positive')] }),
    ]);
    await refreshAll();
    const [rollup] = await database.rollups.find().toArray();
    const nobody = { customers: [], promoters: 0, passives: 0, detractors: 0 };
    const once = { count: 1, negative: 0, positive: 0, mixed: 0, requests: 0, sentimentSum: -0.5, voices: {} };
    expect(unpackCounts(rollup ?? {}).topics).toEqual([
      { ...once, topic: 'delivery', channel: 'review' },
      { ...once, topic: 'price', channel: 'chat', positive: 1, voices: { praise: nobody } },
      {
        topic: 'price',
        channel: 'review',
        count: 2,
        negative: 2,
        positive: 1,
        mixed: 1,
        requests: 0,
        sentimentSum: -1,
        voices: { criticism: nobody, praise: nobody },
      },
    ]);
    expect(rollup?.feedback).toMatchObject([
      { channel: 'chat', feedback: 1 },
      { channel: 'review', feedback: 2 },
    ]);
  });

  test('a redelivered record is counted once', async () => {
    const store = createRecordStore(database);
    await store.save([enrichedRecord()]);
    await refreshAll();
    await store.save([enrichedRecord()]);
    expect(await countStaleRollups(database)).toBe(1);
    await refreshAll();
    const [rollup] = await database.rollups.find().toArray();
    expect(rollup?.rows).toMatchObject([{ topic: 'quality', count: 1 }]);
  });

  test('a record that moves to another hour leaves the first, even if the worker died after writing it', async () => {
    const store = createRecordStore(database);
    await store.save([enrichedRecord()]);
    await refreshAll();
    const moved = enrichedRecord({ revision: 1, occurredAt: '2026-11-01T05:00:00.000Z' });
    await store.save([moved]);
    // The worker is killed before its marks arrive; what is redelivered must mark both hours.
    await database.rollups.updateMany({}, { $set: { stale: false } });
    expect(await store.save([moved])).toEqual(['repeated']);
    await refreshAll();
    expect(await verifyRollups(database)).toEqual([]);
    const rollups = await database.rollups.find().sort({ hour: 1 }).toArray();
    expect(rollups.map(({ rows }) => rows.length)).toEqual([0, 1]);
  });

  test('refreshing from several workers while records arrive ends in a correct count', async () => {
    const store = createRecordStore(database);
    let saving = true;
    const refresher = async () => {
      while (saving) await refreshRollups(database, 10);
    };
    const refreshers = [refresher(), refresher()];
    for (let batch = 0; batch < 10; batch++) {
      const ids = Array.from({ length: 20 }, (_, index) => `${batch}-${index}`);
      await store.save(ids.map((id) => enrichedRecord({ id })));
    }
    saving = false;
    await Promise.all(refreshers);
    await refreshAll();
    expect(await verifyRollups(database)).toEqual([]);
    const [rollup] = await database.rollups.find().toArray();
    expect(rollup?.rows).toMatchObject([{ topic: 'quality', count: 200 }]);
  });

  test('verifying finds a count that is off', async () => {
    await createRecordStore(database).save([enrichedRecord()]);
    await refreshAll();
    await database.rollups.updateOne({}, { $set: { 'rows.0.count': 7 } });
    expect(await verifyRollups(database)).toMatchObject([{ tenant: 'shop', hour: hour.since }]);
  });
});

describe('pain points', () => {
  const query = { tenant: 'shop', ...hour, stance: 'criticism', sort: 'volume', limit: 10 } as const;

  beforeEach(async () => {
    await createRecordStore(database).save([
      enrichedRecord({ id: 'a', attributes: { store: 'shibuya' } }),
      enrichedRecord({ id: 'b', channel: 'chat', topics: [topic('delivery', 'negative')] }),
      enrichedRecord({ id: 'c', channel: 'chat', topics: [topic('delivery', 'negative')], attributes: { returns: 2 } }),
      enrichedRecord({ id: 'd', topics: [topic('taste', 'positive')] }),
      enrichedRecord({ id: 'before', occurredAt: '2026-11-01T00:30:00.000Z' }),
      enrichedRecord({ id: 'other', tenant: 'bank', topics: [topic('price', 'negative')] }),
    ]);
  });

  const topicsOf = async (changes: object) =>
    (await queryVoices(database, { ...query, ...changes })).points.map(({ topic }) => topic);

  test('come from the roll-ups, with the period before', async () => {
    await refreshAll();
    const report = await queryVoices(database, query);
    expect(report).toMatchObject({
      feedback: 4,
      isTenantKnown: true,
      hoursPending: 0,
      since: '2026-11-01T01:00:00.000Z',
    });
    expect(report.points).toMatchObject([
      { topic: 'delivery', voices: 2, share: 1, change: { previous: 0 } },
      { topic: 'quality', voices: 1, change: { previous: 1 } },
    ]);
  });

  test('of a tenant that is not there are told from those of a quiet one', async () => {
    const quiet = { since: new Date('2020-01-01'), until: new Date('2020-01-02') };
    expect(await queryVoices(database, { ...query, ...quiet })).toMatchObject({ isTenantKnown: true });
    expect(await queryVoices(database, { ...query, tenant: 'shpo' })).toMatchObject({ isTenantKnown: false });
  });

  test('that are not counted yet are announced', async () => {
    expect(await queryVoices(database, query)).toMatchObject({ hoursPending: 1, points: [] });
  });

  test('can be filtered', async () => {
    await refreshAll();
    expect(await topicsOf({ channel: 'review' })).toEqual(['quality']);
    expect(await topicsOf({ topic: 'delivery' })).toEqual(['delivery']);
    expect(await topicsOf({ limit: 1 })).toEqual(['delivery']);
    expect(await topicsOf({ attributes: { store: 'shibuya' } })).toEqual(['quality']);
    expect(await topicsOf({ attributes: { returns: '2' } })).toEqual(['delivery']);
    expect(await topicsOf({ attributes: { store: 'umeda' } })).toEqual([]);
  });
});

describe('the schema', () => {
  test('opening twice changes nothing', async () => {
    const name = database.records.dbName;
    const indexes = await database.records.indexes();
    const again = await openDatabase({ uri, database: name });
    expect(await again.records.indexes()).toEqual(indexes);
    expect(indexes.map((index) => index.name)).toEqual(
      expect.arrayContaining(['by_time_and_id', 'by_topic_and_id', 'by_customer']),
    );
    await again.close();
  });

  test('a record without its essentials is refused by the server', async () => {
    const { text: _text, ...rest } = { _id: 'shop/x', ...enrichedRecord() };
    // @ts-expect-error a document that the types would refuse as well
    await expect(database.records.insertOne(rest)).rejects.toMatchObject({ code: 121 });
  });

  test('a server that is not there is a transient fault', async () => {
    const opening = openDatabase({ uri: 'mongodb://127.0.0.1:1', database: 'x', serverSelectionTimeoutMs: 200 });
    await expect(opening).rejects.toMatchObject({ name: 'DependencyError', nature: 'transient' });
  });

  test('an address that makes no sense is a permanent fault', async () => {
    const opening = openDatabase({ uri: 'mongodb+nonsense', database: 'x' });
    await expect(opening).rejects.toMatchObject({ name: 'DependencyError', nature: 'permanent' });
  });
});
