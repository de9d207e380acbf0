import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedMongo } from '../../../src/embedded/mongo/server.ts';
import { startServerThread } from '../../../src/embedded/server-thread.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { until } from '../../support/until.ts';

const script = fileURLToPath(new URL('../../support/embedded-mongo-process.ts', import.meta.url));

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  await kill();
  await folder.remove();
});

async function start(port = 0): Promise<string> {
  child = spawn(process.execPath, ['--import', 'tsx', script, folder.path, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('the process has no output');
  const [uri] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return uri;
}

async function kill(): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

describe('after SIGKILL', () => {
  it('every acknowledged write is there, each retried write once, and a change stream goes on', async () => {
    const uri = await start();
    const port = Number(new URL(uri).port);
    const client = await MongoClient.connect(uri, {
      retryWrites: true,
      serverSelectionTimeoutMS: 20_000,
      w: 'majority',
    });
    const counters = client.db('t').collection<{ _id: string; n: number }>('counters');
    const logged = client.db('t').collection<{ _id: number }>('logged');
    await counters.insertOne({ _id: 'c', n: 0 });
    await logged.createIndex({ at: 1 });
    const seen: unknown[] = [];
    const { operationTime } = await client.db('t').command({ ping: 1 });
    // A client of its own: the Node.js driver does not retry a write when another connection has broken before it.
    const watching = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 20_000 });
    const stream = watching
      .db('t')
      .collection<{ _id: number }>('logged')
      .watch([], { startAtOperationTime: operationTime });
    stream.on('change', (event) => {
      if (event.operationType === 'insert') seen.push(event.documentKey._id);
    });
    stream.on('error', () => undefined);
    const acknowledged: number[] = [];
    let increments = 0;
    let stop = false;
    const writing = (async () => {
      for (let at = 0; !stop; at++) {
        await logged.insertOne({ _id: at });
        acknowledged.push(at);
        await counters.updateOne({ _id: 'c' }, { $inc: { n: 1 } });
        increments++;
      }
    })();
    for (let round = 1; round <= 3; round++) {
      const goal = acknowledged.length + 150;
      await until('writes are acknowledged', () => acknowledged.length >= goal, 20_000);
      await kill();
      await start(port);
    }
    const goal = acknowledged.length + 50;
    await until('writes go on', () => acknowledged.length >= goal, 20_000);
    stop = true;
    await writing;
    // A write sent again because its answer was lost counts once: the counter is exact.
    expect(await counters.findOne({ _id: 'c' })).toEqual({ _id: 'c', n: increments });
    expect((await logged.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id)).toEqual(acknowledged);
    await until('the stream has reported every insert', () => seen.length >= acknowledged.length);
    expect(seen).toEqual(acknowledged);
    await stream.close();
    await watching.close();
    await client.close();
  });
});

describe('the log', () => {
  const write = async (count: number) => {
    const server = await startEmbeddedMongo({ dataDir: folder.path });
    const client = await MongoClient.connect(server.uri);
    const items = client.db('t').collection<{ _id: number }>('items');
    for (let at = 0; at < count; at++) await items.insertOne({ _id: at });
    await client.close();
    await server.close();
  };
  const count = async () => {
    const server = await startEmbeddedMongo({ dataDir: folder.path });
    const client = await MongoClient.connect(server.uri);
    const found = await client.db('t').collection('items').countDocuments();
    await client.close();
    await server.close();
    return found;
  };
  const log = () => join(folder.path, 'koe.log');

  it('is cut where its last frame is torn', async () => {
    await write(5);
    const { length } = await readFile(log());
    await truncate(log(), length - 3);
    expect(await count()).toBe(4);
    await appendFile(log(), Buffer.from([9, 0, 0, 0, 1, 2]));
    expect(await count()).toBe(4);
  });

  it('is refused when it is damaged in the middle', async () => {
    await write(5);
    const bytes = await readFile(log());
    const at = bytes.indexOf('t.items');
    bytes[at] = 0x55;
    await writeFile(log(), bytes);
    await expect(count()).rejects.toThrow('damaged at byte');
  });

  it('gives its folder to one server at a time', async () => {
    const first = await startEmbeddedMongo({ dataDir: folder.path });
    await expect(startEmbeddedMongo({ dataDir: folder.path })).rejects.toThrow('in use');
    await first.close();
    // A lock that a dead process left does not keep anybody out.
    await writeFile(join(folder.path, 'lock'), JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1' }));
    const second = await startEmbeddedMongo({ dataDir: folder.path });
    await second.close();
  });

  it('takes a write back that the disk refuses', async () => {
    let isFull = false;
    const beforeAppend = () => {
      if (isFull) throw new Error('ENOSPC: no space left on device');
    };
    const server = await startEmbeddedMongo({ dataDir: folder.path, faults: { beforeAppend } });
    const client = await MongoClient.connect(server.uri);
    const items = client.db('t').collection<{ _id: number; n?: number }>('items');
    await items.createIndex({ n: 1 }, { unique: true });
    await items.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    isFull = true;
    await expect(items.insertOne({ _id: 3, n: 3 })).rejects.toMatchObject({ code: 14031 });
    await expect(items.updateMany({}, { $inc: { n: 10 } })).rejects.toMatchObject({ code: 14031 });
    await expect(items.deleteOne({ _id: 1 })).rejects.toMatchObject({ code: 14031 });
    expect(await items.find().sort({ n: 1 }).toArray()).toEqual([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    isFull = false;
    await items.insertOne({ _id: 3, n: 3 });
    expect(await items.countDocuments({ n: { $gte: 1 } })).toBe(3);
    await client.close();
    await server.close();
  });
});

describe('a server in a thread', () => {
  it('serves, closes, and has everything when it starts again', async () => {
    for (const expected of [0, 1]) {
      const server = await startServerThread('embedded-mongo', { dataDir: folder.path });
      const client = await MongoClient.connect(`mongodb://${server.host}:${server.port}/?replicaSet=koe`);
      const items = client.db('t').collection('items');
      expect(await items.countDocuments()).toBe(expected);
      await items.insertOne({}, { writeConcern: { w: 'majority', journal: true } });
      await client.close();
      await server.close();
    }
  });

  it('reports why it cannot start', async () => {
    const first = await startEmbeddedMongo({ dataDir: folder.path });
    await expect(startServerThread('embedded-mongo', { dataDir: folder.path })).rejects.toThrow('in use');
    await first.close();
  });
});
