import type { RuleOf } from '../domain/alert-rule.ts';
import type { Channel, TopicId } from '../domain/labels.ts';
import { type Baseline, hourMs } from './baseline.ts';
import { negativeBinomialInterval } from './expected-interval.ts';
import { type Firing, windowOf } from './firing.ts';
import { detectSpikes, expectedBetween, type Observation, type Sensitivity, sensitivities } from './spike-detector.ts';

/** Feedback about one topic in one channel and minute. */
export interface MinuteCount {
  /** Start of the minute, milliseconds since 1970. */
  readonly at: number;
  readonly topic: TopicId;
  readonly channel: Channel;
  readonly negative: number;
  readonly total: number;
}

/** What the windows of some time are held against. */
export interface SpikeContext {
  /** What is usual for a topic in a channel, as known on the day of a time. */
  readonly baselineOf: (topic: TopicId, channel: Channel, at: number) => Baseline;
  /** How many topics in channels are watched, at least those that are counted. */
  readonly watched: number;
  readonly hourOf: (at: number) => number;
  /** By how much a campaign multiplies what is usual. */
  readonly factor: (topic: TopicId, at: number) => number;
}

const minuteMs = 60_000;
const windowMs = hourMs;
/**
 * Windows that slide give chance more occasions than windows side by side: q is so many times stricter. Measured in
 * bench/alerts.ts: 4 brings false alarms back to what hourly evaluation has, and still finds more and sooner.
 */
export const slidingFactor = 4;

interface Series {
  readonly topic: TopicId;
  readonly channel: Channel;
  readonly negative: Float64Array;
  readonly total: Float64Array;
}

/** The thresholds that a rule names or gives. */
export function sensitivityOf({ sensitivity }: Pick<RuleOf<'spike'>, 'sensitivity'>): Sensitivity {
  return typeof sensitivity === 'string' ? sensitivities[sensitivity] : sensitivity;
}

/**
 * Evaluates the hour before each minute from one time through another, both whole minutes, over all series together.
 *
 * @param counts all minutes from an hour before `from` on, those without feedback left out
 * @returns what fired, in the order of time
 */
export function scanForSpikes(
  rule: RuleOf<'spike'>,
  counts: readonly MinuteCount[],
  { from, through }: { readonly from: number; readonly through: number },
  context: SpikeContext,
): Firing[] {
  const begins = from - windowMs;
  const minutes = Math.max(0, Math.round((through - begins) / minuteMs));
  const series = arrange(counts, begins, minutes);
  const given = sensitivityOf(rule);
  const sensitivity = { ...given, q: given.q / slidingFactor };
  const silent = context.watched - series.length;
  const firings: Firing[] = [];
  const sums = series.map(() => ({ negative: 0, total: 0 }));
  for (let minute = 0; minute < minutes; minute++) {
    series.forEach(({ negative, total }, index) => {
      const sum = sums[index];
      if (sum === undefined) return;
      const leaves = minute - windowMs / minuteMs;
      sum.negative += (negative[minute] ?? 0) - (negative[leaves] ?? 0);
      sum.total += (total[minute] ?? 0) - (total[leaves] ?? 0);
    });
    const end = begins + (minute + 1) * minuteMs;
    if (end < from || sums.every(({ negative }) => negative < sensitivity.fewest)) continue;
    const observed = series.map((one, index) => observe(one, sums[index], end, sensitivity, context));
    const verdicts = detectSpikes([...observed, ...nothing(silent)], sensitivity);
    observed.forEach((observation, index) => {
      const [verdict, one] = [verdicts[index], series[index]];
      if (verdict?.spike !== true || one === undefined || !isWanted(rule, one)) return;
      const { negative, total, expected, baseline } = observation;
      firings.push({
        rule: rule.id,
        kind: 'spike',
        subject: `${one.topic}.${one.channel}`,
        topic: one.topic,
        channel: one.channel,
        at: end,
        finding: {
          window: windowOf(end, windowMs),
          observed: negative,
          total,
          expected: rounded(expected),
          interval: negativeBinomialInterval(expected, sensitivity.allowsDispersion ? baseline.dispersion : 0),
          p: verdict.p,
          q: verdict.q,
        },
      });
    });
  }
  return firings;
}

function arrange(counts: readonly MinuteCount[], begins: number, minutes: number): Series[] {
  const series = new Map<string, Series>();
  for (const { at, topic, channel, negative, total } of counts) {
    const minute = Math.round((at - begins) / minuteMs);
    if (minute < 0 || minute >= minutes) continue;
    const key = `${topic}.${channel}`;
    const one = series.get(key) ?? {
      topic,
      channel,
      negative: new Float64Array(minutes),
      total: new Float64Array(minutes),
    };
    series.set(key, one);
    one.negative[minute] = negative;
    one.total[minute] = total;
  }
  return [...series.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, one]) => one);
}

/** A baseline is looked up only for windows that can fire. */
function observe(
  { topic, channel }: Series,
  sum: { negative: number; total: number } | undefined,
  end: number,
  { fewest }: Sensitivity,
  { baselineOf, hourOf, factor }: SpikeContext,
): Observation {
  const { negative, total } = sum ?? { negative: 0, total: 0 };
  if (negative < fewest) return unremarkable;
  const baseline = baselineOf(topic, channel, end);
  const expected = expectedBetween(baseline, end - windowMs, end, hourOf) * factor(topic, end);
  return { negative, total, expected, baseline };
}

const unremarkable: Observation = {
  negative: 0,
  total: 0,
  expected: 1,
  baseline: { dispersion: 0, share: { alpha: 1, beta: 1 } },
};

/** Series without feedback are part of what is tested together. */
function nothing(count: number): Observation[] {
  return Array.from({ length: Math.max(0, count) }, () => unremarkable);
}

function isWanted({ topics, channels }: RuleOf<'spike'>, { topic, channel }: Series): boolean {
  return (topics?.includes(topic) ?? true) && (channels?.includes(channel) ?? true);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
