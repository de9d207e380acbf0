import { zoneOffset } from './instant.ts';

/** Zones change their clocks at such moments only, milliseconds. */
const step = 900_000;
const mostKept = 10_000;

/** Translates between points in time and what the clocks of a zone show. */
export interface ZoneClock {
  /** What the clocks show, as a date whose UTC fields are theirs. */
  shown(time: Date): Date;
  /** When the clocks show it; of a time that they skip or show twice, one that is at most that change away. */
  instant(shown: Date): Date;
}

/**
 * The clock of a zone. Offsets are looked up once for each quarter of an hour: asking for one takes longer than
 * handling a row.
 */
export function zoneClock(timeZone: string): ZoneClock {
  const offsets = new Map<number, number>();
  const offsetAt = (at: number): number => {
    const quarter = Math.floor(at / step);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    const offset = zoneOffset(quarter * step, timeZone);
    if (offsets.size === mostKept) offsets.clear();
    offsets.set(quarter, offset);
    return offset;
  };
  return {
    shown: (time) => new Date(time.getTime() + offsetAt(time.getTime())),
    instant(shown) {
      const guess = shown.getTime() - offsetAt(shown.getTime());
      return new Date(shown.getTime() - offsetAt(guess));
    },
  };
}
