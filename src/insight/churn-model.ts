import type { ChurnBand } from '../domain/churn-change.ts';
import { type ChurnFeatureName, type ChurnFeatures, churnFeatureNames, churnFeatures } from './churn-features.ts';
import { cumulativeRisk } from './hazard.ts';
import { fitLogistic, type LogisticRow, logOddsOf, probabilityOf } from './logistic-regression.ts';
import { dayMs, leftAt, type Timeline } from './timeline.ts';

/** Log odds of leaving within the next 30 days, as a sum over features. */
export interface ChurnModel {
  /** A rule score has weights that somebody chose; a fitted one has learnt them from cancellations. */
  readonly kind: 'rule' | 'fitted';
  readonly intercept: number;
  readonly weights: Readonly<Partial<Record<ChurnFeatureName, number>>>;
  /** Mean of each feature: a contribution is what sets a customer apart from it. */
  readonly means: Readonly<Partial<Record<ChurnFeatureName, number>>>;
}

/** Length of the period that a hazard is for. */
export const periodMs = 30 * dayMs;

/**
 * What is used until there are cancellations to learn from. The intercept makes 2 % a month for a typical customer;
 * a stated wish to leave multiplies the odds by nine, each open complaint by nearly two.
 */
export const ruleChurnModel: ChurnModel = {
  kind: 'rule',
  intercept: -4,
  weights: {
    cancelIntent: 2.2,
    openComplaints: 0.6,
    negativeShare: 1.5,
    detractor: 0.8,
    downgraded: 0.9,
    usageDrop: 1.5,
    inactivity: 0.4,
    tenure: -0.25,
  },
  means: { negativeShare: 0.25, tenure: 2.5 },
};

/** What one feature adds to a risk. */
export interface ChurnContribution {
  readonly feature: ChurnFeatureName;
  readonly value: number;
  /** Added probability; below 0 it speaks for staying. All contributions and the base risk add up to the risk. */
  readonly added: number;
  readonly evidence: readonly string[];
  readonly topic?: string;
}

/** Probability of leaving within 30 days, and why. */
export interface ChurnRisk {
  readonly customer: string;
  readonly model: ChurnModel['kind'];
  readonly risk: number;
  /** Probability of leaving within 90 days, if nothing changes. */
  readonly quarterRisk: number;
  /** Risk of a customer with every feature at its mean. */
  readonly baseRisk: number;
  readonly band: ChurnBand;
  /** Largest first, whatever its sign; those that add nothing are left out. */
  readonly contributions: readonly ChurnContribution[];
}

const bandFrom = { medium: 0.05, high: 0.15, critical: 0.35 };

function bandOf(risk: number): ChurnBand {
  if (risk >= bandFrom.critical) return 'critical';
  if (risk >= bandFrom.high) return 'high';
  return risk >= bandFrom.medium ? 'medium' : 'low';
}

/** Risk of a customer at a time. Contributions divide the risk beyond the base as they divide the log odds. */
export function churnRisk(timeline: Timeline, time: number, model: ChurnModel): ChurnRisk {
  const features = churnFeatures(timeline, time);
  const terms = churnFeatureNames.flatMap((feature) => {
    const weight = model.weights[feature] ?? 0;
    const mean = model.means[feature] ?? 0;
    return weight === 0 ? [] : [{ feature, mean: weight * mean, apart: weight * (features[feature].value - mean) }];
  });
  const base = terms.reduce((sum, { mean }) => sum + mean, model.intercept);
  const apart = terms.reduce((sum, term) => sum + term.apart, 0);
  const baseRisk = probabilityOf(base);
  const risk = probabilityOf(base + apart);
  // Where pulls in both directions cancel out, the slope of the curve takes the place of the ratio.
  const scale = Math.abs(apart) < 1e-6 ? baseRisk * (1 - baseRisk) : (risk - baseRisk) / apart;
  const contributions = terms
    .map(({ feature, apart: own }) => ({ feature, ...features[feature], added: own * scale }))
    .filter(({ added }) => Math.abs(added) >= 0.0005)
    .sort((one, other) => Math.abs(other.added) - Math.abs(one.added));
  return {
    customer: timeline.customer,
    model: model.kind,
    risk,
    quarterRisk: cumulativeRisk([risk, risk, risk]),
    baseRisk,
    band: bandOf(risk),
    contributions,
  };
}

