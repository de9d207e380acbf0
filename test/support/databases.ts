import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { startTestMongo, type TestMongo } from './mongo.ts';
import { uniqueName } from './unique-name.ts';

/**
 * Gives every test of a suite a database of its own, empty and dropped afterwards, on the MongoDB that suites run on.
 *
 * @param use told of the database before each test, with the server's connection string
 */
export function startTestDatabases(use: (database: Database, uri: string) => void): void {
  let mongo: TestMongo;
  beforeAll(async () => {
    mongo = await startTestMongo();
  });
  afterAll(() => mongo.close());
  beforeEach(async () => {
    const database = await openDatabase({ uri: mongo.uri, database: uniqueName('koe-test') });
    use(database, mongo.uri);
    return async () => {
      await database.drop();
      await database.close();
    };
  });
}
