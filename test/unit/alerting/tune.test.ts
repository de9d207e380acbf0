import { expect, test } from 'vitest';
import { rulePrecision } from '../../../src/alerting/tune.ts';

test('proposes the loosest threshold that keeps four of five alerts useful', () => {
  const alerts = Array.from({ length: 20 }, (_, at) => ({ q: (at + 1) / 1000, useful: at < 10 }));
  expect(rulePrecision(alerts)).toMatchObject({ votes: 20, useful: 10, q: 0.012 });
});

test('says nothing on few votes, or where no threshold helps', () => {
  expect(rulePrecision([{ q: 0.01, useful: true }])).not.toHaveProperty('q');
  expect(rulePrecision(Array.from({ length: 20 }, () => ({ q: 0.01, useful: false })))).not.toHaveProperty('q');
});
