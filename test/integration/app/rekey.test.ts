import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type RekeyProgress, rekey } from '../../../src/app/rekey.ts';
import { readSettings } from '../../../src/config/settings.ts';
import type { EnrichedRecord } from '../../../src/domain/record.ts';
import { customerHash } from '../../../src/insight/customer-sample.ts';
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

const nothing = { earlier: 0, foreign: 0, overtaken: 0 };
const elsewhere = { events: nothing, risks: nothing, changes: nothing, alerts: nothing, deliveries: nothing };

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
  expect(await run(false)).toEqual({ ...elsewhere, records: { earlier: 1, foreign: 1, overtaken: 0 }, finished: true });
  expect(await customers()).toEqual(untouched);
  expect(published).toEqual([]);

  expect(await run(true)).toEqual({ ...elsewhere, records: { earlier: 1, foreign: 1, overtaken: 0 }, finished: true });
  expect(await customers()).toEqual({ ...untouched, old: now });
  expect(published.map(({ id, customer }) => [id, customer])).toEqual([['old', now]]);

  expect(await run(true)).toEqual({ ...elsewhere, records: { earlier: 0, foreign: 1, overtaken: 0 }, finished: true });
  expect(published).toHaveLength(1);
});

test('events, churn risks and their changes, alerts and messages about them get the new names too', async () => {
  const [old, name] = [before.pseudonymize('shop', 'taro'), keys.pseudonymize('shop', 'taro')];
  const stranger = 'someone under a key that is lost';
  const at = new Date('2026-11-01T00:00:00Z');
  const common = { tenant: 'shop', occurredAt: at, receivedAt: at, type: 'used', count: 1 } as const;
  await database.customerEvents.insertMany([
    { _id: 'shop/e-1', ...common, customer: old },
    { _id: 'shop/e-2', ...common, customer: name },
    { _id: 'shop/e-3', ...common, customer: stranger },
  ]);
  const risk = { model: 'rule', risk: 0.2, quarterRisk: 0.5, baseRisk: 0.02, band: 'high', contributions: [] } as const;
  const scored = { tenant: 'shop', ...risk, scoredAt: at, mrr: 100 };
  await database.churnRisks.insertOne({ _id: `shop/${old}`, ...scored, customer: old, hash: 1, changes: 3 });
  const change = { tenant: 'shop', customer: old, band: 'high', mrr: 100, scoredAt: at } as const;
  await database.churnChanges.insertOne({ _id: `shop/${old}/1`, ...change });
  const evidence = { customers: { count: 2, list: [old, stranger], revenue: 0 } };
  const runs = [{ from: 0, until: 1 }];
  const alert = { id: 'a', tenant: 'shop', rule: 'r', kind: 'spike', subject: 's', runs, status: 'open', history: [] };
  await database.alerts.insertOne({ _id: 'k', ...alert, evidence, beganAt: at, firedAt: at, version: 4 } as never);
  const delivery = { tenant: 'shop', channel: 'c', changes: [{ data: { evidence } }], status: 'waiting', attempts: 0 };
  await database.alertDeliveries.insertOne({ _id: 'd', ...delivery, dueAt: at, createdAt: at } as never);

  const untouched = await stored();
  const one = { earlier: 1, foreign: 0, overtaken: 0 };
  const counts = {
    records: nothing,
    events: { ...one, foreign: 1 },
    risks: one,
    changes: one,
    alerts: { ...one, foreign: 1 },
    deliveries: { ...one, foreign: 1 },
    finished: true,
  };
  expect(await run(false)).toEqual(counts);
  expect(await stored()).toBe(untouched);
  expect(await run(true)).toEqual(counts);
  expect(await stored()).not.toContain(old);
  expect(await stored()).toBe(
    untouched
      .replaceAll(old, name)
      .replace('"hash":1', `"hash":${customerHash(name)}`)
      .replace('"version":4', '"version":5'),
  );
  const done = await stored();
  expect(await run(true)).toMatchObject({ events: { earlier: 0 }, risks: { earlier: 0 }, alerts: { earlier: 0 } });
  expect(await stored()).toBe(done);
});

test('a risk that was scored under both names is kept under the new one, with all changes', async () => {
  const [old, name] = [before.pseudonymize('shop', 'taro'), keys.pseudonymize('shop', 'taro')];
  const risk = {
    tenant: 'shop',
    model: 'rule',
    quarterRisk: 0.5,
    baseRisk: 0.02,
    band: 'high',
    contributions: [],
  } as const;
  const scored = { ...risk, scoredAt: new Date(0), mrr: 100, hash: 1 };
  await database.churnRisks.insertMany([
    { _id: `shop/${old}`, ...scored, customer: old, risk: 0.9, changes: 3 },
    { _id: `shop/${name}`, ...scored, customer: name, risk: 0.1, changes: 1 },
  ]);
  await run(true);
  expect(await database.churnRisks.find().toArray()).toEqual([
    { _id: `shop/${name}`, ...scored, customer: name, risk: 0.1, changes: 3 },
  ]);
});

/** Everything but records, as text. */
async function stored(): Promise<string> {
  const { customerEvents, churnRisks, churnChanges, alerts, alertDeliveries } = database;
  const found = [];
  for (const collection of [customerEvents, churnRisks, churnChanges, alerts, alertDeliveries]) {
    found.push(
      await collection
        .find({} as never)
        .sort({ _id: 1 })
        .toArray(),
    );
  }
  return JSON.stringify(found, (_, value) =>
    Array.isArray(value) || typeof value !== 'object' || value === null
      ? value
      : Object.fromEntries(Object.entries(value).sort()),
  );
}
