import { expect, test } from 'vitest';
import { zoneClock } from '../../../src/domain/zone-clock.ts';
import type { Field } from '../../../src/import/field.ts';
import { createRowReader, type RowReading } from '../../../src/import/row-feedback.ts';
import type { SourceCell } from '../../../src/import/source-row.ts';

const times = { clock: zoneClock('Asia/Tokyo'), dateOrder: 'ymd' } as const;

function reader(mapped: readonly Field[], given: Partial<RowReading> = {}) {
  const reading: RowReading = {
    mapping: new Map(mapped.map((field, at) => [field, at])),
    columns: mapped,
    isRagged: false,
    times,
    scale: { min: 1, max: 5 },
    tenant: 'shop',
    channel: 'review',
    occurredAt: '2024-01-05T00:00:00Z',
    ...given,
  };
  const read = createRowReader(reading);
  let number = 1;
  return (...cells: SourceCell[]) => read({ number: ++number, cells });
}

test('every field is read from its column', () => {
  const read = reader([
    'id',
    'text',
    'title',
    'occurredAt',
    'channel',
    'customerId',
    'rating',
    'nps',
    'question',
    'conversation',
    'turn',
    'author',
    'sourceSystem',
    'sourceUrl',
    'attributes.store',
    'attributes.visits',
  ]);
  expect(
    read(
      '7',
      "'=良い",
      '件名',
      '2024/1/5',
      'アンケート',
      'A1',
      '4/5',
      '9',
      '薦めますか',
      'c-1',
      '2',
      'お客様',
      '店',
      'https://a',
      '渋谷',
      3,
    ),
  ).toEqual({
    feedback: {
      id: '7',
      tenant: 'shop',
      channel: 'survey',
      occurredAt: '2024-01-04T15:00:00.000Z',
      text: '=良い',
      title: '件名',
      customerId: 'A1',
      rating: { value: 4, min: 1, max: 5 },
      survey: { question: '薦めますか', metric: 'nps', score: 9, min: 0, max: 10 },
      conversation: { id: 'c-1', turn: 2, author: 'customer' },
      attributes: { store: '渋谷', visits: 3 },
      source: { system: '店', url: 'https://a' },
    },
  });
});

test('a row without an id gets the same one however often and in whatever order the rows come', () => {
  const idsOf = (rows: readonly SourceCell[][]) => {
    const read = reader(['text', 'occurredAt']);
    return rows.map((cells) => {
      const row = read(...cells);
      return 'feedback' in row ? row.feedback.id : undefined;
    });
  };
  const [good, again, other] = [
    ['良い', '2024/1/5'],
    ['良い', '2024/1/5'],
    ['悪い', '2024/1/5'],
  ];
  const ids = idsOf([good, again, other] as string[][]);
  expect(new Set(ids).size).toBe(3);
  expect(ids.every((id) => /^import-[\w-]{22}$/.test(String(id)))).toBe(true);
  expect(idsOf([other, good, again] as string[][])).toEqual([ids[2], ids[0], ids[1]]);
  expect(idsOf([['良い', '2024年1月5日']])).toEqual([ids[0]]);
});

test('what else is mapped does not change the id', () => {
  const short = reader(['text'])('良い\r\nです');
  const long = reader(['text', 'rating', 'attributes.store'])('良い\nです', '5', '渋谷');
  expect('feedback' in short && 'feedback' in long && short.feedback.id === long.feedback.id).toBe(true);
});

test('the second row of an id is refused', () => {
  const read = reader(['id', 'text']);
  expect(read('1', '良い')).toHaveProperty('feedback');
  expect(read('1', '悪い')).toEqual({ problems: [{ field: 'id', reason: 'row 2 has the same id' }] });
  expect(read('2', '悪い')).toHaveProperty('feedback');
});

test('every problem of a row is told, without its words', () => {
  const read = reader(['text', 'occurredAt', 'rating', 'channel', 'nps']);
  expect(read('  ', '2024/2/30', '9', '電報', '12')).toEqual({
    problems: [
      { field: 'occurredAt', reason: 'it is no time' },
      { field: 'nps', reason: 'it is not from 0 to 10' },
      { field: 'channel', reason: 'it is none of chat, review, survey' },
      { field: 'text', reason: 'it is empty' },
      { field: 'rating', reason: 'it is not from 1 to 5' },
    ],
  });
  expect(read('良い', '', '', '', '')).toEqual({ problems: [{ field: 'occurredAt', reason: 'it is empty' }] });
});

test('rows of another width are refused, short ones of workbooks are not', () => {
  const narrow = { problems: [{ field: 'row', reason: 'it has 1 cells, there are 2 columns' }] };
  expect(reader(['text', 'rating'])('良い')).toEqual(narrow);
  expect(reader(['text', 'rating'], { isRagged: true })('良い')).toHaveProperty('feedback');
  expect(reader(['text'], { isRagged: true })('良い', null, '')).toHaveProperty('feedback');
  expect(reader(['text'], { isRagged: true })('良い', '余分')).toHaveProperty('problems');
});

test('bytes of another encoding are told by their column', () => {
  expect(reader(['text'])('良\ufffd')).toEqual({
    problems: [{ field: 'text', reason: 'it holds bytes that are not of the encoding of the file' }],
  });
});
