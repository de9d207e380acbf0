import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedMongo, startEmbeddedMongo } from '../../../src/embedded/mongo/server.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { until } from '../../support/until.ts';

interface Item {
  _id: number;
  n?: number;
  at?: unknown;
  text?: string;
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: EmbeddedMongo | undefined;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  await server?.close();
  await folder.remove();
});

async function start(options: Partial<Parameters<typeof startEmbeddedMongo>[0]> = {}): Promise<EmbeddedMongo> {
  server = await startEmbeddedMongo({ dataDir: folder.path, ...options });
  return server;
}

describe('bytes that are no message', () => {
  const header = (size: number, code: number, body: Buffer) => {
    const bytes = Buffer.alloc(16);
    bytes.writeInt32LE(size, 0);
    bytes.writeInt32LE(code, 12);
    return Buffer.concat([bytes, body]);
  };
  it.each([
    ['noise', Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0x7f]), randomBytes(64)])],
    ['a message of 100 MB', header(100_000_000, 2013, Buffer.alloc(64))],
    ['a negative length', header(-5, 2013, Buffer.alloc(64))],
    ['an unknown operation', header(36, 2002, Buffer.alloc(20))],
    [
      'a section that runs over its end',
      header(30, 2013, Buffer.from([0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 2, 3, 4, 5])),
    ],
    [
      'a document without an end',
      header(30, 2013, Buffer.from([0, 0, 0, 0, 0, 9, 0, 0, 0, 2, 0x61, 0x61, 0x61, 0x61])),
    ],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
  ])('%s closes its connection, and the server lives', async (_, bytes) => {
    const { port, uri } = await start();
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(bytes);
    await once(socket, 'close');
    const client = await MongoClient.connect(uri);
    expect(await client.db('t').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
  });

  it('a message may come in any pieces', async () => {
    const { port } = await start();
    const body = Buffer.from('\u0014\0\0\0\u0010ping\0\u0001\0\0\0\u0002$db\0', 'latin1');
    const tail = Buffer.concat([Buffer.from([2, 0, 0, 0]), Buffer.from('t\0\0', 'latin1')]);
    const document = Buffer.concat([body, tail]);
    document.writeInt32LE(document.length, 0);
    const message = header(21 + document.length, 2013, Buffer.concat([Buffer.alloc(5), document]));
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    for (const byte of message) socket.write(Buffer.from([byte]));
    const [reply] = (await once(socket, 'data')) as [Buffer];
    expect(reply.readInt32LE(12)).toBe(2013);
    expect(reply.includes('ok')).toBe(true);
    socket.destroy();
  });
});

describe('retryable writes', () => {
  it('are carried out once when the answer is lost', async () => {
    let losses = 0;
    const names = new Set(['insert', 'update', 'delete', 'findAndModify']);
    const lose = (command: string) => (names.has(command) && losses++ % 2 === 0 ? ('after' as const) : undefined);
    const { uri } = await start({ faults: { drop: lose } });
    const client = await MongoClient.connect(uri);
    const items = client.db('t').collection<Item>('items');
    await items.insertOne({ _id: 1, n: 0 });
    await items.updateOne({ _id: 1 }, { $inc: { n: 1 } });
    expect(await items.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }, { returnDocument: 'after' })).toEqual({
      _id: 1,
      n: 2,
    });
    const bulk = await items.bulkWrite([
      { updateOne: { filter: { _id: 1 }, update: { $inc: { n: 1 } } } },
      { updateOne: { filter: { _id: 2 }, update: { $inc: { n: 1 } }, upsert: true } },
    ]);
    expect(bulk).toMatchObject({ modifiedCount: 1, upsertedCount: 1, upsertedIds: { 1: 2 } });
    expect((await items.deleteOne({ _id: 2 })).deletedCount).toBe(1);
    expect(await items.find().toArray()).toEqual([{ _id: 1, n: 3 }]);
    expect(losses).toBe(10);
    await client.close();
  });
});

describe('TTL indexes', () => {
  it('delete documents whose time is over', async () => {
    const { uri } = await start({ ttlIntervalMs: 20 });
    const client = await MongoClient.connect(uri);
    const items = client.db('t').collection<Item>('items');
    await items.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
    const now = Date.now();
    await items.insertMany([
      { _id: 1, at: new Date(now - 61_000) },
      { _id: 2, at: new Date(now) },
      { _id: 3, at: 'no date' },
      { _id: 4, at: [new Date(now), new Date(now - 61_000)] },
      { _id: 5 },
    ]);
    await until('the old ones are gone', async () => (await items.countDocuments()) === 3);
    expect((await items.find().toArray()).map(({ _id }) => _id)).toEqual([2, 3, 5]);
    await client.close();
  });
});

describe('compaction', () => {
  it('shrinks the log and loses nothing but changes older than streams may ask for', async () => {
    const { uri } = await start();
    const client = await MongoClient.connect(uri);
    const items = client.db('t').collection<Item>('items');
    await items.createIndex({ n: 1 }, { unique: true });
    const { operationTime } = await client.db('t').command({ ping: 1 });
    const stream = items.watch([], { startAtOperationTime: operationTime });
    await items.insertMany(Array.from({ length: 20 }, (_, at) => ({ _id: at, n: at, text: '' })));
    const event = await stream.next();
    await stream.close();
    const size = () => statSync(join(folder.path, 'koe.log')).size;
    let largest = 0;
    for (let round = 0; round < 60 && size() >= largest; round++) {
      largest = size();
      await items.updateMany({}, { $set: { text: String.fromCharCode(97 + (round % 26)).repeat(200_000) } });
    }
    await until('the log shrinks', () => size() < largest);
    await items.updateMany({}, { $set: { text: 'end' } });
    await client.close();
    await server?.close();
    const again = await MongoClient.connect((await start()).uri);
    const after = again.db('t').collection<Item>('items');
    expect(await after.find().sort({ n: 1 }).toArray()).toEqual(
      Array.from({ length: 20 }, (_, at) => ({ _id: at, n: at, text: 'end' })),
    );
    await expect(after.insertOne({ _id: 99, n: 5 })).rejects.toMatchObject({ code: 11000 });
    // So much was written since that the stream's place is gone, which it is told.
    await expect(after.watch([], { resumeAfter: event._id }).next()).rejects.toMatchObject({ code: 286 });
    await again.close();
  });
});
