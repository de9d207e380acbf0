import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { writeXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from '../../../src/app/exit-code.ts';
import { type ImportOptions, importFile } from '../../../src/cli/import.ts';
import { temporaryFolder } from '../../support/folder.ts';

const sample = 'docs/sample/reviews.csv';
const usual: ImportOptions = {
  tenant: 'shop',
  channel: 'review',
  yes: true,
  dryRun: false,
  timeZone: 'Asia/Tokyo',
  dateOrder: 'ymd',
  fromRow: 1,
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

async function refusalOf(path: string, options: Partial<ImportOptions>): Promise<string> {
  const terminal = {
    environment: {},
    input: Readable.from([]),
    output: new PassThrough().resume(),
    errors: new PassThrough().resume(),
  };
  const refused = await importFile(path, { ...usual, ...options }, terminal).catch((error: unknown) => error);
  if (!(refused instanceof UsageError)) throw new Error('it was not refused', { cause: refused });
  return refused.message;
}

function without(name: 'tenant' | 'channel'): Partial<ImportOptions> {
  return { [name]: undefined };
}

test.each([
  ['nothing.csv', {}, 'cannot read nothing.csv'],
  ['src', {}, 'it is a folder'],
  [sample, without('tenant'), 'no column is taken as tenant: give --tenant'],
  [sample, without('channel'), 'no column is taken as channel: give --channel'],
  [sample, { map: 'occurredAt=' }, 'no column is taken as occurredAt: give --occurred-at'],
  [sample, { map: 'text=内容' }, 'there is no column 内容'],
  [sample, { map: 'text=' }, 'no column is taken as the text'],
  [sample, { mapFile: 'nothing.yaml' }, 'cannot read nothing.yaml'],
  [sample, { mapFile: sample }, 'a mapping is one line for each field'],
  [sample, { timeZone: 'Tokyo' }, '--tz: "Tokyo" is not a time zone'],
  [sample, { map: 'occurredAt=', occurredAt: 'once' }, '--occurred-at: "once" is not a time'],
  ['package.json', {}, 'no column is taken as the text'],
])('%s with %j is refused with a sentence', async (path, options, sentence) => {
  expect(await refusalOf(path, options)).toContain(sentence);
});

test.each([
  ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'save it as .xlsx'],
  ['a broken workbook', Buffer.from('504b0304aabbccdd', 'hex'), 'the workbook cannot be read'],
  ['bytes of no encoding', Buffer.from('a,\xff\xfd\xfe\x80', 'latin1'), 'the file is in no encoding that is known'],
  ['nothing', Buffer.alloc(0), 'the file is empty'],
  ['empty lines', Buffer.from('\n\n\n'), 'the file holds no rows'],
])('%s is refused with a sentence', async (name, bytes, sentence) => {
  const path = join(folder.path, name);
  await writeFile(path, bytes);
  expect(await refusalOf(path, {})).toContain(sentence);
});

test('a sheet that is not there is told by its name', async () => {
  const path = join(folder.path, 'one-sheet.xlsx');
  await writeFile(path, await writeXlsx({ sheets: [{ name: '回答', rows: [['本文'], ['良い']] }] }));
  expect(await refusalOf(path, { sheet: 'なし' })).toBe('there is no sheet なし, or nothing is in it');
});
