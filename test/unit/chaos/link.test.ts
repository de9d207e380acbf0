import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Link, openLink } from '../../chaos/link.ts';
import { readdress } from '../../chaos/readdress.ts';
import { until } from '../../support/until.ts';

let server: Server;
let peers: Socket[];
let link: Link;
const clients: Socket[] = [];

beforeEach(async () => {
  peers = [];
  server = createServer((peer) => {
    peers.push(peer.on('error', () => {}));
    peer.on('data', (bytes) => peer.write(bytes));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  link = await openLink((server.address() as AddressInfo).port);
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await link.close();
  server.close();
});

function dial(port = link.port): Socket {
  const client = connect(port, '127.0.0.1').on('error', () => {});
  clients.push(client);
  return client;
}

/** Resolves when a socket is closed, in whatever way. */
function closed(socket: Socket | undefined): Promise<void> {
  return new Promise((resolve) => socket?.once('close', () => resolve()));
}

async function echo(client: Socket, text: string): Promise<string> {
  client.write(text);
  const [bytes] = await once(client, 'data');
  return String(bytes);
}

test('an open link passes bytes on both ways, and the end of either side', async () => {
  const client = dial();
  expect(await echo(client, 'hello')).toBe('hello');
  peers[0]?.destroy();
  await closed(client);
});

test('a link that drops closes its connections and lets no new ones through until it is mended', async () => {
  const client = dial();
  await echo(client, 'hello');
  const gone = closed(client);
  link.set('drop');
  await gone;
  await closed(dial());
  expect(peers).toHaveLength(1);
  link.set('open');
  expect(await echo(dial(), 'again')).toBe('again');
});

test('a half-open link is silent to the client while the server sees it gone; mended, it is closed', async () => {
  const client = dial();
  await echo(client, 'hello');
  const gone = closed(peers[0]);
  link.set('half-open');
  await gone;
  let heard = false;
  client.on('data', () => {
    heard = true;
  });
  client.write('anybody?');
  const late = dial();
  await once(late, 'connect');
  late.write('anybody?');
  expect([client.destroyed, late.destroyed, heard]).toEqual([false, false, false]);
  const both = [closed(client), closed(late)];
  link.set('open');
  await Promise.all(both);
});

test('a slow link delivers everything late and in order', async () => {
  link.set('delay');
  const client = dial();
  let text = '';
  client.on('data', (bytes) => {
    text += String(bytes);
  });
  const begun = performance.now();
  for (const part of ['a', 'b', 'c']) client.write(part);
  await until('all has arrived', () => text === 'abc');
  expect(performance.now() - begun).toBeGreaterThan(200);
});

test("a broker's address becomes the link's, however its answer is cut", async () => {
  const port = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  const answer = (value: number) => {
    const body = Buffer.concat([Buffer.from('x127.0.0.1'), port(value), Buffer.from('127.0.0.1'), port(value)]);
    return Buffer.concat([port(body.length), body]);
  };
  const stream = readdress(9092, 4444);
  const bytes = Buffer.concat([answer(9092), answer(9093)]);
  for (let at = 0; at < bytes.length; at += 5) stream.write(Buffer.from(bytes.subarray(at, at + 5)));
  stream.end();
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  expect(Buffer.concat(parts)).toEqual(Buffer.concat([answer(4444), answer(9093)]));
});
