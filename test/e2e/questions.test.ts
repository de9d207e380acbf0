import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { customerNames } from '../../src/app/customer-names.ts';
import { readSettings } from '../../src/config/settings.ts';
import { openDatabase } from '../../src/store/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runKoe } from '../support/koe-process.ts';
import { startTestMongo, type TestMongo } from '../support/mongo.ts';
import { storeWorld, tenant } from '../support/world.ts';

const page = readFileSync('docs/insight.md', 'utf8');
const prefix = 'npm run -s koe -- ';
const commands = [...page.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) => block.trim().split('\n'));

let mongo: TestMongo;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let environment: Record<string, string>;

beforeAll(async () => {
  mongo = await startTestMongo();
  folder = await temporaryFolder();
  const name = `koe-test-${Math.random().toString(36).slice(2)}`;
  environment = {
    MONGODB_URI: mongo.uri,
    KOE_MONGODB_DATABASE: name,
    KOE_DATA_DIR: folder.path,
    KOE_PSEUDONYM_KEY: 'k'.repeat(40),
  };
  const pseudonymize = customerNames(readSettings(environment));
  const database = await openDatabase({ uri: mongo.uri, database: name });
  await storeWorld(database, Date.now(), (id) => pseudonymize(tenant, id));
  await database.close();
});

afterAll(async () => {
  const database = await openDatabase({ uri: mongo.uri, database: environment.KOE_MONGODB_DATABASE ?? '' });
  await database.drop();
  await database.close();
  await mongo.close();
  await folder.remove();
});

/** What the answer to a command must contain, by the beginning of the command. */
const told: readonly [command: string, words: RegExp][] = [
  ['pain-points --tenant shop --since 7d', /請求・支払い|billing/],
  ['pain-points --tenant shop --sort revenue', /東京: /],
  ['requests', /usability/],
  ['praise', /店員:親切:\+ ×/],
  ['opinions', /画面:見にくい:-/],
  ['topics', /billing[\s\S]*pieces of feedback/],
  ['timeline billing', /▇[\s\S]*請求・支払い: 21 \(/],
  ['segments compare --tenant shop --since 30d --one region=東京 --other', /region=東京[\s\S]*NPS \(answers\)/],
  ['segments compare --tenant shop --since 30d --channel', /all others/],
  ['emerging --tenant shop --since 7d', /請求:おかしい:-.*new/],
  ['nps', /NPS[\s\S]*1 answers are left out: NPS is defined on 0–10/],
  ['drivers', /fix this/],
  ['churn score', /35 customers scored by the rule score; \d+ changes of band published to koe.churn.v1/],
  ['churn --tenant', /35 customers \(\d+ low, \d+ medium/],
  ['customer c-3', /risk of leaving: .*in 30 days/],
  ['loyalty', /loyalty index/],
  ['churn backtest', /base-rate/],
  ['churn fit', /model 1 is fitted to \d+ months of customers with 25 departures/],
  ['rollups verify', /Every hour that is counted agrees/],
];

test('the page shows every question', () => {
  for (const [command] of told) expect(page).toContain(prefix + command);
});

test.each(commands)('%s', async (command) => {
  expect(command.startsWith(prefix)).toBe(true);
  const args = command.slice(prefix.length);
  const { exit, output, errors } = await runKoe(args.split(' '), { environment });
  expect({ exit, errors }).toEqual({ exit: 0, errors: '' });
  if (args.endsWith('--json')) expect(JSON.parse(output)).toBeTypeOf('object');
  else for (const [start, words] of told) if (args.startsWith(start)) expect(output).toMatch(words);
});

test.each([
  ['emerging --tenant shop --baseline 1d', '--baseline must be before --since'],
  ['nps --tenant shop --tz Tokyo', '--tz: "Tokyo" is not a time zone'],
  ['drivers --tenant shop --since 2026-02-30', '--since: "2026-02-30" is not a time'],
  ['loyalty --tenant shop --until nothing', '--until: "nothing" is not a time'],
  ['churn backtest --tenant shop --split 2026-11-31', '--split: "2026-11-31" is not a time'],
  ['pain-points --tenant shop --topic bilings', 'There is no topic bilings. Did you mean billing?'],
  ['pain-points --tenant shop --sort size', 'There is no order size.'],
  ['pain-points --tenant shop --channel revew', 'Did you mean review?'],
  ['pain-points --tenant shop --by region.name', 'It must be the name of an attribute.'],
  ['timeline bilings --tenant shop', 'There is no topic bilings. Did you mean billing?'],
  ['timeline billing --tenant shop --bucket hour --since 90d', '--bucket hour makes more than 1000 buckets'],
  ['segments compare --tenant shop', '--one name=value'],
  ['customer nobody --tenant shop', 'nothing is stored of customer nobody of shop'],
])('koe %s ends with 64 and a sentence', async (command, sentence) => {
  const { exit, output, errors } = await runKoe(command.split(' '), { environment });
  expect({ exit, output }).toEqual({ exit: 64, output: '' });
  expect(errors).toContain(sentence);
});
