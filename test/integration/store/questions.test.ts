import type { Document } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fitChurn } from '../../../src/app/churn-fit.ts';
import { scoreChurn } from '../../../src/app/churn-score.ts';
import { churnChangeSchema } from '../../../src/domain/churn-change.ts';
import type { OutgoingMessage } from '../../../src/domain/message.ts';
import { type BucketUnit, timeBuckets } from '../../../src/insight/time-buckets.ts';
import { queryChurnBacktest } from '../../../src/store/churn-backtest-query.ts';
import { queryChurnRisks } from '../../../src/store/churn-risks.ts';
import { queryCustomer } from '../../../src/store/customer-query.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { queryDrivers } from '../../../src/store/driver-query.ts';
import { queryEmerging } from '../../../src/store/emerging-query.ts';
import { queryLoyalty } from '../../../src/store/loyalty-query.ts';
import { queryOpinions } from '../../../src/store/opinion-query.ts';
import { refreshRollups, verifyRollups } from '../../../src/store/rollups.ts';
import { compareSegmentFeedback } from '../../../src/store/segment-query.ts';
import { querySurveys } from '../../../src/store/survey-query.ts';
import { queryTopics } from '../../../src/store/topic-query.ts';
import { queryTopicTimeline } from '../../../src/store/topic-timeline-query.ts';
import { queryVoices } from '../../../src/store/voice-query.ts';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { storeWorld, tenant } from '../../support/world.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const ago = (days: number) => new Date(now - days * 86_400_000);
const week = { tenant, since: ago(7), until: new Date(now) };
const voices = { ...week, stance: 'criticism', sort: 'volume', limit: 10 } as const;

let mongo: TestMongo;
let database: Database;

beforeAll(async () => {
  mongo = await startTestMongo();
  const name = `koe-test-${Math.random().toString(36).slice(2)}`;
  database = await openDatabase({ uri: mongo.uri, database: name });
  await storeWorld(database, now, (id) => id);
});

afterAll(async () => {
  await database.drop();
  await database.close();
  await mongo.close();
});

/** Collects what is sent. */
function outbox() {
  const sent: OutgoingMessage[] = [];
  const send = async (messages: readonly OutgoingMessage[]) => {
    sent.push(...messages);
  };
  return { sent, send };
}

const score = (given: { at?: Date; send?: (messages: readonly OutgoingMessage[]) => Promise<void> }) =>
  scoreChurn(database, { tenant, at: new Date(now), topic: 'churn', send: outbox().send, ...given });

test('pain points tell whom, how much, how surely, since when, and in which words', async () => {
  const { points, ...facts } = await queryVoices(database, { ...voices, by: 'region' });
  expect(facts).toMatchObject({ feedback: 64, previousFeedback: 42, hoursPending: 0, isTenantKnown: true });
  const billing = points.find(({ topic }) => topic === 'billing');
  expect(billing).toMatchObject({
    count: 21,
    voices: 21,
    customers: { value: 21, standardError: 0 },
    change: { previous: 0 },
    channels: [{ channel: 'chat', voices: 21 }],
    attribute: [
      { value: '大阪', voices: 14 },
      { value: '東京', voices: 7 },
    ],
    opinions: [{ key: '請求:おかしい:-', count: 21 }],
    firstSeen: new Date(now - 7 * 86_400_000 + 3_600_000).toISOString(),
  });
  expect(billing?.change?.q).toBeLessThan(0.001);
  expect(billing?.npsImpact?.answers).toBe(21);
  expect(billing?.npsImpact?.points).toBeLessThan(-50);
  expect(billing?.verbatims.map(({ sentence }) => sentence)).toHaveLength(3);
  const usability = points.find(({ topic }) => topic === 'usability');
  expect(Date.parse(usability?.firstSeen ?? '')).toBeLessThan(ago(60).getTime());
});

