import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fitChurn } from '../../../src/app/churn-fit.ts';
import { scoreChurn } from '../../../src/app/churn-score.ts';
import { startTestApi, type TestApi } from '../../support/api.ts';
import { storeWorld, tenant } from '../../support/world.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
let api: TestApi;
const ask = (path: string, headers?: Record<string, string>) =>
  api.ask(path, 'reader', headers === undefined ? {} : { headers });

beforeAll(async () => {
  api = await startTestApi(now);
  await storeWorld(api.database, now, api.customer);
  await scoreChurn(api.database, { tenant, at: new Date(now), topic: 'churn', send: async () => {} });
}, 180_000);

afterAll(() => api.close());

describe('topics', () => {
  test('are all listed, with names and figures', async () => {
    const { status, body } = await ask('/v1/topics');
    expect([status, body.topics.length]).toEqual([200, 26]);
    const billing = body.topics.find(({ topic }: { topic: string }) => topic === 'billing');
    expect(billing).toMatchObject({
      names: { ja: '請求・支払い' },
      count: 21,
      negativeShare: 1,
      change: { previous: 0 },
    });
    expect(billing.covers).toBeTypeOf('string');
  });

  test('are followed by day, week and month of the zone', async () => {
    const daily = await ask('/v1/topics/billing/timeline?since=2026-11-16&until=2026-11-23');
    expect(daily.body.buckets.map(({ count }: { count: number }) => count)).toEqual([3, 3, 3, 3, 3, 3, 0]);
    expect(daily.body.buckets[0].since).toBe('2026-11-15T15:00:00.000Z');
    expect(daily.body.buckets.at(-1).complete).toBe(false);
    const weekly = await ask('/v1/topics/billing/timeline?since=2026-11-16&bucket=week&weekStart=sunday&tz=UTC');
    expect(weekly.body.buckets.map(({ since }: { since: string }) => since)).toEqual([
      '2026-11-15T00:00:00.000Z',
      '2026-11-22T00:00:00.000Z',
    ]);
    const monthly = await ask('/v1/topics/billing/timeline?since=2026-10-31&bucket=month&channel=chat');
    expect(monthly.body.buckets).toHaveLength(2);
    expect(monthly.body.count).toBe(21);
  });
});

describe('segments', () => {
  test('are compared with one another and with all others', async () => {
    const two = await ask(
      `/v1/segments/compare?one=region=${encodeURIComponent('東京')}&other=region=${encodeURIComponent('大阪')}`,
    );
    expect(two.body).toMatchObject({
      one: { attributes: { region: '東京' }, feedback: 21 },
      other: { attributes: { region: '大阪' }, feedback: 42 },
      inBoth: 0,
      differences: { scores: [{ metric: 'nps' }] },
    });
    const rest = await ask(`/v1/segments/compare?one=region=${encodeURIComponent('東京')}`);
    expect(rest.body.other).toMatchObject({ feedback: 43 });
    expect(rest.body.other).not.toHaveProperty('attributes');
  });
});

describe('customers', () => {
  test('are found by identifier and by pseudonym, with reasons in words and verbatims', async () => {
    const byId = await ask('/v1/customers/c-3?limit=3');
    const byPseudonym = await ask(`/v1/customers/${encodeURIComponent(api.customer('c-3'))}?limit=3`);
    expect(byPseudonym.body).toEqual(byId.body);
    const { risk, ...profile } = byId.body;
    expect(profile).toMatchObject({ customer: api.customer('c-3'), mrr: 1300, modelVersion: 'rule' });
    expect(profile.feedback).toBeGreaterThan(0);
    expect(risk.contributions.length).toBeGreaterThan(0);
    const added = risk.contributions.reduce((sum: number, one: { added: number }) => sum + one.added, risk.baseRisk);
    expect(added).toBeCloseTo(risk.risk, 2);
    for (const { words, added } of risk.contributions) expect(words).toContain(added < 0 ? '−' : '+');
    const english = await ask('/v1/customers/c-3?limit=3&lang=en');
    expect(english.body.risk.contributions[0].words).not.toBe(risk.contributions[0].words);
  });

  test('say what stands behind a reason', async () => {
    const all = await ask('/v1/churn-risk?limit=200');
    const reasons: { customer: string; evidence: string[] }[] = all.body.items.flatMap(
      ({ customer, contributions }: { customer: string; contributions: { evidence: string[] }[] }) =>
        contributions.filter(({ evidence }) => evidence.length > 0).map(({ evidence }) => ({ customer, evidence })),
    );
    const [reason] = reasons;
    const { body } = await ask(`/v1/customers/${encodeURIComponent(reason?.customer ?? '')}`);
    const verbatims = body.risk.contributions.flatMap((one: { verbatims: { text: string }[] }) => one.verbatims);
    expect(verbatims.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining(reason?.evidence ?? ['none']));
    for (const { text } of verbatims) expect(text).not.toBe('');
  });

  test('have a timeline page by page, without gaps or repeats', async () => {
    const whole = await ask('/v1/customers/c-3?limit=200');
    expect(whole.body).not.toHaveProperty('nextCursor');
    const moments: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await ask(`/v1/customers/c-3?limit=4${cursor}`);
      moments.push(...body.timeline);
      cursor = body.nextCursor === undefined ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(moments).toEqual(whole.body.timeline);
    expect(moments.length).toBe(whole.body.events + whole.body.feedback);
  });

  test('who left have a date and no risk, and who is unknown is not found', async () => {
    const { body } = await ask('/v1/customers/c-40');
    expect(body.leftAt).toBeTypeOf('string');
    expect(body).not.toHaveProperty('risk');
    expect((await ask('/v1/customers/nobody')).status).toBe(404);
  });
});

