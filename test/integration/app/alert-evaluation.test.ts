import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadAlertRules } from '../../../src/app/alert-assets.ts';
import { evaluateTenant } from '../../../src/app/alert-evaluator.ts';
import { rememberUsual } from '../../../src/app/alert-usual.ts';
import { DependencyError } from '../../../src/domain/dependency-error.ts';
import type { EnrichedRecord } from '../../../src/domain/record.ts';
import { claimTenant, markFeedback } from '../../../src/store/alert-progress.ts';
import { queryAlerts } from '../../../src/store/alert-query.ts';
import { actOnAlert, writeAlert } from '../../../src/store/alerts.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { createRecordStore } from '../../../src/store/records.ts';
import { refreshRollups } from '../../../src/store/rollups.ts';
import { alertDocument } from '../../support/alerts.ts';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { enrichedRecord, topic } from '../../support/records.ts';
import { uniqueName } from '../../support/unique-name.ts';

const [minute, hour] = [60_000, 3_600_000];
/** 14:00 in Japan on an ordinary Wednesday. */
const start = Date.UTC(2026, 10, 18, 5);
/** One for all tests, as in a worker: nothing may come of what it remembers. */
const findUsual = rememberUsual();
const patience = { latenessMs: 30_000, idleMs: 10_000 };

let mongo: TestMongo;
let database: Database;

beforeAll(async () => {
  mongo = await startTestMongo();
  database = await openDatabase({ uri: mongo.uri, database: uniqueName('koe-alerts') });
});

afterAll(async () => {
  await database.drop();
  await database.close();
  await mongo.close();
});

/** A record about delivery so many minutes after the start. */
function record(id: string, minutes: number, polarity: 'negative' | 'positive', changes: Partial<EnrichedRecord> = {}) {
  return enrichedRecord({
    id,
    channel: 'chat',
    occurredAt: new Date(start + minutes * minute).toISOString(),
    customer: `customer-${id}`,
    topics: [topic('delivery', polarity)],
    ...changes,
  });
}

/** An hour as usual, thirty negatives in ten minutes, an hour of quiet, and a second outbreak of another topic. */
function stream(): EnrichedRecord[] {
  const usual = Array.from({ length: 12 }, (_, at) =>
    record(`usual-${at}`, at * 25, at % 4 === 0 ? 'negative' : 'positive'),
  );
  const outage = Array.from({ length: 30 }, (_, at) => record(`outage-${at}`, 90 + at / 3, 'negative'));
  const billing = Array.from({ length: 15 }, (_, at) =>
    record(`billing-${at}`, 200 + at, 'negative', { topics: [topic('billing', 'negative')], channel: 'review' }),
  );
  const burning = record('burning', 150, 'negative', { flags: [{ id: 'safety', confidence: 0.9 }], topics: [] });
  return [...usual, ...outage, ...billing, burning].sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1));
}

async function evaluateAt(now: number): Promise<void> {
  const file = await loadAlertRules();
  const claim = await claimTenant(database, 'test', patience, now);
  if (claim === undefined) return;
  const settings = { file, findUsual, zoneOffsetMs: 9 * hour, horizonMs: 72 * hour };
  expect(await evaluateTenant(database, claim, settings, now)).toBe(true);
  // Not due again by itself: other tenants of this file come first.
  await claim.settle(new Date(now + 1000 * hour));
}

async function feed(tenant: string, batch: readonly EnrichedRecord[], partition: number, now: number) {
  await createRecordStore(database).save(batch.map((one) => ({ ...one, tenant })));
  const times = batch.map(({ occurredAt }) => Date.parse(occurredAt));
  const read = { tenant, oldest: Math.min(...times), newest: Math.max(...times) };
  await markFeedback(database, String(partition), [read], now);
}

const alertsOf = (tenant: string) => queryAlerts(database, { tenant, limit: 100 });

/** Keys without the tenant. */
async function keysOf(tenant: string): Promise<string[]> {
  return (await alertsOf(tenant)).map(({ key }) => key.slice(tenant.length)).sort();
}

test('an outage is one alert with its evidence, opened once, and over after two quiet hours', async () => {
  await feed('shop', stream(), 0, start + 6 * hour);
  await evaluateAt(start + 6 * hour + 11_000);
  const alerts = await alertsOf('shop');
  expect(alerts.map(({ rule, subject }) => `${rule} ${subject}`).sort()).toEqual([
    'safety burning',
    'spike billing.review',
    'spike delivery.chat',
  ]);
  const outage = alerts.find(({ topic }) => topic === 'delivery');
  expect(outage).toMatchObject({ status: 'resolved', owner: 'logistics', incident: outage?.id });
  expect(outage?.history.map(({ event }) => event)).toEqual(['opened', 'resolved']);
  expect(Date.parse(outage?.first.window.until ?? '')).toBeLessThanOrEqual(start + 95 * minute);
  expect(outage?.first.q).toBeLessThan(0.05);
  expect(outage?.evidence.customers.count).toBeGreaterThanOrEqual(30);
  expect(alerts.find(({ rule }) => rule === 'safety')?.status).toBe('open');
  await feed('shop', stream().slice(0, 1), 0, start + 6 * hour + 20_000);
  await evaluateAt(start + 6 * hour + 31_000);
  expect(await alertsOf('shop')).toEqual(alerts);
});

