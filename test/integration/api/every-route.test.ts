import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiRole, apiRoles, includesRole } from '../../../src/domain/api-key.ts';
import { startTestApi, type TestApi } from '../../support/api.ts';
import { pageAlert, pageTime, storePageWorld } from '../../support/api-page.ts';

const alert = pageAlert.id;
const at = new Date(pageTime - 60_000).toISOString();
const feedback = { id: 'new', tenant: 'shop', channel: 'review', occurredAt: at, text: '電池がすぐ切れます。' };
const event = { id: 'new', tenant: 'shop', customerId: 'c-3', occurredAt: at, type: 'used', count: 1 };
const example = { fires: true, expected: 1, negative: 12, total: 14 };
const rule = { id: 'spike', enabled: true, kind: 'spike', sensitivity: 'quiet', examples: [example] };

interface Wanted {
  readonly least: ApiRole;
  /** Finds something that the tenant `shop` has. */
  readonly path: string;
  readonly body?: unknown;
  /** What every tenant has is found by strangers too; `none` stands for nothing at all. */
  readonly stranger?: 'same for all' | 'none';
}

/** Every route of the document, the role that it must need, and a request; first those that change nothing. */
const wanted: Readonly<Record<string, Wanted>> = {
  'GET /v1/feedback': { least: 'reader', path: '/v1/feedback?q=請求' },
  'GET /v1/feedback/{id}': { least: 'reader', path: '/v1/feedback/bill-1-0', stranger: 'none' },
  'GET /v1/conversations/{id}': { least: 'reader', path: '/v1/conversations/talk-1', stranger: 'none' },
  'GET /v1/pain-points': { least: 'reader', path: '/v1/pain-points?by=region' },
  'GET /v1/praise': { least: 'reader', path: '/v1/praise' },
  'GET /v1/requests': { least: 'reader', path: '/v1/requests' },
  'GET /v1/opinions': { least: 'reader', path: '/v1/opinions' },
  'GET /v1/emerging': { least: 'reader', path: '/v1/emerging' },
  'GET /v1/nps': { least: 'reader', path: '/v1/nps?by=region' },
  'GET /v1/drivers': { least: 'reader', path: '/v1/drivers' },
  'GET /v1/topics': { least: 'reader', path: '/v1/topics' },
  'GET /v1/topics/{id}/timeline': { least: 'reader', path: '/v1/topics/billing/timeline' },
  'GET /v1/segments/compare': { least: 'reader', path: '/v1/segments/compare?one=region=x' },
  'GET /v1/customers/{id}': { least: 'reader', path: '/v1/customers/c-3', stranger: 'none' },
  'GET /v1/churn-risk': { least: 'reader', path: '/v1/churn-risk' },
  'GET /v1/loyalty': { least: 'reader', path: '/v1/loyalty' },
  'GET /v1/exports/{name}': { least: 'reader', path: '/v1/exports/feedback?format=jsonl' },
  'GET /v1/alerts': { least: 'reader', path: '/v1/alerts' },
  'GET /v1/alerts/stream': { least: 'reader', path: '/v1/alerts/stream', stranger: 'same for all' },
  'GET /v1/alerts/{id}': { least: 'reader', path: `/v1/alerts/${alert}`, stranger: 'none' },
  'GET /v1/alert-rules': { least: 'reader', path: '/v1/alert-rules', stranger: 'same for all' },
  'GET /v1/alert-rules/{id}': { least: 'reader', path: '/v1/alert-rules/spike', stranger: 'same for all' },
  'GET /v1/incidents': { least: 'reader', path: '/v1/incidents' },
  'GET /v1/incidents/{id}': { least: 'reader', path: `/v1/incidents/${alert}`, stranger: 'none' },
  'GET /v1/dead-letters': { least: 'admin', path: '/v1/dead-letters' },
  'GET /v1/dead-letters/{id}': { least: 'admin', path: '/v1/dead-letters/0:0', stranger: 'none' },
  'POST /v1/feedback': { least: 'analyst', path: '/v1/feedback', body: [feedback] },
  'POST /v1/events': { least: 'analyst', path: '/v1/events', body: [event] },
  'POST /v1/dead-letters/{id}/redrive': { least: 'admin', path: '/v1/dead-letters/0:0/redrive', stranger: 'none' },
  'POST /v1/dead-letters/{id}/drop': { least: 'admin', path: '/v1/dead-letters/0:1/drop', stranger: 'none' },
  ...Object.fromEntries(
    Object.entries({
      acknowledge: {},
      comment: { note: 'x' },
      vote: { useful: true },
      snooze: { until: new Date(pageTime + 3_600_000).toISOString() },
      resolve: {},
    }).map(([act, body]) => [
      `POST /v1/alerts/{id}/${act}`,
      { least: 'analyst', path: `/v1/alerts/${alert}/${act}`, body, stranger: 'none' } as const,
    ]),
  ),
  'PUT /v1/alert-rules/{id}': { least: 'admin', path: '/v1/alert-rules/spike', body: rule, stranger: 'same for all' },
  'DELETE /v1/alert-rules/{id}': { least: 'admin', path: '/v1/alert-rules/spike', stranger: 'same for all' },
};

