import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A MongoDB-compatible server for tests. */
export interface TestMongo {
  readonly uri: string;
  close(): Promise<void>;
}

/** Starts the embedded server on a folder of its own, or uses the one that KOE_TEST_MONGO points to. */
export async function startTestMongo(): Promise<TestMongo> {
  const given = process.env.KOE_TEST_MONGO;
  if (given !== undefined) return { uri: given, close: async () => {} };
  const { startEmbeddedMongo } = await import('../../src/embedded/mongo/server.ts');
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
