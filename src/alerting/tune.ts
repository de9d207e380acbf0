import { wilsonInterval } from '../insight/wilson.ts';

/** What people said of one alert. */
export interface VotedAlert {
  /** q of its first window; undefined for rules without one. */
  readonly q?: number | undefined;
  readonly useful: boolean;
}

/** How often a rule was right, and the threshold that would make it right often enough. */
export interface RulePrecision {
  readonly votes: number;
  readonly useful: number;
  /** 95 % Wilson interval of the share of useful ones. */
  readonly interval: readonly [number, number];
  /** Largest q at which alerts would have been useful often enough; undefined where none would or votes are too few. */
  readonly q?: number;
}

/** Votes from which a threshold is proposed, and share of useful alerts that is wanted. */
const wanted = { votes: 10, precision: 0.8 };

/** Precision of a rule by the votes, with the loosest threshold that keeps four of five alerts useful. */
export function rulePrecision(alerts: readonly VotedAlert[]): RulePrecision {
  const useful = alerts.filter((alert) => alert.useful).length;
  const votes = alerts.length;
  const judged = { votes, useful, interval: wilsonInterval(useful, votes) };
  const sorted = alerts.flatMap(({ q, useful: is }) => (q === undefined ? [] : [{ q, is }])).sort((a, b) => a.q - b.q);
  if (sorted.length < wanted.votes) return judged;
  let [right, threshold]: [number, number | undefined] = [0, undefined];
  sorted.forEach(({ q, is }, index) => {
    right += Number(is);
    if (right / (index + 1) >= wanted.precision) threshold = q;
  });
  return threshold === undefined ? judged : { ...judged, q: threshold };
}
