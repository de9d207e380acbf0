import { createRequire } from 'node:module';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { MongoNetworkError } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { patchMongodb } from '../../../src/store/mongodb-patches.ts';

interface DriverConnection {
  command(namespace: { db: string }, command: object, options: object): Promise<unknown>;
}

const Connection = (
  createRequire(import.meta.url)('mongodb/lib/cmap/connection.js') as {
    Connection: new (socket: Socket, options: object) => DriverConnection;
  }
).Connection;

let server: Server;
beforeAll(async () => {
  patchMongodb();
  patchMongodb();
  server = createServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

async function openConnection(): Promise<{ socket: Socket; connection: DriverConnection }> {
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  const options = { id: 1, generation: 0, hostAddress: { toString: () => 'a' }, monitorCommands: false };
  return { socket, connection: new Connection(socket, { ...options, cancellationToken: socket }) };
}

const sendHello = (connection: DriverConnection) => connection.command({ db: 'admin' }, { hello: 1 }, {});

test('a command on a connection whose socket has just been destroyed fails instead of waiting for ever', async () => {
  const { socket, connection } = await openConnection();
  socket.destroy();
  await expect(sendHello(connection)).rejects.toBeInstanceOf(MongoNetworkError);
});

test('a command whose connection breaks before it is written fails too', async () => {
  const { socket, connection } = await openConnection();
  const sent = sendHello(connection);
  socket.destroy();
  await expect(sent).rejects.toBeInstanceOf(MongoNetworkError);
});

test('a command on a connection that is long closed fails at once', async () => {
  const { socket, connection } = await openConnection();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.destroy();
  await closed;
  await expect(sendHello(connection)).rejects.toBeInstanceOf(MongoNetworkError);
});

test("a connection that is reset while a large command waits to be written fails as the driver's errors do", async () => {
  const accepted = new Promise<Socket>((resolve) => server.once('connection', (peer) => resolve(peer.pause())));
  const { connection } = await openConnection();
  const sent = connection.command({ db: 'admin' }, { insert: 'x', text: 'x'.repeat(16_000_000) }, {});
  (await accepted).resetAndDestroy();
  await expect(sent).rejects.toBeInstanceOf(MongoNetworkError);
});

test('connections keep no listeners of commands that are done', async () => {
  const { socket, connection } = await openConnection();
  const before = socket.listenerCount('close');
  const sent = sendHello(connection).catch(() => 'closed');
  await new Promise((resolve) => setImmediate(resolve));
  expect(socket.listenerCount('close')).toBe(before);
  socket.destroy();
  expect(await sent).toBe('closed');
});
