import { describe, expect, test } from 'vitest';
import type { StoredCustomerEvent } from '../../../src/domain/customer-event.ts';
import { createCustomerEventHandler } from '../../../src/pipeline/customer-events.ts';
import { createMasker } from '../../../src/text/personal-data/masker.ts';
import { loadPersonNames } from '../../../src/text/personal-data/person-names.ts';
import { message } from '../../support/messages.ts';

const masker = createMasker(await loadPersonNames());

async function handle(...events: unknown[]) {
  const saved: StoredCustomerEvent[] = [];
  const verdicts = await createCustomerEventHandler({
    maxMessageBytes: 10_000,
    strictFields: false,
    masker,
    pseudonymize: (tenant, customer) => `${tenant}:${customer}`,
    store: { save: async (stored) => void saved.push(...stored) },
    observer: { fieldsIgnored() {} },
    now: () => Date.UTC(2026, 10, 20),
  })(events.map((event) => message(event === null ? null : JSON.stringify(event))));
  return { verdicts, saved };
}

const event = {
  id: 'e-1',
  tenant: 'shop',
  customerId: 'c-1',
  occurredAt: '2026-11-19T10:00:00+09:00',
  type: 'purchased',
  amount: 1200,
};

test('events are kept under pseudonyms, with times in UTC', async () => {
  const { verdicts, saved } = await handle(event);
  expect(verdicts).toEqual([{ kind: 'ok', value: undefined }]);
  expect(saved).toMatchObject([
    { id: 'e-1', customer: 'shop:c-1', occurredAt: '2026-11-19T01:00:00.000Z', type: 'purchased', amount: 1200 },
  ]);
  expect(saved[0]).not.toHaveProperty('customerId');
  expect(saved[0]).not.toHaveProperty('items');
});

test('a change of contract keeps the revenue before and after', async () => {
  const { saved } = await handle({ ...event, type: 'downgraded', mrr: { before: 900, after: 500 }, plan: 'light' });
  expect(saved).toMatchObject([{ mrr: 500, mrrBefore: 900, plan: 'light' }]);
});

test('reasons are masked', async () => {
  const { saved } = await handle({ ...event, type: 'cancelled', reason: '連絡は090-1234-5678へ。高いので。' });
  expect(saved[0]?.reason).toBe('連絡は[電話番号]へ。高いので。');
});

describe('refused', () => {
  test.each([
    ['an unknown type', { type: 'vanished' }, 'KOE_FIELD_INVALID', /^type/],
    ['a purchase without an amount', { amount: undefined }, 'KOE_FIELD_MISSING', /^amount: required/],
    ['a negative amount', { amount: -1 }, 'KOE_FIELD_INVALID', /^amount/],
    ['no customer', { customerId: undefined }, 'KOE_FIELD_MISSING', /^customerId: required/],
    ['a time before all', { occurredAt: '1970-01-01T00:00:00Z' }, 'KOE_OCCURRED_AT_TOO_OLD', /1970/],
    ['a newer schema', { schemaVersion: 2 }, 'KOE_SCHEMA_VERSION', /2/],
  ])('%s', async (_, change, code, detail) => {
    const { verdicts, saved } = await handle({ ...event, ...change }, event);
    expect(verdicts).toMatchObject([
      { kind: 'dead-letter', code, detail: expect.stringMatching(detail) },
      { kind: 'ok' },
    ]);
    expect(saved).toHaveLength(1);
  });

  test('tombstones are dropped', async () => {
    expect((await handle(null)).verdicts).toEqual([{ kind: 'drop', reason: 'tombstone' }]);
  });
});
