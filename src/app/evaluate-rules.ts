import { hourMs } from '../alerting/baseline.ts';
import { businessHourOfWeek, isUnderMaintenance, startOfDay } from '../alerting/calendar.ts';
import { endsBetween, type Firing, rhythms, windowOf } from '../alerting/firing.ts';
import { churnBandFires, driftFires, emergingFires, metricFires, noDataFires } from '../alerting/rule-checks.ts';
import { scanForSpikes } from '../alerting/spike-scan.ts';
import type { AlertRule, RuleOf } from '../domain/alert-rule.ts';
import { topicIds } from '../domain/labels.ts';
import { countMinutes } from '../store/alert-counts.ts';
import { countOpinions, firingMessages, lastHeard, metricOf } from '../store/alert-figures.ts';
import { churnChangesIn } from '../store/churn-changes.ts';
import type { Database } from '../store/database.ts';
import { knownChannels, type Usual } from './alert-usual.ts';

const minuteMs = 60_000;
const dayMs = 24 * hourMs;

/** A stretch of one local day to evaluate: windows that end from one time through another, whole minutes. */
export interface Stretch {
  readonly tenant: string;
  readonly from: number;
  readonly through: number;
  readonly zoneOffsetMs: number;
}

/** Evaluates rules over a stretch from what is stored. What fires under maintenance is left out. */
export async function evaluateRules(
  database: Database,
  rules: readonly AlertRule[],
  stretch: Stretch,
  usual: Usual,
): Promise<Firing[]> {
  const { tenant, from, through } = stretch;
  const scansSpikes = rules.some(({ kind }) => kind === 'spike');
  const minutes = scansSpikes ? await countMinutes(database, { tenant, from: from - hourMs, until: through }) : [];
  const fireOf = (rule: AlertRule): Firing[] | Promise<Firing[]> => {
    switch (rule.kind) {
      case 'spike':
        return scanForSpikes(rule, minutes, stretch, usual.spikes);
      case 'drift':
        return drifts(rule, stretch, usual);
      case 'message':
        return messages(database, rule, stretch);
      case 'metric':
        return metrics(database, rule, stretch);
      case 'emerging':
        return emerging(database, rule, stretch);
      case 'no-data':
        return silences(database, rule, stretch, usual);
      case 'churn-band':
        return churn(database, rule, stretch);
    }
  };
  const fired = await Promise.all(rules.map((rule) => fireOf(rule)));
  return fired.flat().filter(({ topic, at }) => !isUnderMaintenance(usual.calendar, topic, at));
}

async function messages(
  database: Database,
  rule: RuleOf<'message'>,
  { tenant, from, through }: Stretch,
): Promise<Firing[]> {
  const found = await firingMessages(database, rule, { tenant, from: from - minuteMs, until: through });
  return found.map(({ id, occurredAt, channel, topics }) => {
    const topic = topics.find(({ polarity }) => polarity === 'negative')?.id;
    const at = (Math.floor(occurredAt.getTime() / minuteMs) + 1) * minuteMs;
    const finding = { window: windowOf(at, minuteMs), observed: 1 };
    return { rule: rule.id, kind: 'message', subject: id, channel, ...(topic && { topic }), at, finding };
  });
}

async function churn(
  database: Database,
  rule: RuleOf<'churn-band'>,
  { tenant, from, through }: Stretch,
): Promise<Firing[]> {
  const changes = await churnChangesIn(database, { tenant, from: from - minuteMs, until: through });
  const minutes = new Map<number, typeof changes>();
  for (const change of changes) {
    const at = (Math.floor(change.scoredAt.getTime() / minuteMs) + 1) * minuteMs;
    minutes.set(at, [...(minutes.get(at) ?? []), change]);
  }
  return [...minutes].flatMap(([at, scored]) =>
    churnBandFires(rule, scored).map(({ band, risen }): Firing => {
      const finding = { window: windowOf(at, minuteMs), observed: risen.length };
      return { rule: rule.id, kind: 'churn-band', subject: band, at, finding };
    }),
  );
}

async function metrics(
  database: Database,
  rule: RuleOf<'metric'>,
  { tenant, from, through }: Stretch,
): Promise<Firing[]> {
  const firings: Firing[] = [];
  for (const at of endsBetween(from, through, rhythms.metric.stepMs)) {
    const lengthMs = rule.hours * hourMs;
    const figure = await metricOf(database, rule, { tenant, from: at - lengthMs, until: at });
    if (figure === undefined || !metricFires(rule, figure.value, figure.size)) continue;
    firings.push({
      rule: rule.id,
      kind: 'metric',
      subject: rule.metric,
      ...(rule.topic !== undefined && { topic: rule.topic }),
      ...(rule.channel !== undefined && { channel: rule.channel }),
      at,
      finding: { window: windowOf(at, lengthMs), observed: rounded(figure.value), total: figure.size },
    });
  }
  return firings;
}

