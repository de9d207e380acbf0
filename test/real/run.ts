import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { differencesOf } from '../support/known-differences.ts';
import { findSuites } from '../support/portable-suites.ts';
import { type KafkaVersion, startKafka } from '../support/services/kafka.ts';
import { startSecantus } from '../support/services/secantus.ts';

// Runs the suites of `npm test` that ask for servers on real ones, one combination of servers after the other.

interface Round {
  /** Absent where the suites start their own. */
  readonly kafka?: KafkaVersion;
  readonly files: readonly string[];
}

/** Takes long, and what it is about does not depend on the server's version. */
const aboutTheModel = 'test/e2e/reviews.test.ts';

const suites = findSuites();
const rounds: readonly Round[] = [
  { kafka: '4.4.0', files: suites.filter(({ kafka, mongo }) => kafka || mongo).map(({ file }) => file) },
  {
    kafka: '3.9.2',
    files: suites.filter(({ file, kafka }) => kafka && file !== aboutTheModel).map(({ file }) => file),
  },
  { files: ['test/real/security.test.ts', 'test/real/mongo-security.test.ts'] },
];

/** Runs test files in vitest with these variables on top of the environment; resolves with whether all passed. */
async function runVitest(files: readonly string[], variables: Record<string, string>): Promise<boolean> {
  const args = ['vitest', 'run', '--config', 'test/real/vitest.config.ts', ...files];
  const vitest = spawn('npx', args, { stdio: 'inherit', env: { ...process.env, ...variables } });
  const [code] = await once(vitest, 'exit');
  return code === 0;
}

async function play({ kafka: version, files }: Round): Promise<string> {
  const start = performance.now();
  const ending = (passed: boolean, servers: string) => {
    if (!passed) process.exitCode = 1;
    const differences = differencesOf(servers)
      .filter(({ file }) => files.includes(file))
      .map(({ server, test, reason }) => `\n    ${server} differs: ${test}: ${reason}`);
    const seconds = Math.round((performance.now() - start) / 1000);
    return `${passed ? 'passed' : 'FAILED'} in ${seconds} s: ${files.length} files on ${servers}${differences.join('')}`;
  };
  if (version === undefined) return ending(await runVitest(files, {}), 'servers of their own');
  const kafka = await startKafka(version);
  const mongo = await startSecantus().catch(async (error: unknown) => {
    await kafka.stop();
    throw error;
  });
  const servers = `${kafka.name} ${mongo.name}`;
  try {
    const variables = { KOE_TEST_KAFKA: kafka.address, KOE_TEST_MONGO: mongo.address, KOE_TEST_SERVERS: servers };
    return ending(await runVitest(files, variables), servers);
  } finally {
    await Promise.all([kafka.stop(), mongo.stop()]);
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const lines: string[] = [];
try {
  for (const round of rounds) lines.push(await play(round));
} catch (error) {
  process.exitCode = 1;
  lines.push(error instanceof Error ? error.message : String(error));
}
process.stdout.write(`${lines.join('\n')}\n`);
