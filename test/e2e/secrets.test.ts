import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { runKoe, startKoe } from '../support/koe-process.ts';
import { rawFeedback } from '../support/messages.ts';
import { until } from '../support/until.ts';

const kafkaPassword = 'kafka-s3cret/+@';
const mongoPassword = 'mongo-s3cret/+@';
const pseudonymKey = 'pseudonym-s3cret-of-the-shop';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
// Answers every client with its own words: whatever they were, they come back in the errors of the drivers.
const echo = createServer((socket) => {
  socket.on('error', () => {}).once('data', (bytes) => socket.end(bytes));
});
beforeAll(async () => {
  folder = await temporaryFolder();
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  for (const [name, text] of Object.entries({ kafkaPassword, mongoPassword, pseudonymKey })) {
    await writeFile(join(folder.path, name), `${text}\n`);
  }
});
afterAll(async () => {
  echo.close();
  await folder.remove();
});

function environmentOf(changes: Record<string, string> = {}): Record<string, string> {
  const { port } = echo.address() as AddressInfo;
  return {
    KAFKA_BROKERS: `127.0.0.1:${port}`,
    KAFKA_SASL_MECHANISM: 'plain',
    KAFKA_SASL_USERNAME: 'koe',
    KAFKA_SASL_PASSWORD_FILE: join(folder.path, 'kafkaPassword'),
    MONGODB_URI: `mongodb://koe:${encodeURIComponent(mongoPassword)}@127.0.0.1:${port}/koe`,
    KOE_PSEUDONYM_KEY_FILE: join(folder.path, 'pseudonymKey'),
    KOE_RETRY_GIVE_UP_SECONDS: '1',
    KOE_MODEL: 'none',
    KOE_ANALYSIS_PROCESSES: '1',
    KOE_HTTP_PORT: '0',
    KOE_DATA_DIR: join(folder.path, 'data'),
    ...changes,
  };
}

const apart = () => ({
  MONGODB_URI: `mongodb://127.0.0.1:${(echo.address() as AddressInfo).port}/koe`,
  MONGODB_USERNAME: 'koe',
  MONGODB_PASSWORD_FILE: join(folder.path, 'mongoPassword'),
});

/** Every secret has these letters, in whatever way it is written. */
function expectNoSecrets(...texts: string[]): void {
  for (const text of texts) expect(text).not.toMatch(/s3cret|czNjcmV0|73336372/i);
}

async function runWorker(environment: Record<string, string>): Promise<number | NodeJS.Signals> {
  const worker = startKoe([], { entry: 'workers/enrich', environment: { ...environment, KOE_LOG_LEVEL: 'trace' } });
  const exit = await worker.exited;
  expect(worker.errors()).toContain('"level":"fatal"');
  expectNoSecrets(worker.output(), worker.errors());
  return exit;
}

test('a worker that fails writes no secret, at the level that holds the lines of all others', async () => {
  expect(await runWorker(environmentOf())).toBe(70);
});

test.each([
  ['a password that is not encoded', `mongodb://koe:${mongoPassword}@db/koe`],
  ['no host', `mongodb://koe:${encodeURIComponent(mongoPassword)}`],
  ['another scheme', `http://koe:${encodeURIComponent(mongoPassword)}@db/koe`],
])('a connection string with %s is not repeated', async (_, uri) => {
  const local = { KAFKA_BROKERS: '', KAFKA_SASL_MECHANISM: '' };
  expect(await runWorker(environmentOf({ ...local, MONGODB_URI: uri }))).toBe(78);
});

test.concurrent.each([[['doctor']], [['pain-points', '--tenant', 'shop']], [['dlq', 'list']]])(
  'koe %j writes no secret when the servers are none',
  async (args) => {
    for (const changes of [{}, apart()]) {
      const ended = await runKoe(args, { environment: environmentOf(changes) });
      expect(ended.exit).not.toBe(0);
      expectNoSecrets(ended.output, ended.errors);
    }
  },
);

test('help and refused settings hold no secret', async () => {
  for (const args of [['--help'], ['doctor', '--help'], ['dlq', '--help'], ['nonsense']]) {
    const { output, errors } = await runKoe(args, { environment: environmentOf() });
    expectNoSecrets(output, errors);
  }
  const environment = environmentOf({
    KOE_PSEUDONYM_KEY: pseudonymKey,
    MONGODB_PASSWORD: mongoPassword,
    KOE_X: 's3cret',
  });
  const { exit, errors } = await runKoe(['doctor'], { environment });
  expect(exit).toBe(78);
  expect(errors).toContain('KOE_PSEUDONYM_KEY and KOE_PSEUDONYM_KEY_FILE');
  expectNoSecrets(errors);
});

test('a worker at work writes no secret, whatever it handles', async () => {
  const local = { KAFKA_BROKERS: '', KAFKA_SASL_MECHANISM: '', MONGODB_URI: '', KOE_LOG_LEVEL: 'trace' };
  const environment = environmentOf(local);
  const worker = startKoe([], { entry: 'workers/enrich', environment });
  await until(`started: ${worker.errors()}`, () => worker.errors().includes('enrich worker started'), 60_000);
  const input = `${JSON.stringify(rawFeedback({ customerId: 'taro' }))}\n`;
  await runKoe(['send', '-'], { input, environment });
  await until('it is handled', () => worker.errors().includes('handled a batch'), 30_000);
  expect(await worker.kill('SIGTERM')).toBe(0);
  expectNoSecrets(worker.output(), worker.errors());
});
