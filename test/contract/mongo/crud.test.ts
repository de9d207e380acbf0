import { type Collection, Long, MongoBulkWriteError, MongoClient, MongoServerError, ObjectId } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { uniqueName } from '../../support/unique-name.ts';

interface Item {
  _id: number | string | ObjectId;
  // biome-ignore lint/suspicious/noExplicitAny: the driver's types of filters and updates need it for free documents.
  [field: string]: any;
}

const database = uniqueName('contract');
let server: TestMongo;
let client: MongoClient;
let items: Collection<Item>;

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
  items = client.db(database).collection<Item>('items');
  await items.drop();
});

/** The server's error an operation ends with. */
async function errorOf(work: Promise<unknown>): Promise<MongoServerError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MongoServerError) return error;
  throw new Error(`expected a server error, got ${String(error)}`);
}

describe('documents', () => {
  it('come back as they went in, types included', async () => {
    const document = {
      _id: new ObjectId(),
      int: 1,
      double: 1.5,
      long: Long.fromString('9223372036854775807'),
      date: new Date('2026-01-01T00:00:00.123Z'),
      before1970: new Date(-1),
      text: '最高👍🏻です。\0',
      bytes: Buffer.from([0, 255]),
      null: null,
      list: [1, [2], { a: [] }],
      inner: { constructor: 1, b: { c: true } },
    };
    await items.insertOne(document);
    const found = await items.findOne({ _id: document._id }, { promoteBuffers: true });
    expect(found).toEqual(document);
    const raw = await items
      .aggregate([{ $project: { _id: 0, t: { $type: '$long' }, d: { $type: '$double' } } }])
      .toArray();
    expect(raw).toEqual([{ t: 'long', d: 'double' }]);
  });

  it('are found in batches through a cursor', async () => {
    await items.insertMany(Array.from({ length: 1000 }, (_, at) => ({ _id: at, even: at % 2 === 0 })));
    const found = await items.find({ even: true }, { batchSize: 7 }).toArray();
    expect(found.map(({ _id }) => _id)).toEqual(Array.from({ length: 500 }, (_, at) => 2 * at));
    expect(await items.countDocuments({ even: false })).toBe(500);
    expect(await items.estimatedDocumentCount()).toBe(1000);
    expect(new Set(await items.distinct('even'))).toEqual(new Set([false, true]));
  });

  it('do not change under an open cursor', async () => {
    await items.insertMany([1, 2, 3].map((_id) => ({ _id, n: 0 })));
    const cursor = items.find({}, { batchSize: 1 }).sort({ _id: 1 });
    expect(await cursor.next()).toEqual({ _id: 1, n: 0 });
    await items.updateMany({}, { $set: { n: 1 } });
    expect(await cursor.toArray()).toEqual([
      { _id: 2, n: 0 },
      { _id: 3, n: 0 },
    ]);
  });

  it('are projected', async () => {
    await items.insertOne({ _id: 1, a: { b: 1, c: 2 }, list: [{ x: 1 }, { x: 2 }, { x: 3 }] });
    const one = async (projection: object) => items.findOne({}, { projection });
    expect(await one({ 'a.b': 1 })).toEqual({ _id: 1, a: { b: 1 } });
    expect(await one({ list: 0, 'a.c': 0 })).toEqual({ _id: 1, a: { b: 1 } });
    expect(await one({ _id: 0, list: { $slice: -2 }, a: 1 })).toEqual({
      a: { b: 1, c: 2 },
      list: [{ x: 2 }, { x: 3 }],
    });
    expect(await one({ list: { $elemMatch: { x: { $gt: 1 } } } })).toEqual({ _id: 1, list: [{ x: 2 }] });
  });

  it('are projected by expressions', async () => {
    await items.insertOne({ _id: 1, list: [{ x: 1 }, { x: 2 }, { x: 3 }] });
    const projection = { _id: 0, sum: { $sum: '$list.x' } };
    expect(await items.findOne({}, { projection })).toEqual({ sum: 6 });
  });

  it('are refused when nested too deep', async () => {
    let deep = {};
    for (let level = 0; level < 200; level++) deep = { deep };
    expect((await errorOf(items.insertOne({ _id: 1, deep }))).code).toBe(15);
    expect(await items.countDocuments()).toBe(0);
  });

  it('are refused when too large', async () => {
    await items.insertOne({ _id: 1 });
    const error = await errorOf(items.updateOne({ _id: 1 }, { $set: { text: 'x'.repeat(16 << 20) } }));
    expect(error.code).toBe(17419);
    const upsert = items.updateOne({ _id: 2 }, { $set: { text: 'x'.repeat(16 << 20) } }, { upsert: true });
    expect((await errorOf(upsert)).code).toBe(17420);
    expect(await items.findOne()).toEqual({ _id: 1 });
  });
});

