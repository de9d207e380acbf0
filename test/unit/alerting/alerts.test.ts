import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { businessHourOfWeek, campaignFactor, isUnderMaintenance } from '../../../src/alerting/calendar.ts';
import { afterQuietHours, retryDelayMs } from '../../../src/alerting/delivery-time.ts';
import { type Firing, windowOf } from '../../../src/alerting/firing.ts';
import { incidentsOf } from '../../../src/alerting/incidents.ts';
import { ActRefused, act, follow, isAnnounced, opened } from '../../../src/alerting/life-cycle.ts';
import { type Detection, reconcile } from '../../../src/alerting/reconcile.ts';
import { watermark } from '../../../src/alerting/watermark.ts';

const [minute, hour] = [60_000, 3_600_000];
const start = Date.UTC(2026, 10, 18, 5);
const zone = 9 * hour;

function firing(at: number): Firing {
  const finding = { window: windowOf(at, hour), observed: 9 };
  return { rule: 'spike', kind: 'spike', subject: 'delivery.chat', topic: 'delivery', channel: 'chat', at, finding };
}

/** Evaluates again from one time through another, as the worker does. */
function evaluate(stored: readonly Detection[], times: readonly number[], from: number, through: number): Detection[] {
  const firings = times.filter((at) => at >= from && at <= through).map(firing);
  return reconcile('shop', stored, firings, from).detections.map(({ movedFrom, ...detection }) => detection);
}

