import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { streamXlsxRows, writeXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { readTopic, testClient } from '../support/kafka-client.ts';
import { type KoeProcess, runKoe, startKoe } from '../support/koe-process.ts';
import { startTestServers, type TestServers } from '../support/server-processes.ts';
import { uniqueSettings } from '../support/unique-name.ts';
import { until } from '../support/until.ts';

const prefix = 'npm run -s koe -- ';
const names = uniqueSettings();
let servers: TestServers;
let worker: KoeProcess;
let database: Database;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let environment: Record<string, string>;

beforeAll(async () => {
  [servers, folder] = await Promise.all([startTestServers(), temporaryFolder()]);
  environment = {
    ...names,
    KAFKA_BROKERS: servers.kafka,
    MONGODB_URI: servers.mongo,
    KOE_PSEUDONYM_KEY: 'a key of sixteen characters or more',
    KOE_DATA_DIR: join(folder.path, 'data'),
    KOE_MODEL: 'none',
    KOE_HTTP_PORT: '0',
  };
  database = await openDatabase({ uri: servers.mongo, database: names.KOE_MONGODB_DATABASE });
  worker = startKoe([], { entry: 'workers/enrich', environment });
});

afterAll(async () => {
  expect(await worker.kill('SIGTERM')).toBe(0);
  await database.drop();
  await database.close();
  await servers.close();
  await folder.remove();
});

const koe = (...args: string[]) => runKoe(args, { environment });

function storedBy(tenant: string) {
  return database.records.find({ tenant }).sort({ occurredAt: 1 }).toArray();
}

async function untilStored(tenant: string, count: number): Promise<void> {
  await until(`${count} records of ${tenant}`, async () => (await storedBy(tenant)).length === count, 60_000);
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder.path, name);
  await writeFile(path, content);
  return path;
}

const page = await readFile('docs/import-export.md', 'utf8');
const commands = [...page.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) => block.trim().split('\n'));

test('every command of the page', async () => {
  expect(commands.length).toBeGreaterThan(10);
  const shown = /```text\n(.*?)```/s.exec(page)?.[1] ?? '';
  let isImported = false;
  for (const command of commands) {
    expect(command.startsWith(prefix)).toBe(true);
    const args = command
      .slice(prefix.length)
      .split(' ')
      .map((arg, at, all) => (all[at - 1] === '-o' ? join(folder.path, arg) : arg));
    if (args[0] === 'import') {
      const told = await koe(...args, '--errors', join(folder.path, 'reviews.errors.csv'));
      expect(told).toMatchObject({ exit: 65, errors: '' });
      if (args.includes('--dry-run')) {
        const narrow = (text: string) => text.replaceAll(/ +│\n/g, '│\n').replaceAll(/─+/g, '─');
        expect(narrow(told.output)).toContain(narrow(shown));
        expect(told.output).toContain('5 would be sent, 2 refused; nothing is sent');
      } else expect(told.output).toMatch(/\n5 sent, 2 refused: see .*reviews\.errors\.csv\n$/);
    } else {
      if (!isImported) await untilStored('shop', 5);
      isImported = true;
      const told = await koe(...args);
      expect(told.exit, told.errors).toBe(0);
      const output = args[args.indexOf('-o') + 1] ?? '';
      const bytes = args.includes('-o') ? await readFile(output) : Buffer.from(told.output);
      if (args[1] === 'feedback') expect(await rowsIn(bytes)).toBe(args.includes('jsonl') ? 2 : 6);
      if (args.includes('-o')) expect(told.errors).toMatch(/^\d+ rows in /);
    }
  }
  const errors = (await readFile(join(folder.path, 'reviews.errors.csv'))).toString();
  expect(errors).toBe(
    '\ufeffkoe:row,koe:field,koe:reason,投稿日,店舗,評価,レビュー本文,会員番号,氏名\r\n' +
      '10,occurredAt,it is no time,2026/10/32,横浜店,4,日付を書き間違えた行です。,A-106,加藤 樹\r\n' +
      '11,text,it is empty,2026/10/8,新宿店,4,,A-107,木村 紬\r\n',
  );
  await untilStored('shop', 5);
  const records = await storedBy('shop');
  expect(records.map(({ text, rating, occurredAt }) => [text, rating?.value, occurredAt.toISOString()])).toEqual([
    ['店員さんがとても親切でした。\r\nまた来ます。', 4, '2026-10-03T03:40:00.000Z'],
    ['会計の列が長くて、二十分も待たされました。', 2, '2026-10-03T15:00:00.000Z'],
    ['席の"禁煙"の表示が分かりにくいです。', 2, '2026-10-05T10:15:00.000Z'],
    ['駅から近くて便利でした。', 5, '2026-10-06T00:05:00.000Z'],
    ['予約したのに、席が用意されていませんでした。', 1, '2026-10-06T15:00:00.000Z'],
  ]);
  const csv = (await readFile(join(folder.path, 'feedback.csv'))).toString();
  expect(csv.startsWith('\ufeffid,occurredAt (Asia/Tokyo),channel,')).toBe(true);
  expect(csv).toContain('2026-10-06 09:05:00');
  expect((await readFile(join(folder.path, 'pain-points.csv'))).toString()).toContain('トピックID,トピック,声の数');
});

