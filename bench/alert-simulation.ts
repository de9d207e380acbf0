/** Simulated feedback on many topics, in some of which something goes wrong once. */
import { type HourCount, hourMs, hourOfWeek } from '../src/alerting/baseline.ts';
import { poissonNumber } from '../src/insight/seeded-random.ts';

const topics = 200;
export const days = { training: 14, test: 14 };
export const incident = { hours: 6, negatives: 8, count: 100 };
const monday = Date.UTC(2026, 10, 1, 15);
const hours = (days.training + days.test) * 24;
/** First hour that is watched, and the end of the last; milliseconds since 1970. */
export const watched = { from: monday + days.training * 24 * hourMs, until: monday + hours * hourMs };

/** The hour of the week where the customers live. */
export const hourOf = (at: number) => hourOfWeek(at, 9 * hourMs);

/** Feedback on one topic, hour by hour from the beginning of training to the end of the test. */
export interface Series {
  readonly counts: readonly HourCount[];
  /** When its incident begins and ends, milliseconds since 1970; absent where nothing goes wrong. */
  readonly struck?: { readonly from: number; readonly until: number };
}

/** Counts that follow day and week and vary more than Poisson's: variance = mean + 0.2 · mean². */
export function simulate(random: () => number): Series[] {
  return Array.from({ length: topics }, (_, topic): Series => {
    const level = 0.2 * 20 ** random();
    const share = 0.1 + 0.3 * random();
    const begins = watched.from + Math.floor(random() * (days.test * 24 - incident.hours)) * hourMs;
    const struck = topic < incident.count ? { from: begins, until: begins + incident.hours * hourMs } : undefined;
    const counts = Array.from({ length: hours }, (_, hour): HourCount => {
      const at = monday + hour * hourMs;
      const week = hourOf(at);
      const daily = 1 + 0.7 * Math.sin(((week % 24) - 9) * (Math.PI / 12));
      const weekend = [0, 6].includes(Math.floor(week / 24)) ? 1.3 : 0.9;
      const usual = level * daily * weekend;
      const negative = poissonNumber(usual * gamma(5, random), random);
      const others = poissonNumber(((usual * (1 - share)) / share) * gamma(5, random), random);
      const extra = struck !== undefined && at >= struck.from && at < struck.until ? incident.negatives : 0;
      return { at, negative: negative + extra, total: negative + extra + others };
    });
    return { counts, ...(struck !== undefined && { struck }) };
  });
}

/** Gamma number of mean 1. G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables" (2000). */
function gamma(shape: number, random: () => number): number {
  const d = shape - 1 / 3;
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + normal / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return (d * v) / shape;
  }
}

/** What is in the hour before a time. */
export interface Window {
  readonly negative: number;
  readonly total: number;
}

/** Windows of all series that end at the same time, in the order of the series. */
export interface Windows {
  readonly end: number;
  readonly windows: readonly Window[];
}

/** Whole hours of the test, one after another. */
export function* hourByHour(series: readonly Series[]): Generator<Windows> {
  for (let hour = days.training * 24; hour < hours; hour++) {
    const windows = series.map(({ counts }) => counts[hour] ?? { negative: 0, total: 0 });
    yield { end: monday + (hour + 1) * hourMs, windows };
  }
}

/** The hour before every minute of the test, with the feedback of an hour anywhere within it. */
export function* minuteByMinute(series: readonly Series[], random: () => number): Generator<Windows> {
  const first = days.training * 24 - 1;
  const spread = (count: number) => {
    const minutes = new Uint16Array(60);
    for (let one = 0; one < count; one++) {
      const minute = Math.floor(random() * 60);
      minutes[minute] = (minutes[minute] ?? 0) + 1;
    }
    return minutes;
  };
  const hourAt = (hour: number) =>
    series.map(({ counts }) => {
      const { negative, total } = counts[hour] ?? { negative: 0, total: 0 };
      return { negative: spread(negative), others: spread(total - negative) };
    });
  let before = hourAt(first);
  const sums = before.map(({ negative, others }) => ({
    negative: sumOf(negative),
    total: sumOf(negative) + sumOf(others),
  }));
  for (let hour = first + 1; hour < hours; hour++) {
    const now = hourAt(hour);
    for (let minute = 0; minute < 60; minute++) {
      sums.forEach((sum, at) => {
        const [enters, leaves] = [now[at], before[at]];
        const negative = (enters?.negative[minute] ?? 0) - (leaves?.negative[minute] ?? 0);
        sum.negative += negative;
        sum.total += negative + (enters?.others[minute] ?? 0) - (leaves?.others[minute] ?? 0);
      });
      yield { end: monday + hour * hourMs + (minute + 1) * 60_000, windows: sums };
    }
    before = now;
  }
}

function sumOf(values: Uint16Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
