import { adjustedPValues } from '../insight/benjamini-hochberg.ts';
import { betaBinomialTail, negativeBinomialTail, poissonTail } from '../insight/tails.ts';
import { type Baseline, hourMs } from './baseline.ts';

/** How sure a spike must be. */
export interface Sensitivity {
  /** Share of false alarms among alarms that is accepted. */
  readonly q: number;
  /** Fewest pieces of negative feedback that are a spike, however unexpected. */
  readonly fewest: number;
  /** Whether counts may vary more than Poisson's without that being news. */
  readonly allowsDispersion: boolean;
}

/** `quiet` takes counts to vary as much as they used to; `sensitive` takes everything beyond chance for news. */
export const sensitivities = {
  quiet: { q: 0.05, fewest: 5, allowsDispersion: true },
  sensitive: { q: 0.05, fewest: 5, allowsDispersion: false },
} as const satisfies Record<string, Sensitivity>;

/** Feedback of a series in the window that is evaluated, with what is usual for the series. */
export interface Observation {
  readonly negative: number;
  readonly total: number;
  /** Negatives usual in a window of this length at this time. */
  readonly expected: number;
  readonly baseline: Pick<Baseline, 'dispersion' | 'share'>;
}

/** How unusual a window is. */
export interface SpikeVerdict {
  /** Probability of so many negatives or more in so long, if all is as usual. */
  readonly volumeP: number;
  /** Probability of so large a negative share or a larger one among so much feedback, if all is as usual. */
  readonly shareP: number;
  /** Of either: twice the smaller, at most 1. */
  readonly p: number;
  /** p corrected for all series that were evaluated together. */
  readonly q: number;
  readonly spike: boolean;
}

/**
 * Evaluates windows of many series that end at the same time. One verdict each, in the same order.
 *
 * The volume is held against a negative binomial, the share against a beta-binomial, and both together against all
 * series by Benjamini and Hochberg. Windows with fewer negatives than {@link Sensitivity.fewest} count as unremarkable.
 */
export function detectSpikes(observations: readonly Observation[], sensitivity: Sensitivity): SpikeVerdict[] {
  const tested = observations.map((observation) => test(observation, sensitivity));
  const adjusted = adjustedPValues(tested.map(({ p }) => p));
  return tested.map((result, at) => {
    const q = adjusted[at] ?? 1;
    return { ...result, q, spike: q <= sensitivity.q };
  });
}

const unremarkable = { volumeP: 1, shareP: 1, p: 1 };

function test({ negative, total, expected, baseline }: Observation, { fewest, allowsDispersion }: Sensitivity) {
  if (negative < fewest || negative <= expected) return unremarkable;
  const volumeP = allowsDispersion
    ? negativeBinomialTail(negative, expected, baseline.dispersion)
    : poissonTail(negative, expected);
  const shareP = betaBinomialTail(negative, total, baseline.share.alpha, baseline.share.beta);
  return { volumeP, shareP, p: Math.min(1, 2 * Math.min(volumeP, shareP)) };
}

/** Negatives usual between two times: the hours in between by their share of the window. */
export function expectedBetween(
  { expected }: Pick<Baseline, 'expected'>,
  from: number,
  to: number,
  hourOf: (at: number) => number,
): number {
  let sum = 0;
  for (let start = from; start < to; ) {
    const end = Math.min(to, (Math.floor(start / hourMs) + 1) * hourMs);
    sum += ((expected[hourOf(start)] ?? 0) * (end - start)) / hourMs;
    start = end;
  }
  return sum;
}
