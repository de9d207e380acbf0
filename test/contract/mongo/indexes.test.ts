import fc from 'fast-check';
import { type Collection, type Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { uniqueName } from '../../support/unique-name.ts';

const database = uniqueName('contract');
let server: TestMongo;
let client: MongoClient;
let records: Collection<Document>;

beforeAll(async () => {
  server = await startTestMongo();
  client = await MongoClient.connect(server.uri);
});

afterAll(async () => {
  await client.db(database).dropDatabase();
  await client.close();
  await server.close();
});

beforeEach(async () => {
  records = client.db(database).collection('indexed');
  await records.drop();
});

/** The stages of the winning plan from the outside in, and the index it uses. */
async function planOf(filter: Document, sort: Record<string, 1 | -1> = {}, limit = 0) {
  const explained = await records.find(filter).sort(sort).limit(limit).explain('executionStats');
  const stages: string[] = [];
  let index: unknown;
  for (let stage = explained.queryPlanner.winningPlan; stage !== undefined; stage = stage.inputStage) {
    stages.push(stage.stage);
    index ??= stage.indexName;
  }
  return { stages, index, examined: explained.executionStats.totalDocsExamined };
}

describe('indexes', () => {
  beforeEach(async () => {
    await records.createIndexes([
      { key: { tenant: 1, occurredAt: -1 }, name: 'byTime' },
      { key: { tenant: 1, 'topics.id': 1, occurredAt: -1 }, name: 'byTopic' },
      { key: { customer: 1 }, name: 'byCustomer', partialFilterExpression: { customer: { $exists: true } } },
    ]);
    await records.insertMany(
      Array.from({ length: 200 }, (_, at) => ({
        _id: at as unknown as Document['_id'],
        tenant: at % 2 === 0 ? 'a' : 'b',
        occurredAt: new Date(at * 1000),
        topics: [{ id: `t${at % 5}` }, { id: `t${(at + 1) % 5}` }],
        ...(at % 10 === 0 ? { customer: `c${at}` } : {}),
      })),
    );
  });

  it('answer equality and range without reading more than they give', async () => {
    const range = { tenant: 'a', occurredAt: { $gte: new Date(10_000), $lt: new Date(20_000) } };
    expect(await planOf(range)).toEqual({ stages: ['FETCH', 'IXSCAN'], index: 'byTime', examined: 5 });
    expect(await planOf({ _id: { $in: [1, 2, 999] } })).toEqual({
      stages: ['FETCH', 'IXSCAN'],
      index: '_id_',
      examined: 2,
    });
  });

  it('of a part of the documents answer what is in that part', async () => {
    expect(await planOf({ customer: 'c10' })).toEqual({
      stages: ['FETCH', 'IXSCAN'],
      index: 'byCustomer',
      examined: 1,
    });
  });

  it('sort without reading more than they give', async () => {
    expect(await planOf({ tenant: 'a' }, { occurredAt: -1 }, 7)).toEqual({
      stages: ['LIMIT', 'FETCH', 'IXSCAN'],
      index: 'byTime',
      examined: 7,
    });
    expect(await planOf({ tenant: 'a' }, { occurredAt: 1 }, 7)).toEqual({
      stages: ['LIMIT', 'FETCH', 'IXSCAN'],
      index: 'byTime',
      examined: 7,
    });
    const topic = { tenant: 'a', 'topics.id': 't3' };
    expect(await planOf(topic, { occurredAt: -1 }, 5)).toEqual({
      stages: ['LIMIT', 'FETCH', 'IXSCAN'],
      index: 'byTopic',
      examined: 5,
    });
  });

  it('are not used where they would miss documents', async () => {
    expect((await planOf({ customer: null })).stages).toEqual(['COLLSCAN']);
    expect((await planOf({}, { customer: 1 })).stages).toEqual(['SORT', 'COLLSCAN']);
    expect((await planOf({ tenant: 'a' }, { 'topics.id': 1 })).stages[0]).toBe('SORT');
  });

  it('sort newest first in both directions', async () => {
    const ids = async (direction: 1 | -1) =>
      (await records.find({ tenant: 'b' }).sort({ occurredAt: direction }).limit(3).toArray()).map(({ _id }) => _id);
    expect(await ids(-1)).toEqual([199, 197, 195]);
    expect(await ids(1)).toEqual([1, 3, 5]);
  });

  it('are listed and dropped, and hints are obeyed', async () => {
    const listed = await records.listIndexes().toArray();
    expect(listed.map(({ name }) => name).sort()).toEqual(['_id_', 'byCustomer', 'byTime', 'byTopic']);
    expect(await records.find({ tenant: 'a' }).hint('byTopic').count()).toBe(100);
    await expect(records.find({}).hint('none').toArray()).rejects.toMatchObject({ code: 2 });
    await records.dropIndex('byTime');
    expect((await planOf({ tenant: 'a' })).index).toBe('byTopic');
  });
});

describe('an indexed query', () => {
  const value = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(null, true, false, 'a', 'b', '', 1.5, -0, '画', '👍', new Date(0), new Date(5)),
  );
  const field = fc.oneof(
    value,
    fc.array(value, { maxLength: 3 }),
    fc.record({ x: value }),
    fc.array(fc.record({ x: value, y: value }), { maxLength: 2 }),
  );
  const document = fc.record({ a: field, b: field, c: value }, { requiredKeys: [] });
  const condition = fc.oneof(
    value,
    fc.record({ $in: fc.array(value, { maxLength: 3 }) }),
    ...['$gt', '$gte', '$lt', '$lte', '$eq', '$ne'].map((operator) =>
      value.map((operand) => ({ [operator]: operand })),
    ),
    fc.tuple(value, value).map(([low, high]) => ({ $gte: low, $lt: high })),
    fc.boolean().map((exists) => ({ $exists: exists })),
  );
  const filter = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'a.x', 'a.y', 'b.x'), condition, { maxKeys: 3 });

  it('finds what a scan of the collection finds, in the same order of keys', async () => {
    const keys: Record<string, 1 | -1>[] = [
      { a: 1 },
      { a: -1, c: 1 },
      { c: 1, b: -1 },
      { 'a.x': 1, 'a.y': 1 },
      { 'b.x': -1, c: 1 },
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { minLength: 1, maxLength: 12 }),
        filter,
        fc.constantFrom(...keys),
        async (documents, query, key) => {
          await records.drop();
          await records.createIndex(key, { name: 'tested' });
          const withIds = documents.map((fields, at) => ({ ...fields, _id: at as unknown as Document['_id'] }));
          // Parallel arrays are refused by the index, which is right but not what is tested here.
          await records.insertMany(withIds, { ordered: false }).catch(() => undefined);
          const ids = async (hint: Document | string) =>
            (await records.find(query).hint(hint).sort({ c: 1, _id: 1 }).toArray()).map(({ _id }) => _id);
          expect(await ids('tested')).toEqual(await ids({ $natural: 1 }));
        },
      ),
      { numRuns: 150 },
    );
  });
});