describe('reconcile', () => {
  test('the same firings give the same alerts in whatever pieces, and however often, they are evaluated', () => {
    const gaps = fc.array(fc.constantFrom(1, 1, 1, 2, 50, 119, 121, 359, 361, 500), { minLength: 1, maxLength: 40 });
    const rewinds = fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.nat(600)), { maxLength: 15 });
    fc.assert(
      fc.property(gaps, rewinds, (steps, pieces) => {
        let at = start;
        const times = steps.map((step) => (at += step * minute));
        const whole = evaluate([], times, start, at);
        let [stored, through]: [Detection[], number] = [[], start - minute];
        for (const [length, back] of [...pieces, [(at - start) / minute + 1, 0] as const]) {
          const from = Math.max(start, through + minute - back * minute);
          through = Math.min(at, Math.max(through, through + length * minute));
          stored = evaluate(stored, times, from, through);
        }
        stored = evaluate(stored, times, through + minute, at);
        expect(stored).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  test('firings within the cool-down are one alert, later ones another', () => {
    const six = 6 * hour;
    const keys = evaluate([], [start, start + six, start + 2 * six + minute], start, start + 3 * six);
    expect(keys.map(({ key }) => key)).toEqual([
      'shop/spike/delivery.chat/2026-11-18T05:00Z',
      'shop/spike/delivery.chat/2026-11-18T17:01Z',
    ]);
  });

  test('late feedback moves the beginning or takes the alert away', () => {
    const stored = evaluate([], [start, start + minute], start, start + hour);
    const moved = reconcile('shop', stored, [firing(start + minute)], start);
    expect(moved.detections[0]).toMatchObject({ movedFrom: stored[0]?.key });
    expect(moved.withdrawn).toEqual([]);
    expect(reconcile('shop', stored, [], start)).toEqual({ detections: [], withdrawn: [stored[0]?.key] });
  });
});

describe('life cycle', () => {
  const now = new Date(start).toISOString();
  const later = (ms: number) => new Date(start + ms).toISOString();
  const by = 'hanako@desk';
  const course = (through: number, ...runs: { from: number; until: number }[]) => ({
    runs,
    through,
    quietMs: 2 * hour,
    apartMs: 2 * hour,
  });

  test('is acknowledged, resolved and timed, with who did it', () => {
    const acknowledged = act(opened(now), { event: 'acknowledged', by }, later(5 * minute));
    const resolved = act(acknowledged, { event: 'resolved', by, note: 'courier is back' }, later(hour));
    expect(resolved).toMatchObject({ status: 'resolved', secondsToAcknowledge: 300, secondsToClose: 3600 });
    expect(resolved.history.map(({ event, by: who }) => `${event} ${who}`)).toEqual([
      'opened koe',
      `acknowledged ${by}`,
      `resolved ${by}`,
    ]);
    expect(() => act(resolved, { event: 'acknowledged', by }, now)).toThrow(ActRefused);
  });

  test('is over after two quiet hours, opens again when it fires anew, and changes nothing when asked again', () => {
    const run = { from: start, until: start + minute };
    expect(follow(opened(now), course(start + hour, run), now).status).toBe('open');
    const over = follow(opened(now), course(start + 3 * hour, run), now);
    expect(over).toMatchObject({ status: 'resolved', settledThrough: run.until });
    expect(follow(over, course(start + 3 * hour, run), now)).toBe(over);
    const anew = { from: start + 4 * hour, until: start + 4 * hour };
    expect(follow(over, course(start + 4 * hour, run, anew), now)).toMatchObject({ status: 'open', reopened: 1 });
  });

  test('wakes when its snooze is over, and says nothing meanwhile', () => {
    const run = { from: start, until: start };
    const snoozed = act(opened(now), { event: 'snoozed', by, until: later(hour) }, now);
    expect(follow(snoozed, course(start, run), later(minute))).toBe(snoozed);
    expect(follow(snoozed, course(start, run), later(hour))).toMatchObject({ status: 'open' });
    expect(isAnnounced(snoozed, { sequence: 2, event: 'reopened', at: now, by: 'koe' })).toBe(false);
  });

  test('an alert that flaps is not announced any more', () => {
    const entry = { sequence: 9, event: 'reopened', at: now, by: 'koe' } as const;
    expect(isAnnounced({ ...opened(now), reopened: 2 }, entry)).toBe(true);
    expect(isAnnounced({ ...opened(now), reopened: 3 }, entry)).toBe(false);
  });
});

describe('time', () => {
  test('the watermark waits for the slowest partition in use, and not for idle ones', () => {
    const patience = { latenessMs: 30_000, idleMs: 10_000 };
    const read = (newest: number, readAt: number) => ({ newest, readAt });
    expect(watermark([read(100_000, 990_000), read(70_000, 995_000)], 999_000, patience)).toBe(40_000);
    expect(watermark([read(100_000, 998_000), read(70_000, 900_000)], 999_000, patience)).toBe(70_000);
    expect(watermark([read(100_000, 0)], 999_000, patience)).toBe(969_000);
    expect(watermark([read(9_999_999, 998_000)], 999_000, patience)).toBe(969_000);
  });

  test('Japanese public holidays are Sundays', () => {
    const labourThanksgiving = Date.UTC(2026, 10, 23, 1);
    expect(businessHourOfWeek(labourThanksgiving, zone)).toBe(10);
    expect(businessHourOfWeek(labourThanksgiving + 24 * hour, zone)).toBe(2 * 24 + 10);
  });

  test('campaigns multiply what is usual, maintenance silences', () => {
    const sale = { kind: 'campaign', from: start, until: start + hour, topics: ['price'], factor: 3 } as const;
    const work = { kind: 'maintenance', from: start, until: start + hour } as const;
    expect(campaignFactor([sale, work], 'price', start + minute)).toBe(3);
    expect(campaignFactor([sale], 'taste', start + minute)).toBe(1);
    expect(campaignFactor([sale], 'price', start + 2 * hour)).toBe(1);
    expect(isUnderMaintenance([work], undefined, start + minute)).toBe(true);
    expect(isUnderMaintenance([{ ...work, topics: ['price'] }], undefined, start + minute)).toBe(false);
  });

  test('quiet hours postpone what can wait to the morning', () => {
    const quietHours = { from: '22:00', until: '07:00', except: 'critical' } as const;
    const at = (hours: number) => Date.UTC(2026, 10, 17, 15) + hours * hour;
    expect(afterQuietHours({ quietHours }, 'high', at(23), zone)).toBe(at(31));
    expect(afterQuietHours({ quietHours }, 'high', at(3), zone)).toBe(at(7));
    expect(afterQuietHours({ quietHours }, 'critical', at(3), zone)).toBe(at(3));
    expect(afterQuietHours({ quietHours }, 'low', at(12), zone)).toBe(at(12));
  });

  test('tries wait longer each time, and as long as the receiver asks for', () => {
    expect(retryDelayMs(1, 0)).toBe(5000);
    expect(retryDelayMs(3, 0)).toBe(20_000);
    expect(retryDelayMs(30, 0.5)).toBe(2_700_000);
    expect(retryDelayMs(1, 0, 60_000)).toBe(60_000);
  });
});

describe('incidents', () => {
  const alert = (key: string, begins: number, topic?: string, segments: string[] = [], rule = 'spike') => ({
    key,
    rule,
    ...(topic !== undefined && { topic }),
    runs: [{ from: begins, until: begins }],
    segments,
  });

  test('one topic over channels and many topics over one store are one incident each', () => {
    const incidents = incidentsOf([
      alert('c', start + 2 * minute, 'staff', ['store=Ueno']),
      alert('a', start, 'delivery'),
      alert('b', start + minute, 'delivery', ['store=Ueno']),
      alert('d', start, 'price'),
      alert('e', start + 3 * hour, 'delivery'),
    ]);
    expect(Object.fromEntries(incidents)).toEqual({ a: 'a', b: 'a', c: 'a', d: 'd', e: 'e' });
  });
});