describe('churn risk', () => {
  test('is listed page by page, highest first, and says how all customers fall', async () => {
    const whole = await ask('/v1/churn-risk?limit=200');
    expect(whole.body.customers).toBe(35);
    expect(whole.body.bands.map(({ band }: { band: string }) => band)).toEqual(['low', 'medium', 'high', 'critical']);
    const risks = whole.body.items.map(({ risk }: { risk: number }) => risk);
    expect(risks).toEqual([...risks].sort((one, other) => other - one));
    const customers: string[] = [];
    let cursor = '';
    do {
      const { body } = await ask(`/v1/churn-risk?limit=10${cursor}`);
      customers.push(...body.items.map(({ customer }: { customer: string }) => customer));
      cursor = body.nextCursor === undefined ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(customers).toEqual(whole.body.items.map(({ customer }: { customer: string }) => customer));
    expect(new Set(customers).size).toBe(35);
  });

  test('equal risks come in a fixed order, so that no page misses one', async () => {
    await api.database.churnRisks.updateMany({ tenant }, { $set: { risk: 0.5 } });
    const first = await ask('/v1/churn-risk?limit=20');
    const second = await ask(`/v1/churn-risk?limit=20&cursor=${first.body.nextCursor}`);
    const customers = [...first.body.items, ...second.body.items].map(({ customer }: { customer: string }) => customer);
    expect(new Set(customers).size).toBe(35);
    await scoreChurn(api.database, { tenant, at: new Date(now), topic: 'churn', send: async () => {} });
  });

  test('is filtered by band and revenue', async () => {
    const rich = await ask('/v1/churn-risk?leastRevenue=4000');
    expect(rich.body.items.length).toBeGreaterThan(0);
    for (const { mrr } of rich.body.items) expect(mrr).toBeGreaterThanOrEqual(4000);
    const { body } = await ask('/v1/churn-risk?band=medium');
    for (const { band } of body.items) expect(band).not.toBe('low');
  });

  test('comes from the fitted model once there is one', async () => {
    await fitChurn(api.database, tenant, new Date(now));
    expect((await ask('/v1/customers/c-3')).body).toMatchObject({ modelVersion: 1, risk: { model: 'fitted' } });
  });
});

test('loyalty is told for 90 days unless asked otherwise', async () => {
  const { body } = await ask('/v1/loyalty');
  expect(body.since).toBe('2026-08-24T12:00:00.000Z');
  expect(body.quadrants.reduce((sum: number, one: { customers: number }) => sum + one.customers, 0)).toBe(
    body.customers,
  );
  const year = await ask('/v1/loyalty?since=365d&limit=2');
  expect(year.body).toMatchObject({ customers: 35 });
  expect(year.body.listed.length).toBeLessThanOrEqual(2);
});

test('an unchanged answer is not sent twice', async () => {
  for (const path of ['/v1/topics', '/v1/customers/c-3', '/v1/churn-risk', '/v1/loyalty']) {
    const { headers } = await ask(path);
    const again = await ask(path, { 'if-none-match': headers.get('etag') ?? '' });
    expect([path, again.status, again.text]).toEqual([path, 304, '']);
  }
});

describe('what cannot be asked is refused by name', () => {
  test.each([
    ['/v1/topics?since=2026-02-30', 'query.since'],
    ['/v1/topics?since=2d&until=3d', 'query.since'],
    ['/v1/topics?chanel=review', 'query.chanel'],
    ['/v1/topics/weather/timeline', 'params.id'],
    ['/v1/topics/billing/timeline?bucket=year', 'query.bucket'],
    ['/v1/topics/billing/timeline?bucket=hour&since=90d', 'query.bucket'],
    ['/v1/topics/billing/timeline?weekStart=1', 'query.weekStart'],
    ['/v1/topics/billing/timeline?tz=Tokyo', 'query.tz'],
    ['/v1/segments/compare', 'query.one'],
    ['/v1/segments/compare?one=region', 'query.one'],
    ['/v1/segments/compare?one=a=b&other=c', 'query.other'],
    ['/v1/segments/compare?one=a=b&one=a=c', 'query.one'],
    ['/v1/customers/c-3?cursor=abc', 'query.cursor'],
    ['/v1/customers/c-3?lang=fr', 'query.lang'],
    ['/v1/churn-risk?band=huge', 'query.band'],
    ['/v1/churn-risk?leastRevenue=-1', 'query.leastRevenue'],
    ['/v1/churn-risk?cursor=WzIsImEiXQ', 'query.cursor'],
    ['/v1/loyalty?until=2026-11-31', 'query.until'],
    ['/v1/loyalty?channel=review', 'query.channel'],
  ])('%s', async (path, field) => {
    const { status, body } = await ask(path);
    expect([status, body.errors?.[0]?.field]).toEqual([400, field]);
    expect(body.detail).toContain(field);
  });

  test('a body of 10 MB', async () => {
    const body = `[{"id":"${'x'.repeat(10 * 1024 * 1024)}"}]`;
    const answer = await api.ask('/v1/feedback', 'analyst', { body });
    expect([answer.status, answer.body.errors]).toEqual([413, [{ field: 'body', detail: expect.any(String) }]]);
  });
});