test('the same stream gives the same alerts, however it is batched, repeated and interleaved', async () => {
  const whole = stream();
  await feed('whole', whole, 0, start + 6 * hour);
  await evaluateAt(start + 6 * hour + 11_000);
  const expected = await keysOf('whole');
  expect(expected).toHaveLength(3);
  const shape = fc.array(
    fc.record({
      size: fc.integer({ min: 1, max: 30 }),
      repeat: fc.boolean(),
      evaluates: fc.boolean(),
      part: fc.nat(2),
    }),
    { minLength: 2, maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(shape, fc.boolean(), async (batches, reversed) => {
      const tenant = uniqueName('shop');
      const rest = reversed ? [...whole].reverse() : [...whole];
      let now = start + 6 * hour;
      for (const { size, repeat, evaluates, part } of batches) {
        const batch = rest.splice(0, size);
        if (batch.length === 0) break;
        now += 100;
        await feed(tenant, batch, part, now);
        if (repeat) await feed(tenant, batch, part, now);
        if (evaluates) await evaluateAt(now + 50);
      }
      // Something has to come for the tenant to be due: what is left, or the last piece once more.
      await feed(tenant, rest.length > 0 ? rest : whole.slice(-1), 0, now + 100);
      await evaluateAt(now + 11_000);
      expect(await keysOf(tenant)).toEqual(expected);
    }),
    { numRuns: 4 },
  );
}, 180_000);

test('a tenant that rests is not evaluated again before, though feedback came', async () => {
  const now = start + 6 * hour;
  await feed('resting', [record('early', 1, 'negative')], 0, now);
  const claim = await claimTenant(database, 'test', patience, now);
  expect(claim?.tenant).toBe('resting');
  await claim?.settle(new Date(now + minute), new Date(now + 10_000));
  await feed('resting', [record('late', 0, 'negative')], 0, now);
  expect(await claimTenant(database, 'test', patience, now + 9_999)).toBeUndefined();
  const next = await claimTenant(database, 'test', patience, now + 10_000);
  expect(next).toMatchObject({ tenant: 'resting', changed: start });
  await next?.settle(new Date(now + 1000 * hour));
});

/** The database, whose alerts fail at one write and from then on. */
function failingFrom(write: number): Database {
  let left = write;
  const alerts = new Proxy(database.alerts, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      const isWrite = ['updateOne', 'replaceOne', 'deleteOne'].includes(String(name));
      return (...given: unknown[]) => {
        if (isWrite && left-- <= 0) throw new DependencyError('mongodb', 'transient', 'away');
        return Reflect.apply(value, target, given);
      };
    },
  });
  return { ...database, alerts };
}

test('an evaluation that ends at any write is taken up again, with the same alerts, each opened once', async () => {
  const now = start + 6 * hour;
  const settings = { file: await loadAlertRules(), findUsual, zoneOffsetMs: 9 * hour, horizonMs: 72 * hour };
  await feed('steady', stream(), 0, now);
  await evaluateAt(now + 11_000);
  let ended = false;
  for (let write = 0; !ended; write++) {
    const tenant = uniqueName('ending');
    await feed(tenant, stream(), 0, now);
    const claim = await claimTenant(database, 'dies', patience, now + 11_000);
    expect(claim?.tenant).toBe(tenant);
    if (claim === undefined) throw new Error('nothing is due');
    const evaluated = evaluateTenant(failingFrom(write), claim, settings, now + 11_000);
    ended = await evaluated.catch((error: unknown) => {
      expect(error).toBeInstanceOf(DependencyError);
      return false;
    });
    // Whoever comes next waits for the lease to end.
    await evaluateAt(now + 11_000 + minute);
    expect(await keysOf(tenant)).toEqual(await keysOf('steady'));
    for (const { history } of await alertsOf(tenant)) {
      expect(history.filter(({ event }) => event === 'opened')).toHaveLength(1);
    }
    if (ended) expect(write).toBeGreaterThan(2);
  }
}, 60_000);

test('what is usual is learnt again when votes, campaigns or late feedback change it, and not otherwise', async () => {
  const findUsual = rememberUsual();
  const at = start + 48 * hour;
  const learn = () => findUsual(database, 'usual', at, 9 * hour);
  const expectedIn = async () => (await learn()).spikes.baselineOf('delivery', 'chat', at).expected[0];
  const store = async (id: string) => {
    await createRecordStore(database).save([record(id, 0, 'negative', { tenant: 'usual' })]);
    while ((await refreshRollups(database, 50)) > 0);
  };
  await store('one');
  const first = await learn();
  expect(await learn()).toBe(first);
  const before = await expectedIn();
  await store('two');
  expect(await expectedIn()).toBeGreaterThan(before ?? 0);
  const second = await learn();
  const alert = alertDocument({
    tenant: 'usual',
    beganAt: new Date(start + minute),
    firedAt: new Date(start + minute),
  });
  await writeAlert(database, alert, undefined);
  const third = await learn();
  expect(third).not.toBe(second);
  expect(await expectedIn()).toBeLessThan(before ?? 0);
  await actOnAlert(
    database,
    { tenant: 'usual', id: alert.id },
    { event: 'voted', useful: false, by: 'me' },
    new Date(),
  );
  expect(await expectedIn()).toBeGreaterThan(before ?? 0);
  const today = alertDocument({ tenant: 'usual', beganAt: new Date(at), firedAt: new Date(at) });
  const fourth = await learn();
  await writeAlert(database, today, undefined);
  expect((await learn()).spikes.baselineOf('delivery', 'chat', at)).toEqual(
    fourth.spikes.baselineOf('delivery', 'chat', at),
  );
});