async function emerging(
  database: Database,
  rule: RuleOf<'emerging'>,
  { tenant, from, through }: Stretch,
): Promise<Firing[]> {
  const ends = endsBetween(from, through, rhythms.emerging.stepMs);
  if (ends.length === 0) return [];
  const lengthMs = rule.hours * hourMs;
  const firings: Firing[] = [];
  for (const at of ends) {
    const now = await countOpinions(database, { tenant, from: at - lengthMs, until: at });
    // Counting weeks of opinions is dear; nothing emerges where nothing is frequent.
    if (![...now.values()].some((count) => count >= rule.fewest)) continue;
    const since = at - lengthMs - rule.baselineDays * dayMs;
    const before = await countOpinions(database, { tenant, from: since, until: at - lengthMs });
    if (before.size === 0) continue;
    const total = [...before.values()].reduce((sum, count) => sum + count, 0);
    const current = [...now.values()].reduce((sum, count) => sum + count, 0);
    for (const { term, count, baselineCount, q } of emergingFires(rule, now, before)) {
      const expected = rounded((baselineCount / total) * current);
      const finding = { window: windowOf(at, lengthMs), observed: count, expected, q };
      firings.push({ rule: rule.id, kind: 'emerging', subject: term, at, finding });
    }
  }
  return firings;
}

async function silences(
  database: Database,
  rule: RuleOf<'no-data'>,
  { tenant, from, through, zoneOffsetMs }: Stretch,
  usual: Usual,
): Promise<Firing[]> {
  const firings: Firing[] = [];
  const watched = knownChannels(usual.history).filter((channel) => rule.channels?.includes(channel) ?? true);
  for (const at of endsBetween(from, through, rhythms['no-data'].stepMs)) {
    const heard = await lastHeard(database, tenant, at);
    for (const channel of watched) {
      const baseline = usual.channelBaseline(channel);
      const since = Math.ceil((heard.get(channel) ?? at) / hourMs) * hourMs;
      const expected: number[] = [];
      for (let hour = since; hour < at; hour += hourMs) {
        expected.push(baseline.expected[businessHourOfWeek(hour, zoneOffsetMs)] ?? 0);
      }
      if (expected.length === 0 || !noDataFires(rule, expected, baseline.dispersion)) continue;
      const sum = rounded(expected.reduce((one, other) => one + other, 0));
      const finding = { window: windowOf(at, at - since), observed: 0, total: 0, expected: sum };
      firings.push({ rule: rule.id, kind: 'no-data', subject: channel, channel, at, finding });
    }
  }
  return firings;
}

/** Days of the chart, and of what is usual before them. */
const chart = { days: 14, usualDays: 28 };

function drifts(rule: RuleOf<'drift'>, { from, through, zoneOffsetMs }: Stretch, { history }: Usual): Firing[] {
  return endsBetween(from, through, dayMs, zoneOffsetMs).flatMap((at) =>
    topicIds.flatMap((topic): Firing[] => {
      if (rule.topics?.includes(topic) === false) return [];
      const days = new Map<number, { negative: number; total: number }>();
      for (const [key, counts] of history.series) {
        const [of, channel] = key.split('.');
        if (of !== topic || (rule.channels?.some((one) => one === channel) ?? true) === false) continue;
        for (const count of counts) {
          const day = startOfDay(count.at, zoneOffsetMs);
          const sum = days.get(day) ?? { negative: 0, total: 0 };
          days.set(day, { negative: sum.negative + count.negative, total: sum.total + count.total });
        }
      }
      const between = (oldest: number, newest: number) =>
        [...days].filter(([day]) => day >= at - oldest * dayMs && day < at - newest * dayMs).sort(([a], [b]) => a - b);
      const before = between(chart.days + chart.usualDays, chart.days);
      const recent = between(chart.days, 0);
      if (before.length < chart.usualDays / 2) return [];
      const sum = before.reduce(
        (all, [, { negative, total }]) => ({ negative: all.negative + negative, total: all.total + total }),
        { negative: 0, total: 0 },
      );
      const usual = (sum.negative + 0.5) / (sum.total + 1);
      const samples = recent.map(([, { negative, total }]) => ({ share: negative / Math.max(1, total), size: total }));
      const alarm = driftFires(rule, usual, samples);
      if (alarm === undefined) return [];
      const finding = {
        window: windowOf(at, chart.days * dayMs),
        observed: rounded(alarm.mean),
        expected: rounded(usual),
        interval: [0, rounded(alarm.limit)] as [number, number],
      };
      return [{ rule: rule.id, kind: 'drift', subject: topic, topic, at, finding }];
    }),
  );
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
