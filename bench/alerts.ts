/** Alarms on simulated feedback: how many are false, how many incidents are found how late; Markdown tables. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Baseline, hourMs, learnBaseline } from '../src/alerting/baseline.ts';
import { driftChart } from '../src/alerting/drift-detector.ts';
import { PackedHours } from '../src/alerting/packed-hours.ts';
import { detectSpikes, expectedBetween, type Sensitivity, sensitivities } from '../src/alerting/spike-detector.ts';
import { slidingFactor } from '../src/alerting/spike-scan.ts';
import { seededRandom } from '../src/insight/seeded-random.ts';
import {
  days,
  hourByHour,
  hourOf,
  incident,
  minuteByMinute,
  type Series,
  simulate,
  type Window,
  type Windows,
  watched,
} from './alert-simulation.ts';

const seeds = [1, 2, 3, 4, 5];

/** Which series alarm. */
type Detector = (windows: readonly Window[], end: number) => boolean[];

function detectors(series: readonly Series[], strictness: number): Record<string, Detector> {
  const training = series.map(({ counts }) => counts.filter(({ at }) => at < watched.from));
  const baselines = training.map((counts) => learnBaseline(counts, hourOf));
  const spikes = (name: keyof typeof sensitivities): Detector => {
    const sensitivity = { ...sensitivities[name], q: sensitivities[name].q / strictness };
    return (windows, end) =>
      detectSpikes(observe(windows, baselines, end, sensitivity), sensitivity).map(({ spike }) => spike);
  };
  const moments = training.map((counts) => momentsOf(counts.map(({ negative }) => negative)));
  const byHour = training.map((counts) =>
    Array.from({ length: 24 }, (_, hour) =>
      momentsOf(counts.filter(({ at }) => hourOf(at) % 24 === hour).map(({ negative }) => negative)),
    ),
  );
  const zOver = (negative: number, moment: Moments | undefined) =>
    moment !== undefined && negative > moment.mean + 3 * Math.max(moment.deviation, 1e-9);
  return {
    'koe, quiet': spikes('quiet'),
    'koe, sensitive': spikes('sensitive'),
    'share > 50 %': (windows) => windows.map(({ negative, total }) => negative > total / 2),
    'z > 3': (windows) => windows.map(({ negative }, at) => zOver(negative, moments[at])),
    'z > 3 by hour of day': (windows, end) => {
      // The hour in which most of the window lies.
      const hour = hourOf(end - hourMs / 2) % 24;
      return windows.map(({ negative }, at) => zOver(negative, byHour[at]?.[hour]));
    },
  };
}