test('roll-ups and records give the same answer', async () => {
  const fromRollups = await queryVoices(database, voices);
  const fromRecords = await queryVoices(database, { ...voices, attributes: { region: '東京' } });
  expect(fromRecords.points.find(({ topic }) => topic === 'billing')).toMatchObject({ voices: 7 });
  await database.records.updateMany({ tenant }, { $set: { 'attributes.everybody': 'x' } });
  const everybody = await queryVoices(database, { ...voices, attributes: { everybody: 'x' } });
  // Sums of sentiment differ in the last digit when they are added in another order.
  const rounded = (report: unknown) =>
    JSON.parse(JSON.stringify(report), (_, value) => (typeof value === 'number' ? value.toPrecision(12) : value));
  expect(rounded(everybody)).toEqual(rounded(fromRollups));
  expect(await verifyRollups(database)).toEqual([]);
});

test('requests and praise are ranked likewise, and every order ranks', async () => {
  const requests = await queryVoices(database, { ...voices, stance: 'request' });
  expect(requests.points).toMatchObject([{ topic: 'usability', voices: 7 }]);
  const praise = await queryVoices(database, { ...voices, stance: 'praise', sort: 'impact' });
  expect(praise.points).toMatchObject([{ topic: 'staff' }]);
  for (const sort of ['impact', 'growth'] as const) {
    const { points } = await queryVoices(database, { ...voices, sort });
    expect(points[0]?.topic).toBe('billing');
  }
});

test('opinions are counted once a record, with what they are about', async () => {
  const { opinions } = await queryOpinions(database, { ...week, limit: 10 });
  expect(opinions).toMatchObject([
    { key: '店員:親切:+', count: 22, topics: ['staff'] },
    { key: '画面:見にくい:-', count: 21, topics: ['usability'] },
    { key: '請求:おかしい:-', count: 21, topics: ['billing'], change: { previous: 0 } },
  ]);
  const negative = await queryOpinions(database, { ...week, topic: 'billing', sign: '-', limit: 10 });
  expect(negative.opinions.map(({ key }) => key)).toEqual(['請求:おかしい:-']);
});

test('what nobody spoke of before emerges, with examples, and nothing else', async () => {
  const report = await queryEmerging(database, { ...week, baselineSince: ago(35), limit: 10 });
  expect(report.opinions.map(({ term, growth }) => ({ term, growth }))).toEqual([
    { term: '請求:おかしい:-', growth: undefined },
  ]);
  expect(report.opinions[0]?.examples).toHaveLength(3);
  expect(report.topics.map(({ term }) => term)).toEqual(['billing:criticism']);
});

const timeline = (unit: BucketUnit, timeZone = 'Asia/Tokyo', attributes = {}) => {
  const buckets = timeBuckets(ago(14).getTime(), now, { unit, timeZone, weekStart: 'monday' }) ?? [];
  return { tenant, topic: 'billing', buckets, now, attributes } as const;
};

test('every topic of the taxonomy is counted, also those that nobody speaks of', async () => {
  const { topics, feedback } = await queryTopics(database, week);
  expect([topics.length, feedback]).toEqual([26, 64]);
  expect(topics.find(({ topic }) => topic === 'billing')).toMatchObject({
    count: 21,
    negative: 21,
    negativeShare: 1,
    change: { previous: 0 },
  });
  expect(topics.find(({ topic }) => topic === 'taste')).toEqual({
    topic: 'taste',
    count: 0,
    negative: 0,
    positive: 0,
    mixed: 0,
    requests: 0,
  });
});

test('a timeline has a row for every day, the empty ones too, and marks the one that goes on', async () => {
  const { buckets, count, feedback } = await queryTopicTimeline(database, timeline('day'));
  expect(buckets).toHaveLength(15);
  // Records are an hour after noon UTC, 22 o'clock in Tokyo.
  expect(buckets.map((bucket) => bucket.count)).toEqual([...Array(7).fill(0), ...Array(7).fill(3), 0]);
  expect(buckets.map(({ complete }) => complete)).toEqual([...Array(14).fill(true), false]);
  expect(count).toBe(21);
  expect(feedback).toBe(buckets.reduce((sum, bucket) => sum + bucket.feedback, 0));
});