/** Each of these asks every route. */
const timeout = 120_000;

let api: TestApi;
let document: { paths: Record<string, Record<string, { security: { key: ApiRole[] }[] }>> };

beforeAll(async () => {
  api = await startTestApi(pageTime);
  await storePageWorld(api);
  document = (await api.ask('/openapi.json')).body;
}, 180_000);

afterAll(() => api.close());

const ask = (route: string, { path, body }: Wanted, holder?: Parameters<TestApi['ask']>[1]) =>
  api.ask(path, holder, { method: route.split(' ')[0] ?? 'GET', ...(body !== undefined && { body }) });

test('the OpenAPI document is valid, and describes every route that is tried here', async () => {
  const { valid, errors } = await new Validator().validate(document);
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual(Object.keys(wanted).sort());
});

test('no route lets anybody in, and each tells the role that it must need', { timeout }, async () => {
  for (const [route, one] of Object.entries(wanted)) {
    const { status } = await ask(route, one);
    expect([route, status]).toEqual([route, 401]);
    const [method = '', path = ''] = route.split(' ');
    const told = document.paths[path]?.[method.toLowerCase()]?.security.flatMap(({ key }) => key);
    expect([route, told]).toEqual([route, [one.least]]);
  }
});

test('lower roles are refused', { timeout }, async () => {
  for (const [route, one] of Object.entries(wanted)) {
    for (const role of apiRoles.filter((held) => !includesRole(held, one.least))) {
      const { status } = await ask(route, one, role);
      expect([route, role, status]).toEqual([route, role, 403]);
    }
  }
});

test('nothing of another tenant is shown, changed or settled', { timeout }, async () => {
  // Words, customers, names and numbers of the shop, none of which an empty tenant can have.
  const traces = [
    'shop',
    '引き落とされ',
    '大阪',
    'bill-',
    'staff-',
    api.customer('c-3'),
    'delivery.chat',
    '"count":21',
  ];
  for (const [route, one] of Object.entries(wanted)) {
    const { status, text, body } = await ask(route, one, 'stranger');
    expect([route, traces.filter((trace) => text.includes(trace))], text).toEqual([route, []]);
    if (one.stranger === 'none') expect([route, status]).toEqual([route, 404]);
    else expect([route, status]).toEqual([route, 200]);
    if (Array.isArray(one.body)) expect([route, body.accepted]).toEqual([route, 0]);
  }
});

test('whose it is finds it as it was', { timeout }, async () => {
  expect((await api.ask('/v1/alert-rules/spike', 'admin')).body.origin).toBe('koe');
  for (const [route, one] of Object.entries(wanted)) {
    const { status, text } = await ask(route, one, 'admin');
    expect([route, status], text).toEqual([route, 200]);
    if (one.stranger === undefined && one.body === undefined) {
      const { text: foreign } = await ask(route, one, 'stranger');
      expect([route, text === foreign]).toEqual([route, false]);
    }
  }
});
