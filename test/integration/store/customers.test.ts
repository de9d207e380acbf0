import { expect, test } from 'vitest';
import type { StoredCustomerEvent } from '../../../src/domain/customer-event.ts';
import type { Timeline } from '../../../src/insight/timeline.ts';
import { createCustomerEventStore } from '../../../src/store/customer-events.ts';
import type { Database } from '../../../src/store/database.ts';
import { createRecordStore } from '../../../src/store/records.ts';
import { readTimelines } from '../../../src/store/timelines.ts';
import { startTestDatabases } from '../../support/databases.ts';
import { enrichedRecord } from '../../support/records.ts';

let database: Database;
startTestDatabases((opened) => {
  database = opened;
});

const event = (id: string, customer: string, given: Partial<StoredCustomerEvent> = {}): StoredCustomerEvent => ({
  id,
  tenant: 'shop',
  customer,
  occurredAt: '2026-11-01T00:00:00.000Z',
  receivedAt: '2026-11-01T00:00:01.000Z',
  type: 'signed-up',
  ...given,
});

async function timelines(customer?: string) {
  const found: Timeline[] = [];
  for await (const timeline of readTimelines(database, { tenant: 'shop', customer })) found.push(timeline);
  return found;
}

test('of events with one id the newest is kept, however often and in whichever order they come', async () => {
  const store = createCustomerEventStore(database);
  const first = event('e', 'ann', { type: 'used', count: 1 });
  const corrected = event('e', 'ann', { type: 'used', count: 2, receivedAt: '2026-11-01T00:00:02.000Z' });
  await store.save([first]);
  await store.save([corrected, first]);
  await store.save([first]);
  await store.save([]);
  expect(await timelines()).toMatchObject([{ customer: 'ann', events: [{ id: 'e', count: 2 }] }]);
});

test('timelines join events and feedback by customer, in order of time, and leave other tenants out', async () => {
  await createCustomerEventStore(database).save([
    event('later', 'ann', { occurredAt: '2026-11-03T00:00:00.000Z', type: 'cancelled' }),
    event('earlier', 'ann', { type: 'contract-started', mrr: 900 }),
    event('only', 'cid'),
    event('foreign', 'ann', { tenant: 'other' }),
  ]);
  const said = (id: string, customer: string | undefined, occurredAt: string) =>
    enrichedRecord({ id, tenant: 'shop', occurredAt, ...(customer !== undefined && { customer }) });
  await createRecordStore(database).save([
    said('b2', 'bob', '2026-11-02T00:00:00.000Z'),
    said('b1', 'bob', '2026-11-01T00:00:00.000Z'),
    said('a1', 'ann', '2026-11-02T00:00:00.000Z'),
    said('nobody', undefined, '2026-11-02T00:00:00.000Z'),
    { ...said('a2', 'ann', '2026-11-03T00:00:00.000Z'), survey: { metric: 'nps', score: 3, min: 0, max: 10 } },
    { ...said('a3', 'ann', '2026-11-04T00:00:00.000Z'), survey: { metric: 'nps', score: 3, min: 1, max: 5 } },
  ]);
  const found = await timelines();
  expect(
    found.map(({ customer, events, feedback }) => [customer, events.map(({ id }) => id), feedback.map(({ id }) => id)]),
  ).toEqual([
    ['ann', ['earlier', 'later'], ['a1', 'a2', 'a3']],
    ['bob', [], ['b1', 'b2']],
    ['cid', ['only'], []],
  ]);
  expect(found[0]?.events[0]).toMatchObject({ mrr: 900, at: Date.UTC(2026, 10, 1) });
  expect(found[0]?.feedback.map(({ recommendation }) => recommendation)).toEqual([undefined, 3, undefined]);
  expect(await timelines('bob')).toMatchObject([{ customer: 'bob' }]);
  expect(await timelines('nobody')).toEqual([]);
});
