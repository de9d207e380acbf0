import { behaviourFeatureNames, churnFeatureNames } from './churn-features.ts';
import {
  type ChurnModel,
  fitChurnModel,
  type PersonPeriod,
  periodMs,
  personPeriods,
  ruleChurnModel,
} from './churn-model.ts';
import { logOddsOf, probabilityOf } from './logistic-regression.ts';
import { measurePredictions, type PredictionQuality } from './prediction-quality.ts';
import type { Timeline } from './timeline.ts';

/** What was compared in a back-test, best informed first. */
export const churnContenders = ['fitted', 'behaviour-only', 'rule', 'base-rate'] as const;
export type ChurnContender = (typeof churnContenders)[number];

/** How each contender did on periods that it had not seen. */
export interface ChurnBacktest {
  /** Milliseconds since 1970: models learnt from periods that ended by then, and predicted those that began then or later. */
  readonly split: number;
  readonly learntFrom: { readonly periods: number; readonly departures: number };
  /** Contenders that had too few departures to learn from are missing. */
  readonly results: readonly { readonly contender: ChurnContender; readonly quality: PredictionQuality }[];
}

/**
 * Tests churn models as they would have been used: learnt before a time, measured after it.
 *
 * @returns undefined when no period began at or after the split and ended before `until`
 */
export function backtestChurn(timelines: readonly Timeline[], split: number, until: number): ChurnBacktest | undefined {
  const rows = personPeriods(timelines, until);
  const before = rows.filter(({ at }) => at + periodMs <= split);
  const after = rows.filter(({ at }) => at >= split);
  if (after.length === 0) return undefined;
  const departures = before.filter(({ left }) => left).length;
  const baseRate = (departures + 0.5) / (before.length + 1);
  const models: Record<Exclude<ChurnContender, 'base-rate'>, ChurnModel | undefined> = {
    fitted: fitChurnModel(before),
    'behaviour-only': fitChurnModel(before, behaviourFeatureNames),
    rule: ruleChurnModel,
  };
  const results = churnContenders.flatMap((contender) => {
    const model = contender === 'base-rate' ? undefined : models[contender];
    if (model === undefined && contender !== 'base-rate') return [];
    const predict = (row: PersonPeriod) => (model === undefined ? baseRate : hazardOf(row, model));
    const quality = measurePredictions(after.map((row) => ({ probability: predict(row), happened: row.left })));
    return [{ contender, quality }];
  });
  return { split, learntFrom: { periods: before.length, departures }, results };
}

function hazardOf({ features }: PersonPeriod, { intercept, weights }: ChurnModel): number {
  const model = { intercept, weights: churnFeatureNames.map((name) => weights[name] ?? 0) };
  return probabilityOf(
    logOddsOf(
      model,
      churnFeatureNames.map((name) => features[name].value),
    ),
  );
}