test('roll-ups and records give the same timeline, in zones off the hour too', async () => {
  const fromRollups = await queryTopicTimeline(database, timeline('week'));
  const odd = await queryTopicTimeline(database, { ...timeline('week', 'Asia/Kathmandu') });
  await database.records.updateMany({ tenant }, { $set: { 'attributes.everybody': 'x' } });
  const fromRecords = await queryTopicTimeline(database, timeline('week', 'Asia/Tokyo', { everybody: 'x' }));
  const counts = ({ buckets }: typeof odd) =>
    buckets.map(({ feedback, count, negative }) => [feedback, count, negative]);
  expect(counts(fromRecords)).toEqual(counts(fromRollups));
  expect(counts(odd)).toEqual(counts(fromRollups));
  expect(odd.buckets[0]?.since).toMatch(/T18:15:00/);
});

test('segments are compared, and what is in both counts in neither', async () => {
  const report = await compareSegmentFeedback(database, {
    ...week,
    one: { region: '東京' },
    other: { region: '大阪' },
    limit: 5,
  });
  expect(report).toMatchObject({ inBoth: 0, one: { feedback: 21 }, other: { feedback: 42 } });
  expect(report.differences.negativeShare).toMatchObject({ difference: 0, pValue: 1 });
  expect(report.differences.scores).toMatchObject([{ metric: 'nps' }]);
  // 7 of 14 answers in 東京 are 10, the others 2; of 21 in 大阪 7 are 8 and 14 are 2.
  expect(report.differences.scores[0]?.difference).toBeCloseTo(0 + 200 / 3, 9);
  const others = await compareSegmentFeedback(database, { ...week, one: { region: '東京' }, limit: 5 });
  expect(others).toMatchObject({ one: { feedback: 21 }, other: { feedback: 43 } });
  expect(others.other).not.toHaveProperty('attributes');
  const same = await compareSegmentFeedback(database, {
    ...week,
    one: { region: '東京' },
    other: { region: '東京' },
    limit: 5,
  });
  expect(same).toMatchObject({ inBoth: 21, one: { feedback: 0 }, differences: { topics: [] } });
});

test('attributes match as text, number or boolean in segments as in every other filter', async () => {
  await database.records.updateMany({ tenant, channel: 'chat' }, { $set: { 'attributes.floor': 2 } });
  const report = await compareSegmentFeedback(database, { ...week, one: { floor: '2' }, limit: 5 });
  expect(report.one).toMatchObject({ feedback: 21, negative: 21 });
  expect(report.differences.topics[0]).toMatchObject({ topic: 'billing', one: 21, other: 0 });
});

test('scores of surveys are told by segment and against the period before, and answers on other scales are told', async () => {
  const report = await querySurveys(database, { ...week, by: 'region', limit: 5 });
  expect(report.scores.nps).toMatchObject({ answers: 35, promoters: 7, passives: 7, detractors: 21 });
  expect(report.scores.excluded).toMatchObject([{ min: 1, max: 5, answers: 1 }]);
  expect(report.previous.nps).toMatchObject({ answers: 14, detractors: 0 });
  expect(report.differences).toMatchObject([{ metric: 'nps' }]);
  expect(report.differences[0]?.pValue).toBeLessThan(0.001);
  expect(report.segments.map(({ segment, scores }) => [segment, scores.nps?.answers])).toEqual([
    ['大阪', 21],
    ['東京', 14],
    ['(none)', undefined],
  ]);
});

test('drivers name what the detractors speak of', async () => {
  const { drivers } = await queryDrivers(database, { ...week, since: ago(35) });
  expect(drivers?.answers).toBe(91);
  const billing = drivers?.drivers.find(({ topic }) => topic === 'billing');
  expect(billing?.loudness).toBeLessThan(0);
  expect(await queryDrivers(database, { ...week, tenant: 'nobody' })).not.toHaveProperty('drivers');
});

