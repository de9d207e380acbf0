import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTextVectors } from '../../../src/app/text-vectors.ts';
import { findUncovered } from '../../../src/app/uncovered-report.ts';
import { readSettings } from '../../../src/config/settings.ts';
import type { Database } from '../../../src/store/database.ts';
import { createRecordStore } from '../../../src/store/records.ts';
import { startTestApi, type TestApi } from '../../support/api.ts';
import { enrichedRecord } from '../../support/records.ts';

const bicycles = [
  '駐輪場が狭くて自転車が置けません。',
  '駐輪場を広げてほしいです。',
  '自転車置き場が満車で困りました。',
  '駐輪スペースがありません。',
  '自転車を置く場所がいつも足りません。',
  '駐輪場がいつも混んでいて止められません。',
  '自転車を止める場所が狭すぎます。',
];
const others = [
  '先週の金曜に窓口で手続きしました。',
  'はい、再起動はもう試しました。',
  'お忙しいところ、お返事ありがとうございました。',
  '次は家族と行くつもりです。',
  '友人に聞いて初めて知りました。',
  '昨日の夜に注文しました。',
  '普段は電車で通っています。',
  '子どもが三人います。',
  '雨の日は外に出ません。',
  '来月から東京に住みます。',
];
const period = { tenant: 'shop', since: new Date('2026-11-01'), until: new Date('2026-11-08') };

let api: TestApi;
let database: Database;

beforeAll(async () => {
  api = await startTestApi(period.until.getTime());
  database = api.database;
  const said = (id: number, text: string, changes = {}) =>
    enrichedRecord({
      id: String(id),
      tenant: 'shop',
      text,
      topics: [],
      occurredAt: '2026-11-02T00:00:00Z',
      ...changes,
    });
  const mention = { id: 'billing', polarity: 'negative', confidence: 0.9, by: 'model', spans: [] } as const;
  await createRecordStore(database).save([
    ...[...bicycles, ...others].map((text, at) => said(at, text)),
    said(100, '駐輪場の料金の請求がおかしいです。', { topics: [mention] }),
    said(101, '駐輪場が遠いです。', { occurredAt: '2026-10-01T00:00:00Z' }),
    said(102, '駐輪場が遠いです。', { tenant: 'other' }),
    said(103, 'The bicycle park is full.', { status: 'unsupported-language' }),
  ]);
});

afterAll(() => api.close());

test('feedback that no topic covers is grouped by what it says, by the model', async () => {
  const vectorsOf = createTextVectors(readSettings({}));
  const report = await findUncovered(database, period, vectorsOf);
  expect(report?.texts).toBe(bicycles.length + others.length);
  expect(report?.issues).toHaveLength(1);
  const [issue] = report?.issues ?? [];
  expect(issue?.examples.every(({ text }) => bicycles.includes(text))).toBe(true);
  expect(issue?.names.join()).toMatch(/駐輪|自転車/);
  expect(await findUncovered(database, period, vectorsOf)).toEqual(report);
});

test('the API tells it where it is asked for', async () => {
  const path = '/v1/emerging?since=2026-11-01&until=2026-11-08&tz=UTC';
  const { status, body } = await api.ask(`${path}&uncovered=true`, 'reader');
  expect(status).toBe(200);
  expect(body.uncovered).toMatchObject({
    texts: bicycles.length + others.length,
    issues: [{ names: expect.anything() }],
  });
  expect((await api.ask(path, 'reader')).body.uncovered).toBeUndefined();
});

test('without a model nothing is compared; without texts nothing is started', async () => {
  const vectorsOf = createTextVectors(readSettings({ KOE_MODEL: 'none' }));
  expect(await findUncovered(database, period, vectorsOf)).toBeUndefined();
  const never = () => Promise.reject(new Error('asked for nothing'));
  const before = { ...period, since: new Date('2026-09-01'), until: new Date('2026-09-02') };
  expect(await findUncovered(database, before, never)).toEqual({ texts: 0, issues: [] });
});

test('a model that cannot be opened is told, and the next question is answered', async () => {
  const vectorsOf = createTextVectors(readSettings({ KOE_MODEL: 'src/model' }));
  await expect(vectorsOf(['良い'])).resolves.toBeUndefined();
  await expect(vectorsOf([])).resolves.toEqual([]);
});
