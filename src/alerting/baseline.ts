import { type BetaPrior, fitBetaPrior } from '../insight/beta-prior.ts';

/** Feedback of one series (a topic in a channel) in one hour. */
export interface HourCount {
  /** Start of the hour, milliseconds since 1970. */
  readonly at: number;
  /** Pieces of feedback that criticise the topic. */
  readonly negative: number;
  /** All pieces of feedback about the topic. */
  readonly total: number;
}

/** What is usual for one series: about 1 kB. */
export interface Baseline {
  /** Negatives expected in each hour of the week, from Sunday 0 o'clock local time; 168 numbers. */
  readonly expected: Float64Array;
  /** How much counts vary beyond Poisson's: variance = mean + mean² · dispersion. */
  readonly dispersion: number;
  /** Negative share of an hour's feedback. */
  readonly share: BetaPrior;
  /** Hours that it was learnt from. */
  readonly hours: number;
}

export const hourMs = 3_600_000;
export const hoursOfWeek = 168;

/** History that a daily and weekly profile takes, and one that takes each hour of the week by itself. */
const enoughFor = { profile: 2 * hoursOfWeek, hourOfWeek: 8 * hoursOfWeek };
/** How many events an estimate of a part of the profile has to see before it counts as much as "like any other". */
const doubt = { hourOfDay: 3, dayOfWeek: 3, hourOfWeek: 12 };
/** Dispersion of a series that nothing is known of, and how many squared events of evidence that is worth. */
const usualDispersion = { value: 0.15, weight: 40, least: 0.02 };
/** Events that a series is taken to have had before it was watched. */
const priorEvents = 0.5;

/** Which hour of the week a time is in, from Sunday 0 o'clock, in a zone so many milliseconds ahead of UTC. */
export function hourOfWeek(at: number, zoneOffsetMs: number): number {
  const sinceSunday = Math.floor((at + zoneOffsetMs) / hourMs) + 4 * 24;
  return ((sinceSunday % hoursOfWeek) + hoursOfWeek) % hoursOfWeek;
}

/**
 * Learns what is usual from every hour of a history, those without feedback included. Hour of the day, day of the week
 * and hour of the week multiply; each is drawn to 1 where it has seen little. With less than two weeks of history
 * there is no profile, only a level, as in the early-event rules for which nothing longer is known.
 *
 * @param history hours of incidents left out, so that what went wrong does not become usual
 * @param hourOf the hour of the week of a time, holidays taken into account
 *
 * Sources: A. M. Fricker, "Introduction to Statistical Methods for Biosurveillance" (2013), 5.2 and 6; L. Hutwagner et
 * al., "The bioterrorism preparedness and response Early Aberration Reporting System", J. Urban Health 80 (2003).
 */
export function learnBaseline(history: readonly HourCount[], hourOf: (at: number) => number): Baseline {
  const negatives = history.reduce((sum, { negative }) => sum + negative, 0);
  const level = (negatives + priorEvents) / Math.max(1, history.length);
  const expected = new Float64Array(hoursOfWeek).fill(level);
  if (history.length >= enoughFor.profile) {
    scaleBy(expected, history, hourOf, 'hourOfDay');
    scaleBy(expected, history, hourOf, 'dayOfWeek');
  }
  // Before each hour of the week is fitted by itself: what fits its own noise seems to have none.
  const dispersion = dispersionOf(history, (at) => expected[hourOf(at)] ?? level);
  if (history.length >= enoughFor.hourOfWeek) {
    scaleBy(expected, history, hourOf, 'hourOfWeek');
  }
  return {
    expected,
    // The level itself is uncertain while there is little history.
    dispersion: dispersion + 1 / (negatives + 1),
    share: fitBetaPrior(history.map(({ negative, total }) => ({ successes: negative, trials: total }))),
    hours: history.length,
  };
}

/** Which parts of the week lend an hour their counts, with which weight: the hours before and after tell half as much. */
const neighbours = {
  hourOfDay: (hour: number) => [[hour % 24, 2] as const, [(hour + 1) % 24, 1] as const, [(hour + 23) % 24, 1] as const],
  dayOfWeek: (hour: number) => [[Math.floor(hour / 24), 1] as const],
  hourOfWeek: (hour: number) => [[hour, 1] as const],
};

/** Multiplies the expectation of each part of the week by how much more was seen in it than expected. */
function scaleBy(
  expected: Float64Array,
  history: readonly HourCount[],
  hourOf: (at: number) => number,
  part: keyof typeof neighbours,
): void {
  const [seen, usual] = [new Float64Array(hoursOfWeek), new Float64Array(hoursOfWeek)];
  for (const { at, negative } of history) {
    const hour = hourOf(at);
    const [[own]] = neighbours[part](hour) as [readonly [number, number]];
    seen[own] = (seen[own] ?? 0) + negative;
    usual[own] = (usual[own] ?? 0) + (expected[hour] ?? 0);
  }
  const sumOver = (sums: Float64Array, hour: number) =>
    neighbours[part](hour).reduce((sum, [index, weight]) => sum + weight * (sums[index] ?? 0), 0);
  const before = Float64Array.from(expected);
  for (let hour = 0; hour < hoursOfWeek; hour++) {
    const ratio = (sumOver(seen, hour) + doubt[part]) / (sumOver(usual, hour) + doubt[part]);
    expected[hour] = (before[hour] ?? 0) * ratio;
  }
}

/** Method of moments, drawn to what is usual where there is little to see. */
function dispersionOf(history: readonly HourCount[], expectedAt: (at: number) => number): number {
  let excess = usualDispersion.weight * usualDispersion.value;
  let squares = usualDispersion.weight;
  for (const { at, negative } of history) {
    const expected = expectedAt(at);
    excess += (negative - expected) ** 2 - expected;
    squares += expected ** 2;
  }
  return Math.max(usualDispersion.least, excess / squares);
}