test('loyalty leaves out who has left, and tells what revenue they took along', async () => {
  const report = await queryLoyalty(database, { tenant, since: ago(365), until: new Date(now), limit: 3 });
  expect(report.customers).toBe(35);
  expect(report.quadrants.reduce((sum, { customers }) => sum + customers, 0)).toBe(35);
  expect(report.revenue.churned).toBeGreaterThan(0);
  expect(report.revenue.nrr).toBeLessThan(1);
});

test('a model is fitted when there are departures to learn from, versioned, and then used', async () => {
  expect(await fitChurn(database, 'nobody', new Date(now))).toMatchObject({ departures: 0 });
  expect(await score({})).toMatchObject({ customers: 35, model: 'rule' });
  expect(await fitChurn(database, tenant, new Date(now))).toMatchObject({ departures: 25, version: 1 });
  expect(await fitChurn(database, tenant, new Date(now))).toMatchObject({ version: 2 });
  expect(await score({})).toMatchObject({ customers: 35, model: 2 });
  const { listed, customers, bands } = await queryChurnRisks(database, { tenant, limit: 5 });
  expect(listed[0]).toMatchObject({ model: 'fitted' });
  expect(customers).toBe(35);
  expect(bands.reduce((sum, band) => sum + band.customers, 0)).toBe(35);
});

test('a change of band is published once, under the same id when it has to be repeated', async () => {
  const fresh = { $set: { band: 'low' as const, changes: 3 } };
  await database.churnRisks.updateMany({ tenant }, fresh);
  const lost = outbox();
  const crashing = async (messages: readonly OutgoingMessage[]) => {
    await lost.send(messages);
    throw new Error('killed');
  };
  await expect(score({ send: crashing })).rejects.toThrow('killed');
  const again = outbox();
  const report = await score({ send: again.send });
  expect(again.sent.length).toBe(report.changes);
  expect(again.sent).toEqual(lost.sent);
  expect(again.sent.length).toBeGreaterThan(0);
  for (const { key, value } of again.sent) {
    const change = churnChangeSchema.parse(JSON.parse(String(value)));
    expect(key).toBe(`${tenant}/${change.customer}`);
    expect(change).toMatchObject({ id: `${key}/4`, previousBand: 'low' });
  }
  const quiet = outbox();
  expect(await score({ send: quiet.send })).toMatchObject({ changes: 0 });
  expect(quiet.sent).toEqual([]);
});

test('who has left is forgotten, and revenue at risk is told once customers are scored', async () => {
  await database.churnRisks.insertOne({
    ...(await database.churnRisks.findOne({ tenant }).then((found) => found ?? Promise.reject(new Error('none')))),
    _id: `${tenant}/ghost`,
    customer: 'ghost',
    scoredAt: ago(1),
  });
  expect(await score({})).toMatchObject({ forgotten: 1 });
  const { points } = await queryVoices(database, { ...voices, sort: 'revenue' });
  expect(points[0]?.revenueAtRisk?.value).toBeGreaterThan(0);
  expect(points[0]?.revenueAtRisk?.standardError).toBe(0);
});

test('a back-test compares with the base rate, and says when there is nothing to measure', async () => {
  const { backtest } = await queryChurnBacktest(database, { tenant, split: ago(150), until: new Date(now) });
  expect(backtest?.results.map(({ contender }) => contender)).toContain('base-rate');
  const empty = await queryChurnBacktest(database, { tenant, split: ago(1), until: new Date(now) });
  expect(empty).not.toHaveProperty('backtest');
});

test('a customer is shown with risk, reasons and the texts behind them; who has left has no risk', async () => {
  const asked = { tenant, at: new Date(now), limit: 5 };
  const report = await queryCustomer(database, { ...asked, customer: 'c-3' });
  expect(report).toMatchObject({ customer: 'c-3', mrr: 1300, modelVersion: 2 });
  expect(report?.risk?.contributions.length).toBeGreaterThan(0);
  expect(report?.moments).toHaveLength(5);
  for (const text of Object.values(report?.evidence ?? {})) expect(text).not.toBe('');
  const gone = await queryCustomer(database, { ...asked, customer: 'c-40' });
  expect(gone?.leftAt).toBeDefined();
  expect(gone?.risk).toBeUndefined();
  expect(await queryCustomer(database, { ...asked, customer: 'nobody' })).toBeUndefined();
});

