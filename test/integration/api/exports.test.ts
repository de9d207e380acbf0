import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scoreChurn } from '../../../src/app/churn-score.ts';
import { exportNames } from '../../../src/export/open-export.ts';
import { createRecordStore } from '../../../src/store/records.ts';
import { startTestApi, type TestApi } from '../../support/api.ts';
import { enrichedRecord } from '../../support/records.ts';
import { storeWorld, tenant } from '../../support/world.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
let api: TestApi;
const ask = (path: string) => api.ask(`/v1/exports/${path}`, 'reader');
const linesOf = (bytes: Buffer) => bytes.toString().trimEnd().split('\r\n');

beforeAll(async () => {
  api = await startTestApi(now);
  await storeWorld(api.database, now, api.customer);
  await scoreChurn(api.database, { tenant, at: new Date(now - 60_000), topic: 'churn', send: async () => {} });
}, 180_000);

afterAll(() => api.close());

describe('every export', () => {
  test.each(exportNames)('%s comes as CSV for Excel, as a workbook, and as JSON lines', async (name) => {
    const csv = await ask(`${name}?since=7d`);
    expect(csv.status).toBe(200);
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/);
    expect(csv.bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(csv.headers.get('content-disposition')).toBe(
      `attachment; filename="koe-shop-${name}-2026-11-15-2026-11-22.csv"`,
    );
    expect(csv.headers.get('x-content-type-options')).toBe('nosniff');
    const xlsx = await ask(`${name}?since=7d&format=xlsx`);
    expect(xlsx.bytes.subarray(0, 2).toString()).toBe('PK');
    const values = (await ask(`${name}?since=7d&format=jsonl`)).text.trimEnd().split('\n');
    expect(values.length).toBe(linesOf(csv.bytes).length - 1);
    for (const value of values) expect(JSON.parse(value)).toBeTypeOf('object');
  });
});

test('headings are Japanese for people and stable names for machines', async () => {
  const [japanese] = linesOf((await ask('customers')).bytes);
  expect(japanese).toContain('顧客');
  const [english] = linesOf((await ask('customers?headings=en&tz=UTC')).bytes);
  expect(english).toMatch(/^\ufeffcustomer,firstAt \(UTC\),/);
});

test('rows are those of the question', async () => {
  const rows = linesOf((await ask('pain-points?headings=en')).bytes).slice(1);
  expect(rows.map((row) => row.split(',')[0])).toEqual(['billing', 'usability']);
  const reviews = await ask('feedback?since=7d&channel=review&format=jsonl');
  const channels = reviews.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).channel);
  expect([new Set(channels), channels.length > 5]).toEqual([new Set(['review']), true]);
});

test('no cell begins a formula', async () => {
  const texts = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'].map((start) => `${start} と書きました。`);
  const occurredAt = new Date(now - 3_600_000).toISOString();
  await createRecordStore(api.database).save(
    texts.map((text, at) => enrichedRecord({ id: `=formula-${at}`, tenant, occurredAt, text })),
  );
  const rows = linesOf((await ask('feedback?since=2h')).bytes).slice(1);
  const cells = rows.flatMap((row) => row.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)).map((cell) => cell.replace(/^"/, ''));
  expect(cells.filter((cell) => cell.includes('と書きました')).length).toBe(texts.length);
  for (const cell of cells) expect(cell).not.toMatch(/^[=+@\t\r]|^-(?![\d.]+$)/);
});

test.each([
  ['payroll', 'params.name'],
  ['feedback?format=pdf', 'query.format'],
  ['customers?channel=review', 'query.channel'],
  ['customers?attribute=region=x', 'query.attribute'],
  ['opinions?by=region', 'query.by'],
  ['feedback?since=2026-02-30', 'query.since'],
])('%s is refused by name, before a file begins', async (path, field) => {
  const { status, headers, body } = await ask(path);
  expect([status, body.errors[0].field]).toEqual([400, field]);
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(headers.get('content-disposition')).toBeNull();
});