describe('writes', () => {
  it('give an ObjectId to a document without _id and put it first', async () => {
    const { insertedId } = await items.insertOne({ a: 1 } as unknown as Item);
    expect(insertedId).toBeInstanceOf(ObjectId);
    await client.db(database).command({ insert: 'items', documents: [{ b: 1 }] });
    const found = await items.findOne({ b: 1 });
    expect(Object.keys(found ?? {})).toEqual(['_id', 'b']);
  });

  it('report duplicate keys as MongoDB does', async () => {
    await items.createIndex({ tenant: 1, id: 1 }, { unique: true });
    await items.insertOne({ _id: 1, tenant: 'a', id: 'x' });
    const error = await errorOf(items.insertOne({ _id: 2, tenant: 'a', id: 'x' }));
    expect(error.code).toBe(11000);
    expect(error.message).toBe(
      `E11000 duplicate key error collection: ${database}.items index: tenant_1_id_1 dup key: { tenant: "a", id: "x" }`,
    );
    expect(error.keyPattern).toEqual({ tenant: 1, id: 1 });
    expect(error.keyValue).toEqual({ tenant: 'a', id: 'x' });
    expect((await errorOf(items.createIndex({ tenant: 1 }, { name: 'tenant_1_id_1' }))).code).toBe(86);
  });

  it('go on after an error when unordered, and stop when ordered', async () => {
    const documents = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
    const unordered = await errorOf(items.insertMany(documents, { ordered: false }));
    expect(unordered).toBeInstanceOf(MongoBulkWriteError);
    expect((unordered as MongoBulkWriteError).insertedCount).toBe(2);
    await items.deleteMany({});
    const ordered = await errorOf(items.insertMany(documents));
    expect((ordered as MongoBulkWriteError).insertedCount).toBe(1);
    expect(await items.countDocuments()).toBe(1);
  });

  it('upsert with the equalities of the filter', async () => {
    const result = await items.updateOne(
      { _id: 'a', n: { $eq: 1 }, m: { $gt: 5 }, 'x.y': 2, $and: [{ z: 3 }] },
      { $inc: { count: 1 }, $setOnInsert: { born: true } },
      { upsert: true },
    );
    expect(result.upsertedId).toBe('a');
    expect(await items.findOne()).toEqual({ _id: 'a', n: 1, x: { y: 2 }, z: 3, count: 1, born: true });
    const again = await items.updateOne({ _id: 'a' }, { $set: { n: 1 } }, { upsert: true });
    expect(again).toMatchObject({ matchedCount: 1, modifiedCount: 0, upsertedCount: 0 });
  });

  it('never change an _id', async () => {
    await items.insertOne({ _id: 1 });
    expect((await errorOf(items.updateOne({ _id: 1 }, { $set: { _id: 2 } }))).code).toBe(66);
    expect((await errorOf(items.replaceOne({ _id: 1 }, { _id: 2 }))).code).toBe(66);
  });

  it('find and modify one document', async () => {
    await items.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    const options = { sort: { n: -1 as const } };
    expect(await items.findOneAndUpdate({}, { $inc: { n: 5 } }, { ...options, returnDocument: 'after' })).toEqual({
      _id: 2,
      n: 7,
    });
    expect(await items.findOneAndDelete({}, options)).toEqual({ _id: 2, n: 7 });
    expect(await items.findOneAndReplace({ _id: 9 }, { n: 9 }, { upsert: true })).toBeNull();
    expect(await items.find().toArray()).toEqual([
      { _id: 1, n: 1 },
      { _id: 9, n: 9 },
    ]);
  });

  it('leave nothing behind when the answer of a find and modify cannot be made', async () => {
    await items.insertOne({ _id: 1, n: 1 });
    const projection = { half: { $divide: ['$n', 0] } };
    const error = await errorOf(items.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }, { projection }));
    expect(error.code).toBe(2);
    expect(await items.findOne()).toEqual({ _id: 1, n: 1 });
  });

  it('delete one or many', async () => {
    await items.insertMany([1, 2, 3].map((_id) => ({ _id })));
    expect((await items.deleteOne({ _id: { $gte: 2 } })).deletedCount).toBe(1);
    expect((await items.deleteMany({})).deletedCount).toBe(2);
  });
});

