import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Servers that a suite asks for; it runs on whatever `KOE_TEST_KAFKA` and `KOE_TEST_MONGO` name. */
export interface Suite {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly kafka: boolean;
  readonly mongo: boolean;
}

/** All test files that speak to servers, or could: those of the contract, integration and end-to-end folders. */
export function findSuites(): Suite[] {
  const files = ['contract', 'integration', 'e2e'].flatMap((folder) =>
    readdirSync(join('test', folder), { recursive: true, encoding: 'utf8' }).map((name) => join('test', folder, name)),
  );
  const suites = files.filter((file) => file.endsWith('.test.ts')).sort();
  return suites.map((file) => {
    const source = readFileSync(file, 'utf8');
    return {
      file,
      kafka: /startTest(Kafka|Servers|Api)\(/.test(source),
      mongo: /startTest(Mongo|Servers|Databases|Api)\(/.test(source),
    };
  });
}

/** Why the other suites of those folders run on no given server; a test refuses a suite that is in neither place. */
export const embeddedOnly: Readonly<Record<string, readonly string[]>> = {
  'kills, fills or looks into the server itself': [
    'test/contract/kafka/durability.test.ts',
    'test/contract/mongo/durability.test.ts',
    'test/contract/mongo/robustness.test.ts',
    'test/integration/kafka/broker-restart.test.ts',
  ],
  "is about limits and defences that are the embedded server's own": [
    'test/contract/fuzz.test.ts',
    'test/contract/kafka/hostile-clients.test.ts',
    'test/contract/limits.test.ts',
    'test/contract/mongo/limits.test.ts',
  ],
  'is about koe without servers configured': [
    'test/e2e/demo.test.ts',
    'test/e2e/embedded.test.ts',
    'test/e2e/secrets.test.ts',
    'test/integration/app/embedded-servers.test.ts',
    'test/e2e/readme.test.ts',
    'test/e2e/worker.test.ts',
  ],
  'speaks to a schema registry only (KOE_TEST_SCHEMA_REGISTRY)': ['test/contract/schema-registry.test.ts'],
  'speaks to no server': [
    'test/integration/analyze-stream.test.ts',
    'test/integration/analyzer.test.ts',
    'test/integration/app/model-versions.test.ts',
    'test/e2e/analyze.test.ts',
    'test/e2e/usage.test.ts',
  ],
};
