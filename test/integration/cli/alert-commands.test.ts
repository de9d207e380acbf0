import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { Command } from 'commander';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addAlertCommands } from '../../../src/cli/alert-commands.ts';
import { alertRuleSchema } from '../../../src/domain/alert-rule.ts';
import { unannouncedChanges } from '../../../src/store/alert-changes.ts';
import { planDelivery, settleDelivery } from '../../../src/store/alert-deliveries.ts';
import { writeAlert } from '../../../src/store/alerts.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { alertDocument } from '../../support/alerts.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { uniqueName } from '../../support/unique-name.ts';

const page = readFileSync('docs/alerts.md', 'utf8');
const commands = [...page.matchAll(/^koe alerts ([^#\n]*)/gm)].map(([, command = '']) => command.trim());
const [rule = ''] = [...page.matchAll(/```json\n(\{\n {2}"id".*?)```/gs)].map(([, json = '']) => json);

let mongo: TestMongo;
let database: Database;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let environment: Record<string, string>;
const alert = alertDocument();
const receiver = createServer((_, response) => response.end());

beforeAll(async () => {
  [mongo, folder] = await Promise.all([startTestMongo(), temporaryFolder()]);
  const name = uniqueName('koe-alert-commands');
  database = await openDatabase({ uri: mongo.uri, database: name });
  await writeAlert(database, alert, undefined);
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  const port = address !== null && typeof address !== 'string' ? address.port : 0;
  const channel = { id: 'ops', kind: 'slack', url: `http://127.0.0.1:${port}/` };
  await writeFile(join(folder.path, 'channels.json'), JSON.stringify({ channels: [channel] }));
  await writeFile(join(folder.path, 'rule.json'), rule);
  environment = {
    MONGODB_URI: mongo.uri,
    KOE_MONGODB_DATABASE: name,
    KOE_PSEUDONYM_KEY: 'k'.repeat(40),
    KOE_ALERT_CHANNELS: join(folder.path, 'channels.json'),
    KOE_ALERT_ALLOW_PRIVATE: 'true',
  };
});

afterAll(async () => {
  receiver.close();
  await database.drop();
  await database.close();
  await mongo.close();
  await folder.remove();
});

/** Runs `koe alerts` in this process. */
async function runAlerts(args: readonly string[]) {
  const written = { output: '', errors: '' };
  const into = (name: keyof typeof written) =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written[name] += String(chunk);
        done();
      },
    });
  const terminal = { environment, input: Readable.from([]), output: into('output'), errors: into('errors') };
  let exit: number | undefined;
  const program = new Command().exitOverride();
  addAlertCommands(program, terminal, async (work) => {
    exit = await work();
  });
  await program.parseAsync(['alerts', ...args], { from: 'user' });
  return { exit, ...written };
}

const words = (command: string) => [...command.matchAll(/"([^"]*)"|\S+/g)].map(([whole, quoted]) => quoted ?? whole);

/** What commands of the page print, by their beginnings. */
const told: readonly [command: string, words: RegExp][] = [
  ['list', /medium.*open.*spike.*delivery\.chat/],
  ['show', /observed: 12\/14, usually 1\.5/],
  ['ack', /is acknowledged/],
  ['snooze', /is snoozed/],
  ['resolve', /is resolved/],
  ['vote', /is resolved/],
  ['rules', /no-data.*yes.*koe/],
  ['test', /alerts$/],
  ['tune', /spike: 1 of 1 useful/],
  ['set-rule', /waiting holds for shop/],
  ['delete-rule', /waiting is deleted for shop/],
  ['send-test', /delivered/],
  ['outbox', /410/],
  ['calendar add deploy', /maintenance from 2027-03-01T13:00:00.000Z until 2027-03-01T15:00:00.000Z/],
  ['calendar add spring-sale', /campaign/],
  ['calendar list', /spring-sale/],
  ['calendar remove', /deploy is removed/],
];

test('the rule of the page is one, and each command is told of here', () => {
  expect(alertRuleSchema.parse(JSON.parse(rule)).id).toBe('waiting');
  const known = ['watch', ...told.map(([command]) => command)];
  expect(commands.filter((command) => !known.some((one) => command.startsWith(one)))).toEqual([]);
});

test('every command of the page does what it says', async () => {
  const [told1] = unannouncedChanges({ ...alert, version: 1, unannounced: true });
  if (told1 === undefined) throw new Error('no change');
  const planned = { channel: 'ops', incident: 'x', change: told1.change, dueAt: 0, groupMs: 0 };
  await planDelivery(database, planned, Date.now());
  await settleDelivery(database, `${told1.change.id}.ops`, { status: 'failed', reason: 'answered 410' });
  for (const command of commands.filter((one) => !one.startsWith('watch'))) {
    const args = words(command).map((word) =>
      word === '3f2a…' ? alert.id : word === 'rule.json' ? join(folder.path, word) : word,
    );
    const { exit, output, errors } = await runAlerts(args);
    const [, expected = /^$/] = told.find(([beginning]) => command.startsWith(beginning)) ?? [];
    expect([command, exit, errors]).toEqual([command, 0, '']);
    expect(output.trim()).toMatch(expected);
  }
  const again = await runAlerts(['resend', `${told1.change.id}.ops`]);
  expect(again).toMatchObject({ exit: 0, output: `${told1.change.id}.ops waits to be sent\n` });
});