describe('the newest-wins upsert of records', () => {
  const replace = (revision: number, at: number, text: string) => {
    const occurredAt = new Date(at);
    return {
      replaceOne: {
        filter: {
          _id: 'acme/1',
          $or: [{ revision: { $lt: revision } }, { revision, occurredAt: { $lte: occurredAt } }],
        },
        replacement: { revision, occurredAt, text },
        upsert: true,
      },
    };
  };

  it('inserts, replaces with a newer one, and answers E11000 for an older one', async () => {
    await items.bulkWrite([replace(1, 10, 'first')], { ordered: false });
    await items.bulkWrite([replace(2, 5, 'newer revision')], { ordered: false });
    const error = await errorOf(
      items.bulkWrite([replace(1, 99, 'older'), replace(2, 6, 'newest')], { ordered: false }),
    );
    expect(error.code).toBe(11000);
    expect((error as MongoBulkWriteError).modifiedCount).toBe(1);
    expect((error as MongoBulkWriteError).writeErrors).toMatchObject([{ index: 0, code: 11000 }]);
    expect(await items.findOne()).toEqual({ _id: 'acme/1', revision: 2, occurredAt: new Date(6), text: 'newest' });
  });
});

describe('validators', () => {
  const validator = {
    $jsonSchema: { bsonType: 'object', required: ['tenant'], properties: { n: { bsonType: 'int', minimum: 0 } } },
  };
  let checked: Collection<Item>;
  beforeEach(async () => {
    checked = client.db(database).collection('checked');
    await checked.drop();
    await client.db(database).createCollection('checked', { validator });
  });

  it('name the reasons of a refusal', async () => {
    const error = await errorOf(checked.insertOne({ _id: 1, n: -1 }));
    expect(error.code).toBe(121);
    expect(error.errInfo).toMatchObject({
      failingDocumentId: 1,
      details: {
        operatorName: '$jsonSchema',
        schemaRulesNotSatisfied: [
          { operatorName: 'required', missingProperties: ['tenant'] },
          {
            operatorName: 'properties',
            propertiesNotSatisfied: [{ propertyName: 'n', details: [{ operatorName: 'minimum' }] }],
          },
        ],
      },
    });
  });

  it('refuse documents, and can be passed by and changed', async () => {
    const db = client.db(database);
    expect((await errorOf(checked.insertOne({ _id: 1, n: -1 }))).code).toBe(121);
    expect(await checked.countDocuments()).toBe(0);
    await checked.insertOne({ _id: 1, n: -1 }, { bypassDocumentValidation: true });
    await db.command({ collMod: 'checked', validator: {} });
    await checked.insertOne({ _id: 2 });
    expect((await db.listCollections({ name: 'checked' }).toArray())[0]).toMatchObject({
      name: 'checked',
      options: { validator: {} },
    });
  });
});
