import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseRule } from '../../../src/alerting/rule-file.ts';
import { loadAlertRules } from '../../../src/app/alert-assets.ts';
import { evaluateTenant } from '../../../src/app/alert-evaluator.ts';
import { createAlertMarker } from '../../../src/app/alert-marker.ts';
import { replayRule } from '../../../src/app/alert-replay.ts';
import { rememberUsual } from '../../../src/app/alert-usual.ts';
import type { ChurnChange } from '../../../src/domain/churn-change.ts';
import type { ReceivedMessage } from '../../../src/domain/message.ts';
import { claimTenant } from '../../../src/store/alert-progress.ts';
import { queryAlerts } from '../../../src/store/alert-query.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { createRecordStore } from '../../../src/store/records.ts';
import { createTurnStore } from '../../../src/store/turns.ts';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { enrichedRecord } from '../../support/records.ts';
import { uniqueName } from '../../support/unique-name.ts';

const [minute, hour] = [60_000, 3_600_000];
const zoneOffsetMs = 9 * hour;
/** 14:00 in Japan on an ordinary Wednesday. */
const start = Date.UTC(2026, 10, 18, 5);

let mongo: TestMongo;
let database: Database;

beforeAll(async () => {
  mongo = await startTestMongo();
  database = await openDatabase({ uri: mongo.uri, database: uniqueName('koe-alert-kinds') });
});

afterAll(async () => {
  await database.drop();
  await database.close();
  await mongo.close();
});

function change(customer: string, changes: Partial<ChurnChange>): ReceivedMessage {
  const value: ChurnChange = {
    id: `shop/${customer}/1`,
    tenant: 'shop',
    customer,
    scoredAt: new Date(start).toISOString(),
    band: 'critical',
    previousBand: 'low',
    risk: 0.9,
    quarterRisk: 0.95,
    mrr: 5000,
    model: 'rule',
    contributions: [],
    ...changes,
  };
  return {
    topic: 'churn',
    partition: 0,
    offset: '0',
    timestamp: start,
    key: null,
    value: Buffer.from(JSON.stringify(value)),
    headers: {},
  };
}

async function evaluate(now: number): Promise<void> {
  const claim = await claimTenant(database, 'test', { latenessMs: 30_000, idleMs: 10_000 }, now);
  if (claim === undefined) throw new Error('nothing is due');
  const settings = { file: await loadAlertRules(), findUsual: rememberUsual(), zoneOffsetMs, horizonMs: 72 * hour };
  expect(await evaluateTenant(database, claim, settings, now)).toBe(true);
  await claim.settle(new Date(now + hour));
}

test('customers who are about to leave are one alert, with whom and why, however often the changes come', async () => {
  await createRecordStore(database).save([
    enrichedRecord({
      id: 'why',
      tenant: 'shop',
      customer: 'a',
      occurredAt: new Date(start - 24 * hour).toISOString(),
      opinions: [],
    }),
  ]);
  const handle = createAlertMarker(database, 'churn', () => start + minute);
  const changes = [
    change('a', {}),
    change('b', { previousBand: 'high', mrr: 7000 }),
    change('c', { band: 'high' }),
    change('d', { band: 'critical', previousBand: 'critical' }),
  ];
  expect((await handle(changes)).map(({ kind }) => kind)).toEqual(['ok', 'ok', 'ok', 'ok']);
  await evaluate(start + 5 * minute);
  const alerts = await queryAlerts(database, { tenant: 'shop', limit: 10 });
  expect(alerts).toMatchObject([
    {
      rule: 'churn',
      kind: 'churn-band',
      subject: 'critical',
      status: 'open',
      owner: 'customer-success',
      first: { observed: 2 },
      severity: { reasons: ['customers are about to leave'] },
      evidence: { customers: { count: 2, list: ['a', 'b'], revenue: 12_000 } },
    },
  ]);
  await handle([change('a', { scoredAt: new Date(start + 2 * minute).toISOString() }), ...changes]);
  await evaluate(start + 10 * minute);
  expect(await queryAlerts(database, { tenant: 'shop', limit: 10 })).toEqual(alerts);

  const rule = parseRule({
    id: 'dear',
    kind: 'churn-band',
    bands: ['high', 'critical'],
    leastRevenue: 6000,
    examples: [
      { fires: true, changes: [{ band: 'high', mrr: 6000 }] },
      { fires: false, changes: [{ band: 'high', mrr: 5999 }] },
    ],
  });
  const period = { tenant: 'shop', from: start - hour, through: start + hour, zoneOffsetMs };
  const replayed = await replayRule(database, rule, period);
  expect(replayed.map(({ subject, first }) => [subject, first.observed])).toEqual([['critical', 1]]);
});

test('what is neither a record nor a change of risk becomes a dead letter', async () => {
  const handle = createAlertMarker(database, 'churn', () => start);
  const wrong = { ...change('x', {}), value: Buffer.from('{"tenant":"shop"}') };
  const verdicts = await handle([wrong, { ...wrong, topic: 'enriched' }, { ...wrong, value: null }]);
  expect(verdicts.map(({ kind }) => kind)).toEqual(['dead-letter', 'dead-letter', 'drop']);
});

test('conversations that wait for an answer are a figure that a rule may watch', async () => {
  const said = (id: string, conversation: string, minutes: number) =>
    enrichedRecord({
      id,
      tenant: 'desk',
      channel: 'chat',
      occurredAt: new Date(start + minutes * minute).toISOString(),
      conversation: { id: conversation, author: 'customer' },
    });
  await createRecordStore(database).save([
    said('1', 'answered', 0),
    said('2', 'waiting', 1),
    said('3', 'asked again', 2),
    said('4', 'asked again', 20),
    said('5', 'just now', 55),
  ]);
  await createTurnStore(database).keep(
    [
      ['answered', 5],
      ['asked again', 10],
    ].map(([conversation, minutes]) => ({
      tenant: 'desk',
      id: `turn-${conversation}`,
      revision: 0,
      channel: 'chat',
      conversation: String(conversation),
      author: 'agent',
      occurredAt: new Date(start + Number(minutes) * minute).toISOString(),
      receivedAt: new Date(start + Number(minutes) * minute).toISOString(),
    })),
  );
  const rule = parseRule({
    id: 'waiting',
    kind: 'metric',
    metric: 'unanswered',
    hours: 1,
    waitMinutes: 30,
    above: 1,
    fewest: 1,
    examples: [{ fires: true, value: 2, size: 4 }],
  });
  const period = { tenant: 'desk', from: start, through: start + hour, zoneOffsetMs };
  const [waiting] = await replayRule(database, rule, period);
  expect(waiting).toMatchObject({ subject: 'unanswered', first: { observed: 2, total: 4 } });
});
