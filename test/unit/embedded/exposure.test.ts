import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isLoopback } from '../../../src/embedded/exposure.ts';
import { startEmbeddedKafka } from '../../../src/embedded/kafka/broker.ts';
import { startEmbeddedMongo } from '../../../src/embedded/mongo/server.ts';

test.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost'])('%s is reached by this machine only', (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each(['0.0.0.0', '::', '192.168.1.4', '10.0.0.1', '128.0.0.1', 'example.org', 'localhost.example.org', ''])(
  '%s may be reached by others',
  (host) => expect(isLoopback(host)).toBe(false),
);

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'koe-exposure-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

test.each([
  ['Kafka', startEmbeddedKafka],
  ['MongoDB', startEmbeddedMongo],
])('an embedded %s listens to others only when told to', async (_, start) => {
  await expect(start({ dataDir, host: '0.0.0.0' })).rejects.toThrow('asks nobody for a password');
  const server = await start({ dataDir, host: '0.0.0.0', exposed: true });
  expect(server.host).toBe('0.0.0.0');
  await server.close();
});
