import { MongoFault } from '../../errors.ts';

const minute = 60_000;
const quarter = 15 * minute;

/** A timezone: how far its clocks are ahead of UTC. */
export interface Zone {
  readonly name: string;
  /** Milliseconds local time is ahead of UTC at an instant. */
  offset(time: number): number;
}

const utc: Zone = { name: 'UTC', offset: () => 0 };

/** Finds a timezone by Olson name (`Asia/Tokyo`) or offset (`+09:00`, `+0900`, `+09`); throws 40485 for another name. */
export function zoneOf(name: string | undefined, known: Map<string, Zone>): Zone {
  if (name === undefined || name === 'UTC' || name === 'GMT' || name === 'Z') return utc;
  const found = known.get(name) ?? fixedZone(name) ?? namedZone(name);
  known.set(name, found);
  return found;
}

function fixedZone(name: string): Zone | undefined {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d)(?::?(\d\d))?$/.exec(name) ?? [];
  if (hours === undefined) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * minute * (sign === '-' ? -1 : 1);
  return { name, offset: () => offset };
}

function namedZone(name: string): Zone {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new MongoFault(40485, `unrecognized time zone identifier: "${name}"`);
  }
  // Clocks are changed at quarters of an hour: an offset found once holds for its quarter.
  const offsets = new Map<number, number>();
  return {
    name,
    offset(time) {
      const slot = Math.floor(time / quarter);
      const cached = offsets.get(slot);
      if (cached !== undefined) return cached;
      const offset = measure(format, time);
      if (offsets.size > 10_000) offsets.clear();
      offsets.set(slot, offset);
      return offset;
    },
  };
}

function measure(format: Intl.DateTimeFormat, time: number): number {
  const parts: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(time)) parts[type] = value;
  const year = parts.era === 'BC' ? 1 - Number(parts.year) : Number(parts.year);
  const local =
    utcTime(year, Number(parts.month), Number(parts.day)) +
    (Number(parts.hour) * 3600 + Number(parts.minute) * 60 + Number(parts.second)) * 1000;
  return local - Math.floor(time / 1000) * 1000;
}

/** Milliseconds of a day's start in UTC; months count from 1 and may overflow. */
export function utcTime(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

/** The instant at which a zone's clocks show a local time (given as if it were UTC); the earlier one of two. */
export function instantOf(local: number, zone: Zone): number {
  const before = zone.offset(local - zone.offset(local - 86_400_000));
  const first = local - before;
  if (zone.offset(first) === before) return first;
  const after = zone.offset(local - zone.offset(local + 86_400_000));
  return local - after;
}
