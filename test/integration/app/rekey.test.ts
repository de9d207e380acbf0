import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type RekeyProgress, rekey } from '../../../src/app/rekey.ts';
import { readSettings } from '../../../src/config/settings.ts';
import type { EnrichedRecord } from '../../../src/domain/record.ts';
import { createPseudonymKeys } from '../../../src/pipeline/pseudonym.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { fromDocument } from '../../../src/store/documents.ts';
import { createRecordStore } from '../../../src/store/records.ts';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { enrichedRecord } from '../../support/records.ts';
import { silentLogger } from '../../support/silent-logger.ts';

const [first, second] = ['the first key of sixteen', 'the second key of sixteen'] as const;
const before = createPseudonymKeys([first]);
const keys = createPseudonymKeys([first, second]);

let mongo: TestMongo;
let database: Database;
let published: EnrichedRecord[];

beforeAll(async () => {
  mongo = await startTestMongo();
});

afterAll(() => mongo.close());

beforeEach(async () => {
  published = [];
  database = await openDatabase({ uri: mongo.uri, database: `koe-test-${Math.random().toString(36).slice(2)}` });
  return async () => {
    await database.drop();
    await database.close();
  };
});

async function run(apply: boolean): Promise<RekeyProgress | undefined> {
  const publisher = {
    publish: async (records: readonly EnrichedRecord[]) => {
      published.push(...records);
      return [];
    },
  };
  const { signal } = new AbortController();
  const parts = { settings: readSettings({}), database, keys, publisher, logger: silentLogger };
  let progress: RekeyProgress | undefined;
  for await (progress of rekey({ apply, signal }, parts));
  return progress;
}

async function customers(): Promise<Record<string, string | undefined>> {
  const records = (await database.records.find().toArray()).map(fromDocument);
  return Object.fromEntries(records.map(({ id, customer }) => [id, customer]));
}

test('a customer from before and after a rotation becomes one', async () => {
  const now = keys.pseudonymize('shop', 'taro');
  const stranger = createPseudonymKeys([second]).pseudonymize('shop', 'taro');
  await createRecordStore(database).save([
    enrichedRecord({ id: 'old', tenant: 'shop', customer: before.pseudonymize('shop', 'taro') }),
    enrichedRecord({ id: 'new', tenant: 'shop', customer: now }),
    enrichedRecord({ id: 'stranger', tenant: 'shop', customer: stranger }),
    enrichedRecord({ id: 'nobody', tenant: 'shop' }),
  ]);
  const untouched = await customers();
  expect(await run(false)).toEqual({ earlier: 1, foreign: 1, overtaken: 0, finished: true });
  expect(await customers()).toEqual(untouched);
  expect(published).toEqual([]);

  expect(await run(true)).toEqual({ earlier: 1, foreign: 1, overtaken: 0, finished: true });
  expect(await customers()).toEqual({ ...untouched, old: now });
  expect(published.map(({ id, customer }) => [id, customer])).toEqual([['old', now]]);

  expect(await run(true)).toEqual({ earlier: 0, foreign: 1, overtaken: 0, finished: true });
  expect(published).toHaveLength(1);
});
