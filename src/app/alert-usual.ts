import { type Baseline, type HourCount, hourMs, learnBaseline } from '../alerting/baseline.ts';
import {
  businessHourOfWeek,
  type CalendarEntry,
  campaignFactor,
  isExceptional,
  startOfDay,
} from '../alerting/calendar.ts';
import type { SpikeContext } from '../alerting/spike-scan.ts';
import { type Channel, channels, type TopicId, topicIds } from '../domain/labels.ts';
import { calendarOf } from '../store/alert-calendar.ts';
import { historyVersion, readTopicHistory, type TopicHistory } from '../store/alert-counts.ts';
import { type StoredSpike, spikesSince } from '../store/alerts.ts';
import type { Database } from '../store/database.ts';

const dayMs = 24 * hourMs;
/** Twelve weeks: enough for every hour of the week, and young enough to be usual still. */
const historyMs = 84 * dayMs;

/** What is usual for a tenant on a day, from what was stored before it began. */
export interface Usual {
  readonly history: TopicHistory;
  readonly spikes: SpikeContext;
  readonly calendar: readonly CalendarEntry[];
  /** What is usual for a channel whatever is spoken of: counts are in `negative` and `total` alike. */
  channelBaseline(channel: Channel): Baseline;
}

/** Finds what is usual on the day of a time. */
export type FindUsual = (database: Database, tenant: string, at: number, zoneOffsetMs: number) => Promise<Usual>;

/** Days of tenants that are remembered; one of a tenant of whose every topic something is said every hour takes 2 MB. */
const mostRemembered = 32;

/**
 * Learns what is usual on a day, incidents and campaigns left out, and remembers it for as long as what it was learnt
 * from stays the same: it is a function of what is stored about the days before, so that a day is evaluated the same
 * whenever that happens.
 */
export function rememberUsual(): FindUsual {
  const remembered = new Map<string, { readonly learntFrom: string; readonly usual: Usual }>();
  return async (database, tenant, at, zoneOffsetMs) => {
    const until = startOfDay(at, zoneOffsetMs);
    const from = until - historyMs;
    const stretch = { tenant, from, until };
    // Before the history itself: what changes in between is learnt anew the next time.
    const [version, spikes, calendar] = await Promise.all([
      historyVersion(database, stretch),
      spikesSince(database, tenant, from),
      calendarOf(database, tenant, from),
    ]);
    const struck = hoursOfIncidents(spikes, until);
    const learntFrom = JSON.stringify([version, [...struck].map(([subject, hours]) => [subject, ...hours]), calendar]);
    const key = `${tenant}/${until}/${zoneOffsetMs}`;
    const known = remembered.get(key);
    remembered.delete(key);
    const usual =
      known?.learntFrom === learntFrom
        ? known.usual
        : usualOf(await readTopicHistory(database, stretch), struck, calendar, { from, until, zoneOffsetMs });
    remembered.set(key, { learntFrom, usual });
    const [oldest] = remembered.keys();
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
    return usual;
  };
}

function usualOf(
  history: TopicHistory,
  struck: ReadonlyMap<string, ReadonlySet<number>>,
  calendar: readonly CalendarEntry[],
  { from, until, zoneOffsetMs }: { readonly from: number; readonly until: number; readonly zoneOffsetMs: number },
): Usual {
  const hourOf = (time: number) => businessHourOfWeek(time, zoneOffsetMs);
  const begins = Math.max(from, history.begins ?? until);
  const baselines = new Map<string, Baseline>();
  const learn = (key: string, make: () => readonly HourCount[]) => {
    const known = baselines.get(key);
    if (known !== undefined) return known;
    const learnt = learnBaseline(make(), hourOf);
    baselines.set(key, learnt);
    return learnt;
  };
  const everyHour = (seen: ReadonlyMap<number, HourCount>, isUsual: (hour: number) => boolean) => {
    const hours: HourCount[] = [];
    for (let hour = begins; hour < until; hour += hourMs) {
      if (isUsual(hour)) hours.push(seen.get(hour) ?? { at: hour, negative: 0, total: 0 });
    }
    return hours;
  };
  return {
    history,
    calendar,
    spikes: {
      hourOf,
      watched: Math.max(history.series.size, topicIds.length),
      factor: (topic, time) => campaignFactor(calendar, topic, time),
      baselineOf: (topic, channel) =>
        learn(`${topic}.${channel}`, () => {
          const key = `${topic}.${channel}`;
          const seen = new Map([...(history.series.get(key) ?? [])].map((one) => [one.at, one]));
          return everyHour(
            seen,
            (hour) => struck.get(key)?.has(hour) !== true && !isExceptional(calendar, topic, hour),
          );
        }),
    },
    channelBaseline: (channel) => learn(channel, () => everyHour(channelCounts(history, channel), () => true)),
  };
}

/**
 * Hours before a time in which a topic had an incident, by topic and channel in order; what people voted to be false is
 * usual after all.
 */
function hoursOfIncidents(spikes: readonly StoredSpike[], until: number): Map<string, Set<number>> {
  const struck = new Map<string, Set<number>>();
  for (const { subject, runs, useless } of spikes) {
    if (useless) continue;
    const hours = struck.get(subject) ?? new Set();
    struck.set(subject, hours);
    for (const run of runs) {
      const ends = Math.min(run.until, until);
      for (let hour = Math.floor((run.from - hourMs) / hourMs) * hourMs; hour < ends; hour += hourMs) hours.add(hour);
    }
  }
  return struck;
}

function channelCounts({ series }: TopicHistory, channel: Channel): Map<number, HourCount> {
  const counts = new Map<number, HourCount>();
  for (const topic of topicIds satisfies readonly TopicId[]) {
    for (const { at, total } of series.get(`${topic}.${channel}`) ?? []) {
      const sum = total + (counts.get(at)?.total ?? 0);
      counts.set(at, { at, negative: sum, total: sum });
    }
  }
  return counts;
}

/** Channels from which anything was heard in the history. */
export function knownChannels({ series }: TopicHistory): Channel[] {
  return channels.filter((channel) => [...series.keys()].some((key) => key.endsWith(`.${channel}`)));
}
