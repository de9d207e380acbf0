import { streamXlsxRows } from 'hucre/xlsx';
import { expect, test } from 'vitest';
import { type EncodeOptions, encodeTable } from '../../../src/export/encode-table.ts';
import { type Column, number, tableOf, text, time } from '../../../src/export/table.ts';

interface Row {
  readonly id: string;
  readonly said?: string;
  readonly score?: number;
  readonly at?: string;
}

const columns: readonly Column<Row>[] = [
  text('id', 'ID', ({ id }) => id),
  text('said', '本文', ({ said }) => said),
  number('score', '点数', ({ score }) => score),
  time('at', '日時', ({ at }) => at),
];
const usual: EncodeOptions = { format: 'csv', headings: 'en', timeZone: 'Asia/Tokyo', name: 'rows' };

async function bytesOf(rows: Iterable<Row> | AsyncIterable<Row>, options: Partial<EncodeOptions>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeTable(tableOf(columns, rows), { ...usual, ...options })) pieces.push(piece);
  return Buffer.concat(pieces);
}

test('CSV begins with a byte order mark, ends lines with CRLF and quotes what needs it', async () => {
  const rows = [
    { id: 'a', said: '良い, でも "高い"\n残念', score: 0.1 + 0.2, at: '2026-01-31T15:30:00.000Z' },
    { id: 'b' },
  ];
  const csv = (await bytesOf(rows, { headings: 'ja' })).toString();
  expect(csv).toBe(
    '\ufeffID,本文,点数,日時 (Asia/Tokyo)\r\na,"良い, でも ""高い""\n残念",0.3,2026-02-01 00:30:00\r\nb,,,\r\n',
  );
});

test.each(['=1+1', '+81-3-0000-0000', '-5点', '@SUM(A1)', '\t=1', '\r=1', '＝１＋１'])(
  'what would begin a formula, %j, is text in CSV and XLSX',
  async (said) => {
    const csv = (await bytesOf([{ id: 'a', said }], {})).toString();
    expect(csv).toContain(`'${said}`);
    const [, row] = await rowsOf(await bytesOf([{ id: 'a', said }], { format: 'xlsx' }));
    expect(row?.[1]).toBe(`'${said}`);
  },
);

test('numbers stay numbers, below zero too; what is not finite is left empty', async () => {
  const rows = [
    { id: 'a', score: -1.5 },
    { id: 'b', score: Number.POSITIVE_INFINITY },
  ];
  expect((await bytesOf(rows, {})).toString()).toContain('a,,-1.5,\r\nb,,,\r\n');
  const [, first, second] = await rowsOf(await bytesOf(rows, { format: 'xlsx' }));
  expect(first?.[2]).toBe(-1.5);
  expect(second?.[2] ?? null).toBeNull();
});

test('XLSX holds times as dates of the zone, and texts as they are', async () => {
  const said = 'A_x0041_ <&> 👍🏻 「良い」';
  const rows = [{ id: 'a', said, at: '2026-07-01T15:00:00Z' }];
  const [heading, row] = await rowsOf(await bytesOf(rows, { format: 'xlsx', headings: 'ja' }));
  expect(heading).toEqual(['ID', '本文', '点数', '日時 (Asia/Tokyo)']);
  expect(row).toEqual(['a', said, null, new Date('2026-07-02T00:00:00Z')]);
});

test('a text longer than a cell may be is cut in XLSX, between characters', async () => {
  const [, row] = await rowsOf(await bytesOf([{ id: 'a', said: '👍'.repeat(20_000) }], { format: 'xlsx' }));
  const said = String(row?.[1]);
  expect(said.length).toBeLessThanOrEqual(32_767);
  expect(said).toMatch(/^(👍)+.?…$/u);
});

test('JSON lines hold whole values', async () => {
  const rows = [{ id: 'a', said: '=1' }, { id: 'b' }];
  expect((await bytesOf(rows, { format: 'jsonl' })).toString()).toBe('{"id":"a","said":"=1"}\n{"id":"b"}\n');
});

test('clocks are those of the zone on either side of the change to summer time', async () => {
  const rows = [
    { id: 'a', at: '2026-03-08T09:59:00Z' },
    { id: 'b', at: '2026-03-08T10:00:00Z' },
  ];
  const csv = (await bytesOf(rows, { timeZone: 'America/Los_Angeles' })).toString();
  expect(csv).toContain('a,,,2026-03-08 01:59:00\r\nb,,,2026-03-08 03:00:00\r\n');
});

test.each(['csv', 'xlsx', 'jsonl'] as const)('%s is written row by row, as it is read', async (format) => {
  let asked = 0;
  function* rows() {
    for (let at = 0; at < 200_000; at++) {
      asked++;
      yield { id: `${at}-${'声'.repeat(20)}`, score: at };
    }
  }
  for await (const piece of encodeTable(tableOf(columns, rows()), { ...usual, format })) {
    if (piece.length > 0 && asked > 0) break;
  }
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThan(100_000);
});

test('a fault of the rows comes through', async () => {
  // biome-ignore lint/correctness/useYield: it fails before its first row
  async function* rows(): AsyncGenerator<Row> {
    throw new Error('away');
  }
  for (const format of ['csv', 'xlsx', 'jsonl'] as const) {
    await expect(bytesOf(rows(), { format })).rejects.toThrow('away');
  }
});

async function rowsOf(bytes: Buffer): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for await (const { values } of streamXlsxRows(new Uint8Array(bytes))) rows.push(values);
  return rows;
}
