import { expect, test } from 'vitest';
import { fitLogistic, type LogisticRow, logOddsOf, probabilityOf } from '../../../src/insight/logistic-regression.ts';

const penalty = 1;

/** Slopes of the penalised likelihood, which are 0 at its top: intercept first. */
function slopes(rows: readonly LogisticRow[], model: ReturnType<typeof fitLogistic>): number[] {
  const sums = [0, ...model.weights.map((weight) => -penalty * weight)];
  for (const row of rows) {
    const apart = Number(row.happened) - probabilityOf(logOddsOf(model, row.features));
    for (const [at, value] of [1, ...row.features].entries()) sums[at] = (sums[at] ?? 0) + apart * value;
  }
  return sums;
}

const rows = (count: number, features: number[], happened: boolean): LogisticRow[] =>
  Array.from({ length: count }, () => ({ features, happened }));

test.each<[string, LogisticRow[]]>([
  [
    'a feature that is rare, far from its mean, and tells much',
    [
      ...rows(1800, [-0.1, 0.3], false),
      ...rows(20, [-0.1, -0.2], true),
      ...rows(3, [15, 1], false),
      ...rows(14, [15, 0], true),
    ],
  ],
  ['a feature that decides everything', [...rows(500, [-0.2], false), ...rows(6, [12], true)]],
  ['classes of the same size', [...rows(50, [1, 0], true), ...rows(50, [0, 1], false), ...rows(10, [1, 1], false)]],
  ['nothing that happened', rows(30, [1, 2], false)],
])('the top is reached with %s', (_, given) => {
  const model = fitLogistic(given, penalty);
  for (const slope of slopes(given, model)) expect(Math.abs(slope)).toBeLessThan(1e-4);
  if (given.some(({ happened }) => happened)) expect(model.weights[0]).toBeGreaterThan(0);
});