async function rowsIn(bytes: Buffer): Promise<number> {
  if (!bytes.subarray(0, 2).equals(Buffer.from('PK'))) {
    return bytes
      .toString()
      .replaceAll(/"[^"]*"/g, '')
      .split('\n')
      .filter((line) => line !== '').length;
  }
  let rows = 0;
  for await (const _ of streamXlsxRows(new Uint8Array(bytes))) rows++;
  return rows;
}

const table = 'ID,日付,本文\r\n1,2024/1/5,"とても良い、①髙"\r\n2,令和6年1月6日,ｶﾞｿﾘﾝが高い\r\n';
/** The same as Python writes it in cp932, and without ①髙 in EUC-JP. */
const shiftJis =
  '49442c93fa95742c967b95b60d0a312c323032342f312f352c2282c682c482e097c782a281418740eee0220d0a' +
  '322c97df986136944e318c8e3693fa2cb6debfd8dd82aa8d8282a20d0a';
const eucJp =
  '49442cc6fcc9d52ccbdccab80d0a312c323032342f312f352c22a4c8a4c6a4e2cec9a4a4a1a2220d0a' +
  '322ccee1cfc236c7af31b7ee36c6fc2c8eb68ede8ebf8ed88edda4acb9e2a4a40d0a';

test.each([
  ['utf-8', Buffer.from(table)],
  ['utf-8-bom', Buffer.from(`\ufeff${table}`)],
  ['utf-16le', Buffer.from(`\ufeff${table}`, 'utf16le')],
  ['utf-16be', Buffer.from(`\ufeff${table}`, 'utf16le').swap16()],
  ['shift-jis', Buffer.from(shiftJis, 'hex')],
  ['euc-jp', Buffer.from(eucJp, 'hex')],
])('a file in %s', async (encoding, bytes) => {
  const path = await file(`${encoding}.csv`, bytes);
  const args = ['import', path, '--tenant', encoding, '--channel', 'review', '--yes'];
  const told = await koe(...args);
  expect(told).toMatchObject({ exit: 0, errors: '' });
  expect(told.output).toMatch(/\n2 sent, 0 refused\n$/);
  await untilStored(encoding, 2);
  expect((await storedBy(encoding)).map(({ id, text, occurredAt }) => [id, text, occurredAt.toISOString()])).toEqual([
    ['1', encoding === 'euc-jp' ? 'とても良い、' : 'とても良い、①髙', '2024-01-04T15:00:00.000Z'],
    ['2', 'ｶﾞｿﾘﾝが高い', '2024-01-05T15:00:00.000Z'],
  ]);
});

test('a workbook and JSON lines are the same feedback as the CSV file of their rows', async () => {
  const rows = [
    ['受付日時', 'ご意見', '推奨度', '備考'],
    [new Date('2024-01-05T13:05:00Z'), '=良い\n品です', 9, null],
    [new Date('2024-01-06T00:00:00Z'), '普通です'],
  ];
  const columns = [{ numFmt: 'yyyy/m/d h:mm' }];
  const xlsx = await writeXlsx({ sheets: [{ name: '回答', columns, rows }] });
  const json = [
    { 受付日時: '2024-01-05T13:05:00+09:00', ご意見: '=良い\n品です', 推奨度: 9 },
    { 受付日時: '2024/1/6', ご意見: '普通です', 推奨度: null },
  ];
  const csv = '受付日時,ご意見,推奨度,備考\r\n2024/1/5 13:05,"\'=良い\r\n品です",9,\r\n2024/1/6,普通です,,\r\n';
  for (const path of [
    await file('answers.xlsx', xlsx),
    await file('answers.jsonl', json.map((row) => JSON.stringify(row)).join('\n')),
    await file('answers.csv', csv),
  ]) {
    const told = await koe('import', path, '--tenant', 'forms', '--channel', 'survey', '--yes');
    expect(told, told.errors).toMatchObject({ exit: 0 });
  }
  await untilStored('forms', 2);
  const [first, second] = await storedBy('forms');
  expect(first).toMatchObject({ survey: { metric: 'nps', score: 9, min: 0, max: 10 } });
  expect(first?.text.replaceAll('\r', '')).toBe('=良い\n品です');
  expect(second?.survey?.score).toBeUndefined();
});

