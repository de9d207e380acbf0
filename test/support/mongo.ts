import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedMongo } from '../../src/embedded/mongo/server.ts';

/** A MongoDB-compatible server for one test file. */
export interface TestMongo {
  readonly uri: string;
  close(): Promise<void>;
}

/**
 * The MongoDB that suites run on: the running one that the environment variable `KOE_TEST_MONGO` names (a connection
 * string), or the embedded server on a fresh folder.
 */
export async function startTestMongo(): Promise<TestMongo> {
  const given = process.env.KOE_TEST_MONGO;
  if (given) return { uri: given, close: async () => {} };
  const dataDir = await mkdtemp(join(tmpdir(), 'koe-mongo-'));
  const server = await startEmbeddedMongo({ dataDir });
  return {
    uri: server.uri,
    close: async () => {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
