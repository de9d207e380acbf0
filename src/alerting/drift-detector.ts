/** How a drift is looked for. */
export interface DriftSettings {
  /** Weight of the newest share, from 0 to 1. */
  readonly weight: number;
  /** Width of the control limit in standard errors. */
  readonly width: number;
}

/** The usual chart: sees a shift of one standard error within ten steps, and one false alarm in some 800 steps (bench/alerts.ts). */
export const usualDrift: DriftSettings = { weight: 0.2, width: 3 };

/** One point of the chart. */
export interface DriftPoint {
  /** Exponentially weighted mean of the shares so far. */
  readonly mean: number;
  /** Upper control limit at this step. */
  readonly limit: number;
  readonly alarm: boolean;
}

/**
 * Exponentially weighted moving average of a negative share, against its usual value: finds what gets worse slowly.
 *
 * @param usual usual share, from 0 to 1
 * @param samples negative share of each step and how many pieces of feedback it is of; steps without any are passed over
 * @returns a point for each step that had feedback
 *
 * Source: NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.4 (EWMA control charts), with the exact variance of
 * unequal samples.
 */
export function driftChart(
  usual: number,
  samples: readonly { readonly share: number; readonly size: number }[],
  { weight, width }: DriftSettings = usualDrift,
): DriftPoint[] {
  let mean = usual;
  let variance = 0;
  return samples
    .filter(({ size }) => size > 0)
    .map(({ share, size }) => {
      mean = weight * share + (1 - weight) * mean;
      variance = (1 - weight) ** 2 * variance + (weight ** 2 * usual * (1 - usual)) / size;
      const limit = usual + width * Math.sqrt(variance);
      return { mean, limit, alarm: mean > limit };
    });
}
