import { join } from 'node:path';
import { temporaryFolder } from './folder.ts';
import { startServer } from './koe-process.ts';

/** The servers of an end-to-end test, outside its process. */
export interface TestServers {
  /** `host:port,host:port`. */
  readonly kafka: string;
  /** A connection string. */
  readonly mongo: string;
  /** Ends those that were started for this test. */
  close(): Promise<void>;
}

/**
 * The servers that end-to-end tests run on: the running ones that the environment variables `KOE_TEST_KAFKA` and
 * `KOE_TEST_MONGO` name, or processes of `koe embedded` on a fresh folder.
 */
export async function startTestServers(): Promise<TestServers> {
  const folder = await temporaryFolder();
  const [kafka, mongo] = await Promise.all([
    givenOr(process.env.KOE_TEST_KAFKA, () => startServer('kafka', join(folder.path, 'kafka'))),
    givenOr(process.env.KOE_TEST_MONGO, () => startServer('mongo', join(folder.path, 'mongo'))),
  ]);
  return {
    kafka: kafka.address,
    mongo: mongo.address,
    close: async () => {
      await Promise.all([kafka.kill('SIGTERM'), mongo.kill('SIGTERM')]);
      await folder.remove();
    },
  };
}

type Startable = Pick<Awaited<ReturnType<typeof startServer>>, 'address' | 'kill'>;

async function givenOr(given: string | undefined, start: () => Promise<Startable>): Promise<Startable> {
  return given ? { address: given, kill: async () => {} } : start();
}
