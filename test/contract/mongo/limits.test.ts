import { type Document, MongoClient, MongoServerError } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedMongo, startEmbeddedMongo } from '../../../src/embedded/mongo/server.ts';
import { temporaryFolder } from '../../support/folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: EmbeddedMongo;
let client: MongoClient;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startEmbeddedMongo({ dataDir: folder.path });
  client = await MongoClient.connect(server.uri);
});

afterAll(async () => {
  await client.close();
  await server.close();
  await folder.remove();
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

describe('what the server does not have', () => {
  it.each([
    [{ nonsense: 1 }, 59, 'nonsense'],
    [{ find: 'items', frobnicate: 1 }, 40415, 'frobnicate'],
    [{ find: 'items', collation: { locale: 'ja' } }, 115, 'collation'],
    [{ find: 'items', filter: { a: { $near: [0, 0] } } }, 2, '$near'],
    [{ aggregate: 'items', pipeline: [{ $out: 'x' }], cursor: {} }, 40324, '$out'],
    [{ aggregate: 'items', pipeline: [{ $set: { a: { $function: {} } } }], cursor: {} }, 168, '$function'],
    [{ update: 'items', updates: [{ q: {}, u: { $set: { 'a.$[x]': 1 } }, arrayFilters: [{ x: 1 }] }] }, undefined, ''],
    [{ create: 'capped', capped: true, size: 1 }, 115, 'capped'],
    [{ createIndexes: 'items', indexes: [{ key: { a: 'text' }, name: 'a' }] }, 115, 'text'],
  ])('%j is refused by name', async (command, code, name) => {
    const answer = client.db('limits').command(command);
    if (code === undefined) {
      expect((await answer).writeErrors).toMatchObject([{ code: 115 }]);
      return;
    }
    const error = await errorOf(answer);
    expect(error.code).toBe(code);
    expect(error.message).toContain(name);
  });

  it('refuses transactions', async () => {
    const items = client.db('limits').collection<Document>('items');
    await client.withSession(async (session) => {
      session.startTransaction();
      const error = await errorOf(items.insertOne({}, { session }));
      expect(error.code).toBe(263);
      await session.abortTransaction();
    });
    expect(await items.countDocuments()).toBe(0);
  });
});
