import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedKafka, startEmbeddedKafka } from '../../../src/embedded/kafka/broker.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { testClient } from '../../support/kafka-client.ts';

const MAX_REQUEST_BYTES = 1_000_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: EmbeddedKafka;
const defects: unknown[] = [];
beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startEmbeddedKafka({
    dataDir: folder.path,
    maxRequestBytes: MAX_REQUEST_BYTES,
    onError: (error) => defects.push(error),
  });
});
afterEach(() => expect(defects).toEqual([]));
afterAll(async () => {
  await server.close();
  await folder.remove();
});

async function open(): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {}); // the broker may reset the connection: that is what is tested
  await once(socket, 'connect');
  return socket;
}

async function closes(bytes: Buffer): Promise<void> {
  const socket = await open();
  const closed = once(socket, 'close');
  socket.write(bytes);
  socket.resume();
  await closed;
}

async function answersOthers(): Promise<void> {
  const admin = testClient([server.address]).admin();
  await admin.connect();
  await admin.listTopics();
  await admin.disconnect();
}

/** A request: length, api key, version, correlation id, client id `x`, body. */
function request(key: number, version: number, correlation: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(15);
  head.writeInt32BE(11 + body.length, 0);
  head.writeInt16BE(key, 4);
  head.writeInt16BE(version, 6);
  head.writeInt32BE(correlation, 8);
  head.writeInt16BE(1, 12);
  head.write('x', 14);
  return Buffer.concat([head, body]);
}

async function read(socket: Socket, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    if (chunks.reduce((sum, { length }) => sum + length, 0) >= bytes) break;
  }
  return Buffer.concat(chunks);
}

describe('a client', () => {
  it.each([
    ['text', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a negative length', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['an unknown request', request(999, 0, 1)],
    ['a version of the future', request(3, 99, 1)],
    ['a request that ends early', request(3, 5, 1, Buffer.from([0, 0]))],
    ['an array of two billion items', request(3, 5, 1, Buffer.from([0x7f, 0xff, 0xff, 0xff]))],
    ['a string of negative length', request(3, 5, 1, Buffer.from([0, 0, 0, 1, 0x80, 0]))],
  ])('that sends %s is disconnected, and others are served', async (_what, bytes) => {
    await closes(bytes);
    await answersOthers();
  });

  it('that sends noise does no harm', async () => {
    for (let round = 0; round < 50; round++) {
      const body = randomBytes(200);
      const key = round % 45;
      const socket = await open();
      socket.resume();
      socket.end(request(key, key === 1 ? 4 : 0, round, body)); // half closed: the broker closes when it is done
      await once(socket, 'close');
    }
    await answersOthers();
  });

  it('that announces too large a request is disconnected before it is sent', async () => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(MAX_REQUEST_BYTES + 1);
    await closes(length);
    await answersOthers();
  });

  it('that asks in a newer version is told the versions it may use', async () => {
    const socket = await open();
    socket.write(request(18, 3, 77, Buffer.from([0, 2, 0x78, 2, 0x31, 0])));
    const answer = await read(socket, 14);
    expect(answer.readInt32BE(4)).toBe(77);
    expect(answer.readInt16BE(8)).toBe(35);
    expect(answer.readInt32BE(10)).toBeGreaterThan(20);
    expect(answer.length).toBe(14 + answer.readInt32BE(10) * 6); // version 0: key and two versions each
    socket.destroy();
  });

  it('that sends many requests at once gets the answers in their order', async () => {
    const socket = await open();
    const correlations = Array.from({ length: 50 }, (_, index) => 1000 + index);
    socket.write(Buffer.concat(correlations.map((correlation) => request(16, 0, correlation))));
    const answers = await read(socket, 50 * 14); // length, correlation id, error code, no groups
    const seen = correlations.map((_, index) => answers.readInt32BE(index * 14 + 4));
    expect(seen).toEqual(correlations);
    socket.destroy();
  });
});
