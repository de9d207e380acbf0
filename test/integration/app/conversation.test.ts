import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conversation } from '../../../src/cli/conversation.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { createRecordStore } from '../../../src/store/records.ts';
import { createTurnStore } from '../../../src/store/turns.ts';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { enrichedRecord } from '../../support/records.ts';

let mongo: TestMongo;
let database: Database;
const name = `koe-test-${Math.random().toString(36).slice(2)}`;

beforeAll(async () => {
  mongo = await startTestMongo();
  database = await openDatabase({ uri: mongo.uri, database: name });
  const said = (id: string, turn: number, score: number) =>
    enrichedRecord({
      ...{ id, channel: 'chat', occurredAt: `2026-11-01T01:0${turn}:00.000Z` },
      conversation: { id: 'talk', turn, author: 'customer' },
      sentiment: { label: score > 0 ? 'positive' : 'negative', score, confidence: 0.9 },
    });
  await createRecordStore(database).save([said('c1', 0, -0.8), said('c2', 2, 0.7)]);
  const answer = { tenant: 'shop', id: 'a1', revision: 0, channel: 'chat', conversation: 'talk', turn: 1 } as const;
  const times = { occurredAt: '2026-11-01T01:01:00.000Z', receivedAt: '2026-11-01T02:00:00.000Z' };
  await createTurnStore(database).keep([{ ...answer, author: 'agent', ...times }]);
});

afterAll(async () => {
  await database.drop();
  await database.close();
  await mongo.close();
});

async function printed(id: string, json: boolean): Promise<string> {
  const [output, errors] = [new PassThrough(), new PassThrough()];
  const environment = {
    MONGODB_URI: mongo.uri,
    KOE_MONGODB_DATABASE: name,
    KOE_PSEUDONYM_KEY: 'a key for this test only',
  };
  const terminal: Terminal = { environment, input: new PassThrough(), output, errors };
  await conversation(id, { tenant: 'shop', json }, terminal);
  output.end();
  return text(output);
}

test('a conversation is printed turn by turn', async () => {
  const lines = (await printed('talk', false)).split('\n');
  expect(lines.slice(0, 3).map((line) => line.split(/ {2,}/).slice(1))).toEqual([
    ['customer', '-0.80', 'c1'],
    ['agent', 'a1'],
    ['customer', '+0.70', 'c2', '<- tipped here'],
  ]);
  expect(lines).toContain('recovered: from -0.80 to +0.70');
  expect(lines).toContain('first response after 1 min 0 s');
});

test('as JSON it is one document', async () => {
  expect(JSON.parse(await printed('talk', true))).toMatchObject({
    ...{ tenant: 'shop', id: 'talk', course: 'recovered', tippedBy: 'c2', resolutionSeconds: 120 },
    turns: [{ id: 'c1', at: '2026-11-01T01:00:00.000Z' }, { id: 'a1', author: 'agent' }, { id: 'c2' }],
  });
});

test('one that nobody has is told so', async () => {
  await expect(printed('none', false)).rejects.toThrow('shop has no conversation none');
});
