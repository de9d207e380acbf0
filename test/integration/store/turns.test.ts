import { expect, test } from 'vitest';
import type { OtherTurn } from '../../../src/domain/turn.ts';
import type { Database } from '../../../src/store/database.ts';
import { createRecordStore } from '../../../src/store/records.ts';
import { createTurnStore, readTurns } from '../../../src/store/turns.ts';
import { startTestDatabases } from '../../support/databases.ts';
import { enrichedRecord } from '../../support/records.ts';

let database: Database;
startTestDatabases((opened) => {
  database = opened;
});

const turn = (changes: Partial<OtherTurn> = {}): OtherTurn => ({
  tenant: 'shop',
  id: 'a1',
  revision: 0,
  channel: 'chat',
  conversation: 'talk',
  author: 'agent',
  occurredAt: '2026-11-01T01:05:00.000Z',
  receivedAt: '2026-11-01T02:00:00.000Z',
  ...changes,
});

test('turns of a conversation come back with the customer’s, of no other conversation or tenant', async () => {
  const conversation = { id: 'talk', turn: 0, author: 'customer' } as const;
  await createRecordStore(database).save([
    enrichedRecord({ id: 'c1', channel: 'chat', conversation }),
    enrichedRecord({ id: 'c2', channel: 'chat', conversation: { ...conversation, id: 'other' } }),
    enrichedRecord({ id: 'c3', tenant: 'bank', channel: 'chat', conversation }),
  ]);
  await createTurnStore(database).keep([turn(), turn({ id: 'a2', conversation: 'other' }), turn({ tenant: 'bank' })]);
  const turns = await readTurns(database, 'shop', 'talk');
  expect(turns).toEqual([
    { id: 'c1', revision: 0, author: 'customer', at: Date.parse('2026-11-01T01:10:00Z'), turn: 0, score: -0.5 },
    { id: 'a1', revision: 0, author: 'agent', at: Date.parse('2026-11-01T01:05:00Z'), turn: undefined },
  ]);
});

test('repeated, corrected and late turns end in the newest, whatever came first', async () => {
  const newest = turn({ revision: 1, author: 'bot' });
  const others = [turn({ id: 'a2' }), turn({ id: 'a3' })];
  for (const [index, order] of [
    [turn(), newest, ...others],
    [newest, turn(), ...others],
    [newest, ...others, turn(), newest],
  ].entries()) {
    const tenant = `shop-${index}`;
    await createTurnStore(database).keep(order.map((each) => ({ ...each, tenant })));
    await createTurnStore(database).keep([turn({ tenant })]);
    const kept = await readTurns(database, tenant, 'talk');
    expect(kept.map(({ id, author }) => [id, author]).sort()).toEqual([
      ['a1', 'bot'],
      ['a2', 'agent'],
      ['a3', 'agent'],
    ]);
  }
});

test('nothing of what was said is kept', async () => {
  await createTurnStore(database).keep([turn()]);
  const [document] = await database.turns.find().toArray();
  expect(Object.keys(document ?? {}).sort()).toEqual(
    ['_id', 'author', 'channel', 'conversation', 'id', 'occurredAt', 'receivedAt', 'revision', 'tenant'].sort(),
  );
});