test('rows that cannot be sent are mended in their own file and imported from it', async () => {
  const path = await file(
    'broken.csv',
    '番号,日付,本文,評価\n1,2024/1/5,良い,5\n1,2024/1/5,同じ番号,5\n3,2024/1/5,"未完の"引用"符,4\n4,いつか,悪い,1\n5,2024/1/5,列が,多,い\n',
  );
  const args = ['--tenant', 'mended', '--channel', 'review', '--yes'];
  const told = await koe('import', path, ...args);
  expect(told).toMatchObject({ exit: 65, errors: '' });
  expect(told.output).toMatch(/\n1 sent, 4 refused: see .*broken\.csv\.errors\.csv\n$/);
  const errors = await readFile(`${path}.errors.csv`, 'utf8');
  expect(errors.split('\r\n').map((line) => line.split(',').slice(0, 3).join(','))).toEqual([
    '\ufeffkoe:row,koe:field,koe:reason',
    '3,id,row 2 has the same id',
    '4,row,a quote inside column 3 is not doubled',
    '5,occurredAt,it is no time',
    '6,row,"it has 5 cells',
    '',
  ]);
  const mended = errors.replace('いつか', '2024/1/6').replace('3,id,row 2 has the same id,1,', ',,,2,');
  const again = await file('mended.csv', mended);
  expect((await koe('import', again, ...args)).output).toMatch(/\n2 sent, 2 refused/);
  await untilStored('mended', 3);
});

test('an import that is stopped says how to go on, and then every row is sent', async () => {
  const rows = Array.from({ length: 60_000 }, (_, at) => `2024/1/5,声その${at}\n`);
  const path = await file('large.csv', `日付,本文\n壊れた日,最初の行\n${rows.join('')}`);
  const args = ['import', path, '--tenant', 'large', '--channel', 'chat', '--yes'];
  const own = { ...environment, KOE_TOPIC_PREFIX: `${names.KOE_TOPIC_PREFIX}large.` };
  const running = startKoe(args, { environment: own });
  // The first batch has been sent when the file of errors is there.
  await until('the first batch', () => readFile(`${path}.errors.csv`).then(Boolean, () => false), 30_000);
  expect(await running.kill('SIGINT')).toBe(1);
  const [, sent, row] = /(\d+) sent and acknowledged; to go on, add --from-row (\d+)/.exec(running.errors()) ?? [];
  expect(Number(sent)).toBeGreaterThan(0);
  expect(Number(sent)).toBeLessThan(60_000);
  const rest = await runKoe([...args, '--from-row', row ?? ''], { environment: own });
  expect(rest.exit, rest.errors).toBe(0);
  expect(rest.output).toContain(`${60_000 - Number(sent)} sent, 0 refused`);
  expect(await readFile(`${path}.errors.csv`, 'utf8')).toContain('2,occurredAt,it is no time,壊れた日');
  const messages = await readTopic(testClient([servers.kafka]), `${own.KOE_TOPIC_PREFIX}feedback.chat.v1`, 60_000);
  expect(new Set(messages.map(({ value }) => JSON.parse(value ?? '').id)).size).toBe(60_000);
});

test('an export keeps what is there, unless it is to be replaced', async () => {
  const path = await file('there.csv', 'mine');
  const args = ['export', 'feedback', '--tenant', 'forms', '--since', '2024-01-01', '-o', path];
  expect(await koe(...args)).toMatchObject({ exit: 64, errors: `koe: ${path} exists; --force replaces it\n` });
  expect(await readFile(path, 'utf8')).toBe('mine');
  expect(await koe(...args, '--force')).toMatchObject({ exit: 0 });
  expect(await readFile(path, 'utf8')).toContain("'=良い");
});

test.each([
  ['export feedback --tenant t -o a.txt', 'does not tell a format'],
  ['export feedbck --tenant t -o a.csv', 'Did you mean feedback?'],
  ['export churn --tenant t --channel chat -o a.csv', '--channel does not choose rows of churn'],
  ['export feedback --tenant t -o none/a.csv', 'cannot write none/a.csv'],
  ['import docs/sample/reviews.csv --tenant t --channel review', 'nobody is there to confirm'],
])('koe %s ends with 64 and a sentence', async (command, sentence) => {
  const { exit, errors } = await koe(...command.split(' '));
  expect({ exit, errors }).toMatchObject({ exit: 64, errors: expect.stringContaining(sentence) });
  expect(errors).not.toContain('    at ');
});
