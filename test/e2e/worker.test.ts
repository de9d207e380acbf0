import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { startKoe } from '../support/koe-process.ts';
import { until } from '../support/until.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, 'model'));
  await writeFile(join(folder.path, 'model', 'manifest.json'), '{}');
});

afterAll(() => folder.remove());

function startWorker(environment: Record<string, string>) {
  const base = {
    KOE_DATA_DIR: join(folder.path, 'data'),
    KOE_MODEL: 'none',
    KOE_ANALYSIS_PROCESSES: '1',
    KOE_HTTP_PORT: '0',
  };
  return startKoe([], { entry: 'workers/enrich', environment: { ...base, ...environment } });
}

/** A port that nobody listens on at present. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

test('without any server configured it runs on embedded ones and ends on SIGTERM with 0', async () => {
  const worker = startWorker({});
  await until(`started: ${worker.errors()}`, () => worker.errors().includes('enrich worker started'), 30_000);
  const asked = performance.now();
  expect(await worker.kill('SIGTERM')).toBe(0);
  expect(performance.now() - asked).toBeLessThan(10_000);
  for (const line of worker.errors().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('level');
});

test('while a dependency is away at the start it says that it is starting, and a signal ends it with 0', async () => {
  const port = await freePort();
  const worker = startWorker({
    KAFKA_BROKERS: '127.0.0.1:1',
    KOE_PSEUDONYM_KEY: 'sixteen characters',
    KOE_HTTP_PORT: String(port),
  });
  const ready = () => fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
  await until('it answers', async () => (await ready()) !== undefined, 20_000);
  const answer = await ready();
  expect(answer?.status).toBe(503);
  expect(await answer?.json()).toMatchObject({ live: true, ready: false, detail: 'starting' });
  expect(await worker.kill('SIGTERM')).toBe(0);
});

test.each([
  ['a wrong setting', { KOE_HTTP_PORT: 'eighty' }, 78, 'KOE_HTTP_PORT: must be a whole number'],
  ['a broken model', { KOE_MODEL: '<folder>/model' }, 78, 'manifest.json'],
  ['a model that is not there', { KOE_MODEL: '<folder>/nothing' }, 78, 'KOE_MODEL: there is no model in'],
  [
    'no Kafka',
    { KAFKA_BROKERS: '127.0.0.1:1', KOE_RETRY_GIVE_UP_SECONDS: '1', KOE_PSEUDONYM_KEY: 'sixteen characters' },
    70,
    'kafka',
  ],
  ['pseudonyms that would leave the machine', { KAFKA_BROKERS: '127.0.0.1:1' }, 78, 'KOE_PSEUDONYM_KEY: required'],
  ['a host that is not ours', { KOE_HTTP_HOST: '192.0.2.1' }, 78, 'KOE_HTTP_HOST and KOE_HTTP_PORT: listen'],
])('%s ends with its exit code and a sentence', async (_, environment, exitCode, sentence) => {
  const entries = Object.entries(environment).map(([name, value]) => [name, value.replace('<folder>', folder.path)]);
  const worker = startWorker(Object.fromEntries(entries));
  expect(await worker.exited).toBe(exitCode);
  const last = JSON.parse(worker.errors().trim().split('\n').at(-1) ?? '{}');
  expect(last.level).toBe('fatal');
  expect(String(last.msg).toLowerCase()).toContain(sentence.toLowerCase());
});
