import { expect, test } from 'vitest';
import { zoneClock } from '../../../src/domain/zone-clock.ts';
import { readHeading } from '../../../src/import/heading.ts';
import { checkMapping, guessMapping, parseMapping, splitMapping } from '../../../src/import/mapping.ts';
import type { SourceCell, SourceRow } from '../../../src/import/source-row.ts';

const times = { clock: zoneClock('Asia/Tokyo'), dateOrder: 'ymd' } as const;
const rowsOf = (...rows: SourceCell[][]): SourceRow[] => rows.map((cells, at) => ({ number: at + 1, cells }));

function guessed(columns: readonly string[], ...rows: SourceCell[][]): Record<string, string> {
  const { mapping, reasons } = guessMapping(columns, rowsOf(...rows), times);
  return Object.fromEntries([...mapping].map(([field, at]) => [field, `${columns[at]}, ${reasons.get(field)}`]));
}

test('columns are known by their Japanese and English names, whatever signs stand in them', () => {
  expect(
    guessed(['受付番号', '投稿日時 (Asia/Tokyo)', '【本文】', 'Customer_ID', '総合評価（5段階）', '店舗名', '氏名']),
  ).toEqual({
    id: '受付番号, name',
    occurredAt: '投稿日時 (Asia/Tokyo), name',
    text: '【本文】, name',
    customerId: 'Customer_ID, name',
    rating: '総合評価（5段階）, name',
    'attributes.store': '店舗名, name',
  });
});

test('time, text and rating are known by what is in them; names of people and codes are not taken', () => {
  const rows = [
    ['0001', '2024/1/5', '山田', '店員さんが親切でした', '★★★'],
    ['0002', '2024/1/6', '佐藤', '待ち時間が長かったです', '★★'],
  ];
  expect(guessed(['a', 'b', 'c', 'd', 'e'], ...rows)).toEqual({
    occurredAt: 'b, content',
    text: 'd, content',
    rating: 'e, content',
  });
});

test('a number that repeats is no id, one answer is taken of several', () => {
  const rows = [
    ['1', '良い', '9', '5'],
    ['1', '悪い', '1', '2'],
  ];
  expect(Object.keys(guessed(['番号', 'コメント', '推奨度', '満足度'], ...rows))).toEqual(['text', 'nps']);
});

test('what a person says goes over what is guessed', () => {
  const columns = ['本文', '返信', '評価', 'a,b'];
  const { mapping } = guessMapping(columns, [], times);
  const said = parseMapping(splitMapping('text=返信,rating=,title=#4,attributes.x=評価'), columns, mapping);
  expect(Object.fromEntries(said)).toEqual({ text: 1, title: 3, 'attributes.x': 2 });
});

test.each([
  ['body=本文', 'body is no field'],
  ['text=内容', 'there is no column 内容: there are 本文, 評価'],
  ['text=#3', 'there is no column #3'],
  ['本文', '"本文" is not field=column'],
])('--map %s is refused', (map, sentence) => {
  expect(() => parseMapping(splitMapping(map), ['本文', '評価'])).toThrow(sentence);
});

test('a mapping needs a text and holds one answer', () => {
  expect(() => checkMapping(new Map([['rating', 0]]))).toThrow('no column is taken as the text');
  expect(() =>
    checkMapping(
      new Map([
        ['text', 0],
        ['nps', 1],
        ['csat', 2],
      ] as const),
    ),
  ).toThrow('map one of nps, csat');
});

test.each<[string, SourceCell[][], number, string[]]>([
  [
    'names of fields',
    [
      ['日付', '本文'],
      ['2024/1/5', '良い'],
    ],
    1,
    ['日付', '本文'],
  ],
  ['a title above', [['一覧'], [''], ['日付', '本文'], ['2024/1/5', '良い']], 3, ['日付', '本文']],
  [
    'no number above numbers',
    [
      ['甲', '乙'],
      ['1', '良い'],
    ],
    1,
    ['甲', '乙'],
  ],
  [
    'numbers from the first row on',
    [
      ['1', '良い'],
      ['2', '悪い'],
    ],
    0,
    ['column 1', 'column 2'],
  ],
  ['names that are the same or missing', [['本文', '本文', '', '日付']], 1, ['本文', '本文 (2)', 'column 3', '日付']],
])('heading: %s', (_, rows, skipped, columns) => {
  const heading = readHeading(rowsOf(...rows));
  expect({ skipped: heading.skipped, columns: heading.columns }).toEqual({ skipped, columns });
});

test('whoever knows says whether there is a heading', () => {
  const rows = rowsOf(['本文', '日付'], ['良い', '2024/1/5']);
  expect(readHeading(rows, false)).toMatchObject({ skipped: 0, columns: ['column 1', 'column 2'] });
  expect(readHeading(rowsOf(['1', '2']), true)).toMatchObject({ skipped: 1, columns: ['1', '2'] });
});