function observe(windows: readonly Window[], baselines: readonly Baseline[], end: number, { fewest }: Sensitivity) {
  return windows.flatMap(({ negative, total }, at) => {
    const baseline = baselines[at];
    if (baseline === undefined) return [];
    // What cannot be a spike whatever is expected need not be looked up.
    const expected = negative < fewest ? 1 : expectedBetween(baseline, end - hourMs, end, hourOf);
    return [{ negative, total, expected, baseline }];
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
  lagMs: number;
}

/** How windows follow one another. */
interface Course {
  readonly windowsOf: (series: readonly Series[], seed: number) => Iterable<Windows>;
  /** An alarm so soon after the last one is the same. */
  readonly quietMs: number;
  /** How many times stricter koe is. */
  readonly strictness: number;
}

/** Runs the simulation and returns a Markdown table. */
function benchAlerts({ windowsOf, quietMs, strictness }: Course): string {
  const tallies = new Map<string, Tally>();
  for (const seed of seeds) {
    const series = simulate(seededRandom(seed));
    const watching = Object.entries(detectors(series, strictness)).map(([name, detect]) => {
      const tally = tallies.get(name) ?? { falseAlarms: 0, found: 0, lagMs: 0 };
      tallies.set(name, tally);
      return { detect, count: counter(tally, series, quietMs) };
    });
    for (const { end, windows } of windowsOf(series, seed)) {
      for (const { detect, count } of watching) count(detect(windows, end), end);
    }
  }
  const perDay = seeds.length * days.test;
  const incidents = seeds.length * incident.count;
  return [
    '| rule | false alarms a day | incidents found | mean lag in hours |',
    '|---|--:|--:|--:|',
    ...[...tallies].map(
      ([name, { falseAlarms, found, lagMs }]) =>
        `| ${name} | ${(falseAlarms / perDay).toFixed(1)} | ${((100 * found) / incidents).toFixed(1)} % | ${(lagMs / hourMs / found).toFixed(2)} |`,
    ),
  ].join('\n');
}

/** Counts what a detector says of windows that end one after another. */
function counter(tally: Tally, series: readonly Series[], quietMs: number) {
  const lastAlarm = series.map(() => Number.NEGATIVE_INFINITY);
  const found = new Set<number>();
  return (alarms: readonly boolean[], end: number): void => {
    alarms.forEach((alarm, at) => {
      if (!alarm) return;
      const struck = series[at]?.struck;
      const isDue = struck !== undefined && end > struck.from && end - hourMs < struck.until;
      if (isDue && !found.has(at)) {
        found.add(at);
        tally.found++;
        tally.lagMs += end - struck.from;
      }
      if (!isDue && end - (lastAlarm[at] ?? 0) > quietMs) tally.falseAlarms++;
      lastAlarm[at] = end;
    });
  };
}

/** Milliseconds of processor time that one evaluation of so many series takes: the median of 21. */
function benchEvaluation(count: number): number {
  const series = simulate(seededRandom(1));
  const baselines = series.map(({ counts }) => learnBaseline(counts.slice(0, days.training * 24), hourOf));
  const [busy] = [...hourByHour(series)].slice(10);
  if (busy === undefined) throw new Error('the simulation has no hours');
  const some = observe(busy.windows, baselines, busy.end, sensitivities.quiet);
  const many = Array.from({ length: Math.ceil(count / some.length) }, () => some)
    .flat()
    .slice(0, count);
  const times = Array.from({ length: 21 }, () => {
    const since = process.cpuUsage();
    detectSpikes(many, sensitivities.quiet);
    const { user, system } = process.cpuUsage(since);
    return (user + system) / 1000;
  });
  return times.sort((one, other) => one - other)[10] ?? 0;
}

/** Bytes that what is usual for one series takes, and the twelve weeks of hourly counts that it is learnt from. */
function benchMemory(): { baseline: number; history: number } {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const count = 2000;
  const used = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const perSeries = <T>(make: (at: number) => T): number => {
    const before = used();
    const kept = Array.from({ length: count }, (_, at) => make(at));
    return (used() - before) / kept.length;
  };
  const [{ counts } = { counts: [] }] = simulate(seededRandom(1));
  return {
    baseline: perSeries(() => learnBaseline(counts, hourOf)),
    history: perSeries(
      (at) =>
        new PackedHours(
          Array.from({ length: 84 * 24 }, (_, hour) => ({ at: hour * hourMs, negative: at % 7, total: at % 20 })),
        ),
    ),
  };
}

/** Days until the drift chart alarms, with so many pieces of feedback a day of which so large a share is negative. */
function benchDrift(share: number): { mean: number; after: number } {
  const [random, size, runs, longest] = [seededRandom(7), 50, 400, 20_000];
  let sum = 0;
  for (let run = 0; run < runs; run++) {
    const samples: { share: number; size: number }[] = [];
    // In pieces, so that a chart that never alarms costs no more than the longest.
    for (let day = 0, alarmed = false; day < longest && !alarmed; day += 250) {
      for (let more = 0; more < 250; more++) {
        let negative = 0;
        for (let piece = 0; piece < size; piece++) negative += Number(random() < share);
        samples.push({ share: negative / size, size });
      }
      const at = driftChart(0.2, samples).findIndex(({ alarm }) => alarm);
      alarmed = at >= 0;
      if (alarmed) sum += at + 1;
      else if (day + 250 >= longest) sum += longest;
    }
  }
  return { mean: share, after: sum / runs };
}

const evaluated = 10_000;
const byHour = benchAlerts({ windowsOf: hourByHour, quietMs: hourMs, strictness: 1 });
const byMinute = benchAlerts({
  windowsOf: (series, seed) => minuteByMinute(series, seededRandom(100 + seed)),
  quietMs: 2 * hourMs,
  strictness: slidingFactor,
});
const memory = benchMemory();
const example = driftChart(
  0.2,
  [0.2, 0.22, 0.3, 0.34, 0.36].map((share) => ({ share, size: 50 })),
);
const alarm = example.findIndex((point) => point.alarm);
console.log(`Hour by hour; an alarm that goes on from the hour before is the same alarm:

${byHour}

The hour before every minute, as the alert worker evaluates; alarms within two hours are the same alarm, and koe's q is ${slidingFactor} times stricter:

${byMinute}

One evaluation of ${evaluated.toLocaleString('en')} series takes ${benchEvaluation(evaluated).toFixed(0)} ms of processor time. A series takes ${(memory.baseline / 1024).toFixed(1)} KB for what is usual, and ${(memory.history / 1024).toFixed(0)} KB for twelve weeks of hours in each of which something was said.

The drift chart (λ = 0.2, L = 3, p₀ = 0.2, 50 pieces a day) alarms on shares of .20 .22 .30 .34 .36 at step ${alarm + 1}: ${example[alarm]?.mean.toFixed(5)} > ${example[alarm]?.limit.toFixed(5)}. On average it alarms

| negative share | after so many days |
|--:|--:|
${[0.2, 0.25, 0.3, 0.4]
  .map(benchDrift)
  .map(({ mean, after }) => `| ${mean.toFixed(2)} | ${after.toFixed(0)} |`)
  .join('\n')}`);
