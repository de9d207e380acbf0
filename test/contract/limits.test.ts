import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { startEmbeddedKafka } from '../../src/embedded/kafka/broker.ts';
import { startEmbeddedMongo } from '../../src/embedded/mongo/server.ts';
import { type FramedProtocol, frameReader, kafkaFrames, mongoFrames } from '../fuzz/protocol.ts';
import { temporaryFolder } from '../support/folder.ts';
import { until } from '../support/until.ts';

type Start = (options: {
  dataDir: string;
  maxConnections: number;
}) => Promise<{ port: number; close(): Promise<void> }>;
const servers: [string, Start, FramedProtocol][] = [
  ['Kafka', startEmbeddedKafka, kafkaFrames],
  ['MongoDB', startEmbeddedMongo, mongoFrames],
];

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function startOn(start: Start): Promise<number> {
  const folder = await temporaryFolder();
  closing.push(folder.remove);
  const server = await start({ dataDir: folder.path, maxConnections: 3 });
  closing.push(server.close);
  return server.port;
}

function open(port: number): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  closing.push(() => void socket.destroy());
  return socket;
}

async function answers(socket: Socket, protocol: FramedProtocol): Promise<boolean> {
  const read = frameReader(protocol);
  const pong = new Promise<boolean>((resolve) => {
    socket.on('data', (chunk: Buffer) => read(chunk).some(protocol.isPong) && resolve(true));
    socket.once('close', () => resolve(false));
  });
  socket.write(protocol.ping);
  return await pong;
}

test.each(servers)('an embedded %s serves so many connections and no more', async (_, start, protocol) => {
  const port = await startOn(start);
  const sockets = [1, 2, 3].map(() => open(port));
  for (const socket of sockets) expect(await answers(socket, protocol)).toBe(true);
  expect(await answers(open(port), protocol)).toBe(false);
  sockets[0]?.end();
  if (sockets[0] !== undefined) await once(sockets[0], 'close');
  await until('a place is free', () => answers(open(port), protocol));
});

test.each(servers)('an embedded %s stops reading from a client that takes no answers', async (_, start, protocol) => {
  const port = await startOn(start);
  const greedy = open(port).pause();
  await once(greedy, 'connect');
  const pings = Buffer.concat(Array.from({ length: 10_000 }, () => protocol.ping));
  // The kernel's buffers take some megabytes; when they are full, the socket reports no progress any more.
  let written = 0;
  let stuckSince = performance.now();
  await until(
    'the client is not read any more',
    () => {
      if (greedy.bytesWritten - greedy.writableLength > written) {
        written = greedy.bytesWritten - greedy.writableLength;
        stuckSince = performance.now();
      }
      if (greedy.writableLength < pings.length) greedy.write(pings);
      return performance.now() - stuckSince > 500;
    },
    60_000,
  );
  expect(written).toBeLessThan(64 * 1024 * 1024);
  expect(await answers(open(port), protocol)).toBe(true);
});
