import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deadLetterOf } from '../../../src/kafka/dead-letter.ts';
import { startTestApi, type TestApi } from '../../support/api.ts';
import { message, rawFeedback } from '../../support/messages.ts';

const now = Date.now();
let api: TestApi;
const rejection = { kind: 'dead-letter', code: 'KOE_FIELD_MISSING', detail: 'text: required', step: 'decode' } as const;

beforeAll(async () => {
  api = await startTestApi(now);
}, 180_000);

afterAll(() => api.close());

async function reject(value: Parameters<typeof message>[0], key = 'shop/c', topic = api.topics.feedback.review) {
  const letter = deadLetterOf(message(value, { key: Buffer.from(key), topic }), rejection, api.topics.deadLetters, now);
  await api.producer.send([letter]);
}

const list = async (query = '', holder: 'admin' | 'stranger' = 'admin') =>
  (await api.ask(`/v1/dead-letters${query}`, holder)).body as {
    items: { letter: string; status: string; preview: string; by?: string; source?: string }[];
    nextCursor?: string;
  };
const letters = async (query?: string, holder?: 'admin' | 'stranger') =>
  (await list(query, holder)).items.map(({ letter }) => letter);

/** Letters of this test alone wait. */
beforeEach(async () => {
  for (const holder of ['admin', 'stranger'] as const) {
    for (const letter of await letters('?limit=200', holder)) {
      expect((await api.ask(`/v1/dead-letters/${letter}/drop`, holder, { method: 'POST' })).status).toBe(200);
    }
  }
});

describe('dead letters', () => {
  test('are listed with their reason and a masked preview, and without customers', async () => {
    await reject(rawFeedback({ customerId: 'taro', text: '電話は090-1234-5678です' }));
    const { items } = await list();
    expect(items).toMatchObject([{ status: 'waiting', code: 'KOE_FIELD_MISSING', detail: 'text: required' }]);
    expect(items[0]?.preview).toContain('[電話番号]');
    expect(items[0]?.preview).not.toContain('taro');
    const { body } = await api.ask(`/v1/dead-letters/${items[0]?.letter}`, 'admin');
    expect(body).toEqual(items[0]);
  });

  test('belong to the tenant that their value names, else their key; those of nobody are shown to nobody', async () => {
    const structured = {
      specversion: '1.0',
      id: '1',
      source: 's',
      type: 't',
      tenant: 'shop',
      data: rawFeedback({ tenant: 'other' }),
    };
    await reject(rawFeedback({ tenant: 'other' }), 'shop/c');
    await reject(structured, 'shop/c');
    await reject(rawFeedback({ tenant: 'shop' }), 'other/c');
    await reject('no JSON at all', 'other/c');
    await reject('no JSON at all', 'nobody');
    const [own, theirs] = [await letters(), await letters('', 'stranger')];
    expect([own.length, theirs.length]).toEqual([1, 3]);
    for (const letter of theirs) {
      expect((await api.ask(`/v1/dead-letters/${letter}`, 'admin')).status).toBe(404);
      for (const verb of ['redrive', 'drop']) {
        expect((await api.ask(`/v1/dead-letters/${letter}/${verb}`, 'admin', { method: 'POST' })).status).toBe(404);
      }
    }
    expect(await letters('', 'stranger')).toEqual(theirs);
  });

  test('come page by page, and settled ones when asked for', async () => {
    for (let number = 0; number < 5; number++) await reject(rawFeedback({ id: `p-${number}` }));
    const found: string[] = [];
    let cursor = '';
    do {
      const page = await list(`?limit=2${cursor}`);
      found.push(...page.items.map(({ letter }) => letter));
      cursor = page.nextCursor === undefined ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(found).toEqual(await letters());
    expect(found).toHaveLength(5);
    await api.ask(`/v1/dead-letters/${found[0]}/drop`, 'admin', { method: 'POST' });
    expect(await letters()).toEqual(found.slice(1));
    expect(await letters('?all=true&limit=200')).toEqual(expect.arrayContaining(found));
  });

  test('go back once, in the name of the key, however many ask at once', async () => {
    await reject(rawFeedback({ id: 'again' }));
    const [letter] = await letters();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => api.ask(`/v1/dead-letters/${letter}/redrive`, 'admin', { method: 'POST' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    const { body } = await api.ask(`/v1/dead-letters/${letter}`, 'admin');
    expect(body).toMatchObject({ status: 'redriven', by: 'key:admin' });
    expect((await api.ask(`/v1/dead-letters/${letter}/drop`, 'admin', { method: 'POST' })).status).toBe(409);
  });

  test('that cannot go back say so and keep waiting', async () => {
    await reject(rawFeedback(), 'shop/c', 'somebody.elses.topic');
    const [letter] = await letters();
    const { status, body } = await api.ask(`/v1/dead-letters/${letter}/redrive`, 'admin', { method: 'POST' });
    expect([status, body.title]).toEqual([422, 'Unprocessable Entity']);
    expect(await letters()).toEqual([letter]);
  });

  test.each([
    ['/v1/dead-letters/abc', 400, 'params.id'],
    ['/v1/dead-letters/0:99999999', 404, undefined],
    ['/v1/dead-letters/7:0', 404, undefined],
    ['/v1/dead-letters?code=KOE_NONE', 400, 'query.code'],
    ['/v1/dead-letters?cursor=WzBd', 400, 'query.cursor'],
  ])('%s is answered with %i', async (path, status, field) => {
    const answer = await api.ask(path, 'admin');
    expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([status, field]);
  });
});