/** One customer at the start of one period, and whether they left within it. */
export interface PersonPeriod {
  readonly customer: string;
  /** Start of the period in milliseconds since 1970. */
  readonly at: number;
  readonly features: ChurnFeatures;
  readonly left: boolean;
}

/**
 * Rows for learning: each customer at the start of each whole period that ended before `until` and in which they had
 * not left yet. Features come from before the start, so nothing of the future leaks in.
 *
 * Source: P. D. Allison, "Discrete-time methods for the analysis of event histories", Sociological Methodology 13 (1982).
 */
export function personPeriods(timelines: readonly Timeline[], until: number): PersonPeriod[] {
  return timelines.flatMap((timeline) => {
    const first = Math.min(
      ...[timeline.events[0], timeline.feedback[0]].map((one) => one?.at ?? Number.POSITIVE_INFINITY),
    );
    const left = leftAt(timeline) ?? Number.POSITIVE_INFINITY;
    const rows: PersonPeriod[] = [];
    for (let at = first + periodMs; at + periodMs <= until && at <= left; at += periodMs) {
      rows.push({
        customer: timeline.customer,
        at,
        features: churnFeatures(timeline, at),
        left: left < at + periodMs,
      });
    }
    return rows;
  });
}

/** Fewest departures to learn from; with fewer the rule score stays. */
export const fewestDepartures = 20;

const penalty = 1;

/**
 * Learns weights from person-periods, on features brought to the same scale, and then calibrates the log odds on the
 * latest quarter of them, which it has not seen.
 *
 * @param names features to use
 * @returns undefined with fewer than {@link fewestDepartures} departures
 *
 * Source of the calibration: J. Platt, "Probabilistic outputs for support vector machines" (1999).
 */
export function fitChurnModel(
  rows: readonly PersonPeriod[],
  names: readonly ChurnFeatureName[] = churnFeatureNames,
): ChurnModel | undefined {
  if (rows.filter(({ left }) => left).length < fewestDepartures) return undefined;
  const ordered = [...rows].sort((one, other) => one.at - other.at);
  const split = Math.floor(ordered.length * 0.75);
  const scales = names.map((name) => scaleOf(rows.map(({ features }) => features[name].value)));
  const scaled = (row: PersonPeriod): LogisticRow => ({
    features: names.map((name, at) => {
      const { mean, deviation } = scales[at] ?? { mean: 0, deviation: 1 };
      return (row.features[name].value - mean) / deviation;
    }),
    happened: row.left,
  });
  const raw = fitLogistic(ordered.slice(0, split).map(scaled), penalty);
  const calibration = fitLogistic(
    ordered.slice(split).map((row) => ({ features: [logOddsOf(raw, scaled(row).features)], happened: row.left })),
    penalty,
  );
  const slope = calibration.weights[0] ?? 1;
  const weights = names.map((_, at) => (slope * (raw.weights[at] ?? 0)) / (scales[at]?.deviation ?? 1));
  const means = names.map((_, at) => scales[at]?.mean ?? 0);
  const centred = calibration.intercept + slope * raw.intercept;
  return {
    kind: 'fitted',
    intercept: centred - weights.reduce((sum, weight, at) => sum + weight * (means[at] ?? 0), 0),
    weights: Object.fromEntries(names.map((name, at) => [name, weights[at]])),
    means: Object.fromEntries(names.map((name, at) => [name, means[at]])),
  };
}

function scaleOf(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
}