/** A database that remembers what it is asked, so that the server can be asked for the plan afterwards. */
function watched(given: Database): { database: Database; plans: () => Promise<[string, string][]> } {
  const asked: { name: string; explain: () => Promise<Document> }[] = [];
  const watch = (name: string, collection: Database['records']) =>
    new Proxy(collection, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== 'function') return value;
        return (...args: [Document]) => {
          const result: unknown = value.apply(target, args);
          const shown = `${name}.${String(property)} ${JSON.stringify(args[0])}`;
          if (property === 'find' || property === 'aggregate') {
            const cursor = result as ReturnType<Database['records']['find']>;
            asked.push({ name: shown, explain: () => cursor.clone().explain('executionStats') });
          } else if (property === 'findOne' || property === 'countDocuments') {
            asked.push({ name: shown, explain: () => target.find(args[0]).limit(1).explain('executionStats') });
          } else throw new Error(`${shown}: teach the test to explain it`);
          return result;
        };
      },
    });
  const collections = ['records', 'rollups', 'customerEvents', 'churnRisks', 'churnModels'] as const;
  const proxies = collections.map((name) => [name, watch(name, given[name] as unknown as Database['records'])]);
  return {
    database: { ...given, ...Object.fromEntries(proxies) },
    plans: () =>
      Promise.all(
        asked.map(async ({ name, explain }): Promise<[string, string]> => [name, JSON.stringify(await explain())]),
      ),
  };
}

test('no question scans a collection', async () => {
  const { database: asked, plans } = watched(database);
  for (const stance of ['criticism', 'praise', 'request'] as const) {
    await queryVoices(asked, { ...voices, stance, by: 'region', sort: 'revenue' });
    await queryVoices(asked, { ...voices, stance, channel: 'chat', attributes: { region: '東京' } });
  }
  await queryVoices(asked, { ...voices, tenant: 'nobody' });
  await queryOpinions(asked, { ...week, limit: 5 });
  await queryEmerging(asked, { ...week, baselineSince: ago(35), limit: 5 });
  await querySurveys(asked, { ...week, by: 'region', limit: 5 });
  await queryDrivers(asked, week);
  await queryTopics(asked, week);
  await queryTopicTimeline(asked, timeline('day'));
  await queryTopicTimeline(asked, timeline('day', 'Asia/Kathmandu'));
  await compareSegmentFeedback(asked, { ...week, one: { region: '東京' }, other: { region: '大阪' }, limit: 5 });
  await compareSegmentFeedback(asked, { ...week, tenant: 'nobody', one: { region: '東京' }, limit: 5 });
  await queryLoyalty(asked, { ...week, limit: 5 });
  await queryCustomer(asked, { tenant, customer: 'c-3', at: new Date(now), limit: 5 });
  await queryChurnRisks(asked, { tenant, band: 'high', limit: 5 });
  await queryChurnBacktest(asked, { tenant, split: ago(90), until: new Date(now) });
  await verifyRollups(asked, tenant);
  const found = await plans();
  expect(found.length).toBeGreaterThan(50);
  expect(found.filter(([, plan]) => /COLLSCAN/.test(plan)).map(([name]) => name)).toEqual([]);
  expect(found.every(([, plan]) => /IXSCAN|IDHACK|EOF|EXPRESS/.test(plan))).toBe(true);
});

test('refreshing finds stale hours by their index', async () => {
  const { database: asked, plans } = watched(database);
  await refreshRollups(asked, 10);
  for (const [name, plan] of await plans()) expect(`${name} ${plan}`).toContain('by_staleness');
});
