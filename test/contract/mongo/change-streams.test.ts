import {
  type ChangeStream,
  type ChangeStreamDocument,
  type Collection,
  MongoClient,
  MongoServerError,
  Timestamp,
} from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { uniqueName } from '../../support/unique-name.ts';

interface Item {
  _id: number;
  a?: number | { x: number; y: number };
  b?: number;
}

const database = uniqueName('contract');
const elsewhere = uniqueName('elsewhere');
let server: TestMongo;
let client: MongoClient;
let items: Collection<Item>;

beforeAll(async () => {
  server = await startTestMongo();
  client = await MongoClient.connect(server.uri);
});

afterAll(async () => {
  await Promise.all([database, elsewhere].map((name) => client.db(name).dropDatabase()));
  await client.close();
  await server.close();
});

beforeEach(async () => {
  items = client.db(database).collection<Item>('watched');
  await items.drop();
});

/** Options of a stream that begins now, whenever the server gets to open it. */
async function fromNow(): Promise<{ startAtOperationTime: Timestamp }> {
  const { operationTime } = await client.db(database).command({ ping: 1 });
  // The moment itself has passed: the stream begins with the next one.
  return { startAtOperationTime: new Timestamp({ t: operationTime.t, i: operationTime.i + 1 }) };
}

async function take(stream: ChangeStream<Item>, count: number): Promise<ChangeStreamDocument<Item>[]> {
  const events: ChangeStreamDocument<Item>[] = [];
  while (events.length < count) events.push(await stream.next());
  return events;
}

describe('a change stream', () => {
  it('tells of inserts, updates, replacements and deletes in their order', async () => {
    const stream = items.watch<Item>([], await fromNow());
    await items.insertOne({ _id: 1, a: { x: 1, y: 2 }, b: 1 });
    await items.updateOne({ _id: 1 }, { $set: { 'a.x': 5 }, $unset: { b: '' } });
    await items.replaceOne({ _id: 1 }, { a: 1 });
    await items.deleteOne({ _id: 1 });
    expect(await take(stream, 4)).toMatchObject([
      {
        operationType: 'insert',
        documentKey: { _id: 1 },
        fullDocument: { _id: 1, a: { x: 1, y: 2 }, b: 1 },
        ns: { db: database, coll: 'watched' },
      },
      {
        operationType: 'update',
        documentKey: { _id: 1 },
        updateDescription: { updatedFields: { 'a.x': 5 }, removedFields: ['b'] },
      },
      { operationType: 'replace', fullDocument: { _id: 1, a: 1 } },
      { operationType: 'delete', documentKey: { _id: 1 } },
    ]);
    await stream.close();
  });

  it('waits for a change that is not there yet', async () => {
    const stream = items.watch<Item>([], { ...(await fromNow()), maxAwaitTimeMS: 25_000 });
    const next = stream.next();
    await items.insertOne({ _id: 7 });
    expect(await next).toMatchObject({ operationType: 'insert', documentKey: { _id: 7 } });
    await stream.close();
  });

  it('filters by its pipeline and looks documents up', async () => {
    const pipeline = [{ $match: { operationType: 'update' } }, { $project: { fullDocument: 1 } }];
    const stream = items.watch<Item>(pipeline, { ...(await fromNow()), fullDocument: 'updateLookup' });
    await items.insertOne({ _id: 1, a: 1 });
    await items.updateOne({ _id: 1 }, { $set: { a: 2 } });
    expect(await stream.next()).toEqual({ _id: expect.anything(), fullDocument: { _id: 1, a: 2 } });
    await stream.close();
  });

  it('resumes after a token, and after its collection was dropped only with startAfter', async () => {
    const first = items.watch<Item>([], await fromNow());
    await items.insertMany([1, 2, 3].map((_id) => ({ _id })));
    const [event] = await take(first, 1);
    await first.close();
    const second = items.watch<Item>([], { resumeAfter: event?._id });
    expect(await take(second, 2)).toMatchObject([{ documentKey: { _id: 2 } }, { documentKey: { _id: 3 } }]);
    await items.drop();
    const [drop, invalidate] = await take(second, 2);
    expect([drop?.operationType, invalidate?.operationType]).toEqual(['drop', 'invalidate']);
    await second.close();
    await expect(items.watch<Item>([], { resumeAfter: invalidate?._id }).next()).rejects.toMatchObject({ code: 260 });
    const third = items.watch<Item>([], { startAfter: invalidate?._id });
    await items.insertOne({ _id: 9 });
    expect(await third.next()).toMatchObject({ documentKey: { _id: 9 } });
    await third.close();
  });

  it('watches a whole database, and no other', async () => {
    const stream = client.db(database).watch<Item>([], await fromNow());
    await client.db(elsewhere).collection<Item>('watched').insertOne({ _id: Date.now() });
    await client.db(database).collection<Item>('another').insertOne({ _id: Date.now() });
    expect(await stream.next()).toMatchObject({ ns: { db: database, coll: 'another' } });
    await stream.close();
  });

  it('refuses tokens that are not its own', async () => {
    const foreign = { _data: '0011223300000001000000010A' };
    await expect(items.watch([], { resumeAfter: foreign }).next()).rejects.toThrow(MongoServerError);
  });

  it('refuses stages that need all documents', async () => {
    const stream = items.watch([{ $group: { _id: null } }]);
    await expect(stream.tryNext()).rejects.toMatchObject({ code: 20 });
    await stream.close();
  });
});
