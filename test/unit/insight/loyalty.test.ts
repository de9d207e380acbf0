import { expect, test } from 'vitest';
import { loyaltyOf, revenueRetention } from '../../../src/insight/loyalty.ts';
import { measurePredictions } from '../../../src/insight/prediction-quality.ts';
import type { Timeline } from '../../../src/insight/timeline.ts';

const bought = (customer: string, times: number, score: number, recommendation?: number): Timeline => ({
  customer,
  events: Array.from({ length: times }, (_, at) => ({ id: `${at}`, at: 10 + at, type: 'purchased', amount: 100 })),
  feedback: [
    {
      id: 'f',
      at: 20,
      sentiment: 'neutral',
      score,
      topics: [],
      intents: [],
      ...(recommendation !== undefined && { recommendation }),
    },
  ],
});

test('customers fall into the four quadrants', () => {
  const loyalties = loyaltyOf(
    [bought('true', 9, 0.8, 10), bought('latent', 1, 0.8), bought('spurious', 8, -0.8), bought('none', 0, -0.5, 2)],
    0,
    100,
  );
  expect(Object.fromEntries(loyalties.map(({ customer, quadrant }) => [customer, quadrant]))).toEqual({
    true: 'true',
    latent: 'latent',
    spurious: 'spurious',
    none: 'none',
  });
  expect(loyalties.filter(({ advocate }) => advocate).map(({ customer }) => customer)).toEqual(['true']);
  expect(loyalties[0]?.index).toBeCloseTo(100 * (0.5 * 0.95 + 0.5 * 1), 10);
});

test('what lies outside the period does not count', () => {
  expect(loyaltyOf([bought('a', 3, 0.9, 10)], 50, 100)[0]).toMatchObject({ attitude: 0.5, advocate: false });
});

test('net revenue retention', () => {
  const contract = (
    customer: string,
    ...changes: [at: number, type: 'upgraded' | 'cancelled' | 'downgraded', mrr?: number][]
  ): Timeline => ({
    customer,
    feedback: [],
    events: [
      { id: '0', at: 1, type: 'contract-started', mrr: 100 },
      ...changes.map(([at, type, mrr]) => ({ id: `${at}`, at, type, ...(mrr !== undefined && { mrr }) })),
    ],
  });
  const group = [
    contract('a', [20, 'upgraded', 250]),
    contract('b', [20, 'cancelled']),
    contract('c', [20, 'downgraded', 80]),
    contract('late'),
  ];
  const started = { ...contract('new'), events: [{ id: '0', at: 30, type: 'contract-started' as const, mrr: 900 }] };
  expect(revenueRetention([...group, started], 10, 100)).toEqual({
    start: 400,
    expansion: 150,
    contraction: 20,
    churned: 100,
    nrr: 1.075,
    negativeChurn: true,
  });
  expect(revenueRetention([], 10, 100)).not.toHaveProperty('nrr');
});

test('measures of predictions', () => {
  const quality = measurePredictions([
    { probability: 0.9, happened: true },
    { probability: 0.6, happened: false },
    { probability: 0.6, happened: true },
    { probability: 0.1, happened: false },
  ]);
  expect(quality).toMatchObject({ cases: 4, happened: 2, auc: 0.875, lift: 2 });
  expect(quality.brier).toBeCloseTo((0.01 + 0.36 + 0.16 + 0.01) / 4, 10);
  expect(measurePredictions([{ probability: 0.5, happened: false }])).not.toHaveProperty('auc');
});
