/** Alarms on simulated feedback: how many are false, how many incidents are found how late; Markdown tables. */
import { type Baseline, type HourCount, hourMs, hourOfWeek, learnBaseline } from '../src/alerting/baseline.ts';
import { detectSpikes, expectedBetween, sensitivities } from '../src/alerting/spike-detector.ts';
import { poissonNumber, seededRandom } from '../src/insight/seeded-random.ts';

const topics = 200;
const days = { training: 14, test: 14 };
const seeds = [1, 2, 3, 4, 5];
const incident = { hours: 6, negatives: 8, count: 100 };
const monday = Date.UTC(2026, 10, 1, 15);
const hourOf = (at: number) => hourOfWeek(at, 9 * hourMs);
const testFrom = days.training * 24;
const hours = (days.training + days.test) * 24;

interface Series {
  readonly counts: readonly HourCount[];
  /** First hour of its incident, if it has one. */
  readonly incident?: number;
}

/** Counts that follow day and week and vary more than Poisson's: variance = mean + 0.2 · mean². */
function simulate(seed: number): Series[] {
  const random = seededRandom(seed);
  return Array.from({ length: topics }, (_, topic): Series => {
    const level = 0.2 * 20 ** random();
    const share = 0.1 + 0.3 * random();
    const begins =
      topic < incident.count ? testFrom + Math.floor(random() * (days.test * 24 - incident.hours)) : undefined;
    const counts = Array.from({ length: hours }, (_, hour): HourCount => {
      const at = monday + hour * hourMs;
      const week = hourOf(at);
      const daily = 1 + 0.7 * Math.sin(((week % 24) - 9) * (Math.PI / 12));
      const weekend = [0, 6].includes(Math.floor(week / 24)) ? 1.3 : 0.9;
      const usual = level * daily * weekend;
      const negative = poissonNumber(usual * gamma(5, random), random);
      const others = poissonNumber(((usual * (1 - share)) / share) * gamma(5, random), random);
      const struck = begins !== undefined && hour >= begins && hour < begins + incident.hours;
      const extra = struck ? incident.negatives : 0;
      return { at, negative: negative + extra, total: negative + extra + others };
    });
    return { counts, ...(begins !== undefined && { incident: begins }) };
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

/** Which series alarm in an hour. */
type Detector = (hour: number) => boolean[];

function detectors(series: readonly Series[]): Record<string, Detector> {
  const training = series.map(({ counts }) => counts.slice(0, testFrom));
  const baselines = training.map((counts) => learnBaseline(counts, hourOf));
  const spikes = (name: keyof typeof sensitivities): Detector => {
    return (hour) => detectSpikes(observe(series, baselines, hour), sensitivities[name]).map(({ spike }) => spike);
  };
  const moments = training.map((counts) => momentsOf(counts.map(({ negative }) => negative)));
  const byHour = training.map((counts) =>
    Array.from({ length: 24 }, (_, hour) =>
      momentsOf(counts.filter(({ at }) => hourOf(at) % 24 === hour).map(({ negative }) => negative)),
    ),
  );
  const countAt = (at: number, hour: number) => series[at]?.counts[hour] ?? { at: 0, negative: 0, total: 0 };
  const zOver = (negative: number, moment: Moments | undefined) =>
    moment !== undefined && negative > moment.mean + 3 * Math.max(moment.deviation, 1e-9);
  return {
    'koe, quiet': spikes('quiet'),
    'koe, sensitive': spikes('sensitive'),
    'share > 50 %': (hour) => series.map((_, at) => countAt(at, hour).negative > countAt(at, hour).total / 2),
    'z > 3': (hour) => series.map((_, at) => zOver(countAt(at, hour).negative, moments[at])),
    'z > 3 by hour of day': (hour) =>
      series.map((_, at) => {
        const count = countAt(at, hour);
        return zOver(count.negative, byHour[at]?.[hourOf(count.at) % 24]);
      }),
  };
}

function observe(series: readonly Series[], baselines: readonly Baseline[], hour: number) {
  return series.flatMap(({ counts }, at) => {
    const [count, baseline] = [counts[hour], baselines[at]];
    if (count === undefined || baseline === undefined) return [];
    const expected = expectedBetween(baseline, count.at, count.at + hourMs, hourOf);
    return [{ negative: count.negative, total: count.total, expected, baseline }];
  });
}

interface Moments {
  readonly mean: number;
  readonly deviation: number;
}

function momentsOf(values: readonly number[]): Moments {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
}

/** What one detector did over all seeds. */
interface Tally {
  falseAlarms: number;
  found: number;
  lag: number;
}

/** Runs the simulation and returns a Markdown table. An alarm that goes on from the hour before is the same alarm. */
function benchAlerts(): string {
  const tallies = new Map<string, Tally>();
  for (const seed of seeds) {
    const series = simulate(seed);
    for (const [name, detect] of Object.entries(detectors(series))) {
      const tally = tallies.get(name) ?? { falseAlarms: 0, found: 0, lag: 0 };
      add(tally, series, detect);
      tallies.set(name, tally);
    }
  }
  const perDay = seeds.length * days.test;
  const incidents = seeds.length * incident.count;
  return [
    '| rule | false alarms a day | incidents found | mean lag in hours |',
    '|---|--:|--:|--:|',
    ...[...tallies].map(
      ([name, { falseAlarms, found, lag }]) =>
        `| ${name} | ${(falseAlarms / perDay).toFixed(1)} | ${((100 * found) / incidents).toFixed(1)} % | ${(lag / found).toFixed(2)} |`,
    ),
  ].join('\n');
}

function add(tally: Tally, series: readonly Series[], detect: Detector): void {
  const alarmedBefore = series.map(() => false);
  const found = new Set<number>();
  for (let hour = testFrom; hour < hours; hour++) {
    detect(hour).forEach((alarm, at) => {
      const begins = series[at]?.incident ?? Number.POSITIVE_INFINITY;
      const struck = hour >= begins && hour < begins + incident.hours;
      if (alarm && struck && !found.has(at)) {
        found.add(at);
        tally.found++;
        // The hour has to end before it can be evaluated.
        tally.lag += hour - begins + 1;
      }
      if (alarm && !struck && alarmedBefore[at] !== true) tally.falseAlarms++;
      alarmedBefore[at] = alarm;
    });
  }
}

/** Milliseconds that one evaluation of so many series takes: the median of 21. */
function benchEvaluation(count: number): number {
  const series = simulate(1);
  const baselines = series.map(({ counts }) => learnBaseline(counts.slice(0, testFrom), hourOf));
  const some = observe(series, baselines, testFrom + 10);
  const many = Array.from({ length: Math.ceil(count / some.length) }, () => some)
    .flat()
    .slice(0, count);
  const times = Array.from({ length: 21 }, () => {
    const since = performance.now();
    detectSpikes(many, sensitivities.quiet);
    return performance.now() - since;
  });
  return times.sort((one, other) => one - other)[10] ?? 0;
}

const evaluated = 10_000;
console.log(`${benchAlerts()}

One evaluation of ${evaluated.toLocaleString('en')} series: ${benchEvaluation(evaluated).toFixed(0)} ms on one core.`);
