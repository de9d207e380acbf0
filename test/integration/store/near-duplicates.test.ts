import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EnrichedRecord } from '../../../src/domain/record.ts';
import { areNearDuplicates, comparedWords } from '../../../src/insight/resemblance.ts';
import type { Database } from '../../../src/store/database.ts';
import { createRecordStore } from '../../../src/store/records.ts';
import { refreshRollups, verifyRollups } from '../../../src/store/rollups.ts';
import { startTestDatabases } from '../../support/databases.ts';
import { enrichedRecord, topic } from '../../support/records.ts';

let database: Database;
startTestDatabases((opened) => {
  database = opened;
});

const leak = '昨日届いた電気ケトルですが、注ぎ口から水が漏れて使いものになりません。';
const noise = '先週買った掃除機ですが、音がとてもうるさくて夜は使えないのが残念です。';

/** Said at a minute of a day by a customer, `-` being nobody known. */
function said(id: string, minute: number, text: string, changes: Partial<EnrichedRecord> = {}): EnrichedRecord {
  const occurredAt = new Date(Date.UTC(2026, 10, 1, 0, minute)).toISOString();
  return enrichedRecord({ id, occurredAt, text, topics: [topic('quality', 'negative')], ...changes });
}

async function save(...records: readonly EnrichedRecord[]): Promise<void> {
  await createRecordStore(database).save(records);
}

async function copies(): Promise<Record<string, string>> {
  const stored = await database.records.find({ duplicateOf: { $exists: true } }).toArray();
  return Object.fromEntries(stored.map(({ id, duplicateOf = '' }) => [id, duplicateOf]));
}

/** Refreshes all roll-ups; how many pieces speak of quality in them. */
async function counted(): Promise<number> {
  while ((await refreshRollups(database, 50)) > 0);
  expect(await verifyRollups(database)).toEqual([]);
  const rollups = await database.rollups.find().toArray();
  return rollups.flatMap(({ rows }) => rows).reduce((sum, { count }) => sum + count, 0);
}

describe('a copy', () => {
  test('with small edits is kept, names the first one, and is not counted', async () => {
    await save(said('a', 1, leak));
    await save(said('b', 70, `${leak}！！！`), said('c', 80, leak.replace('昨日', '今日')), said('d', 90, noise));
    expect(await copies()).toEqual({ b: 'a', c: 'a' });
    expect(await counted()).toBe(2);
    expect(await database.records.countDocuments()).toBe(4);
  });

  test('that came first gives way to what was said before it', async () => {
    await save(said('b', 70, leak));
    expect(await counted()).toBe(1);
    await save(said('a', 1, leak));
    expect(await copies()).toEqual({ b: 'a' });
    expect(await counted()).toBe(1);
  });

  test('is by the same customer, or by nobody known', async () => {
    const [anna, ben] = [{ customer: 'anna' }, { customer: 'ben' }];
    await save(said('a', 1, leak, anna), said('b', 2, leak, ben), said('c', 3, leak, anna), said('d', 4, leak));
    expect(await copies()).toEqual({ c: 'a' });
  });

  test('is of the same tenant and within 30 days', async () => {
    await save(said('a', 0, leak), said('b', 1, leak, { tenant: 'other' }), said('c', 31 * 24 * 60, leak));
    expect(await copies()).toEqual({});
  });

  test('is none any more once one of the two is corrected', async () => {
    await save(said('a', 1, leak), said('b', 2, leak));
    await save(said('a', 1, noise, { revision: 1 }));
    expect(await copies()).toEqual({});
    expect(await counted()).toBe(2);
    await save(said('b', 2, noise, { revision: 1 }));
    expect(await copies()).toEqual({ b: 'a' });
    await save(said('a', 90, noise, { revision: 2 }));
    expect(await copies()).toEqual({ a: 'b' });
    expect(await counted()).toBe(1);
  });

  test('is short: many say the same', async () => {
    await save(said('a', 1, '美味しかったです'), said('b', 2, '美味しかったです'));
    expect(await copies()).toEqual({});
  });
});

/** What must be stored, from the definition alone. */
function expected(records: readonly EnrichedRecord[]): Record<string, string> {
  const order = [...records].sort((a, b) => (a.occurredAt + a.id < b.occurredAt + b.id ? -1 : 1));
  const pairs = order.flatMap((record, index) => {
    const first = order
      .slice(0, index)
      .find(
        ({ customer, text }) =>
          customer === record.customer &&
          areNearDuplicates(comparedWords(text) ?? text, comparedWords(record.text) ?? record.text),
      );
    return first === undefined ? [] : [[record.id, first.id]];
  });
  return Object.fromEntries(pairs);
}

test('whatever the order of arrival, with redeliveries and several workers, the same records are copies', async () => {
  const texts = [leak, `${leak}急ぎです`, leak.replace('昨日', '今日'), noise, `${noise}。。`];
  const record = fc.record({
    minute: fc.integer({ min: 0, max: 200 }),
    text: fc.constantFrom(...texts),
    customer: fc.constantFrom(undefined, 'anna'),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { minLength: 2, maxLength: 7 }).chain((made) => {
        const arrivals = fc.shuffledSubarray(
          made.flatMap((_, index) => [index, index]),
          { minLength: made.length * 2 },
        );
        return fc.tuple(fc.constant(made), arrivals, fc.integer({ min: 1, max: 4 }));
      }),
      async ([made, arrivals, atOnce]) => {
        const tenant = `t${run++}`;
        const records = made.map(({ minute, text, customer }, index) =>
          said(`r${index}`, minute, text, { tenant, ...(customer !== undefined && { customer }) }),
        );
        for (let start = 0; start < arrivals.length; start += atOnce) {
          const together = arrivals.slice(start, start + atOnce).flatMap((index) => records[index] ?? []);
          await Promise.all(together.map((one) => save(one)));
        }
        const stored = await database.records.find({ tenant, duplicateOf: { $exists: true } }).toArray();
        expect(Object.fromEntries(stored.map(({ id, duplicateOf }) => [id, duplicateOf]))).toEqual(expected(records));
      },
    ),
    { numRuns: 15 },
  );
  await counted();
}, 120_000);
