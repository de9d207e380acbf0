import { zoneOffset } from '../domain/instant.ts';

/** Zones change their clocks at such moments only, milliseconds. */
const step = 900_000;
const mostKept = 10_000;

/**
 * The time that clocks in a zone show, as a date whose UTC fields are theirs. Offsets are looked up once for each
 * quarter of an hour: asking for them takes longer than writing a row.
 */
export function zoneClock(timeZone: string): (time: Date) => Date {
  const offsets = new Map<number, number>();
  return (time) => {
    const quarter = Math.floor(time.getTime() / step);
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      offset = zoneOffset(time.getTime(), timeZone);
      if (offsets.size === mostKept) offsets.clear();
      offsets.set(quarter, offset);
    }
    return new Date(time.getTime() + offset);
  };
}
