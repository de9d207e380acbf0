import type { Dice } from './dice.ts';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** Japan has had no summer time since 1952. */
const japanAheadMs = 9 * hourMs;

/** The midnight in Japan at or before a time, milliseconds since 1970. */
export function midnightBefore(time: number): number {
  return Math.floor((time + japanAheadMs) / dayMs) * dayMs - japanAheadMs;
}

/** How much is said in each hour of the day in Japan, from midnight on. */
const byHour = [3, 2, 1, 1, 1, 2, 4, 7, 10, 12, 13, 14, 17, 14, 12, 11, 11, 12, 14, 17, 20, 19, 13, 7] as const;
const hours = byHour.map((weight, hour) => [hour, weight] as const);

/** A time of the day that begins at a midnight, when people say things. */
export function someTimeOf(midnight: number, dice: Dice): number {
  return midnight + dice.weighted(hours) * hourMs + Math.floor(dice.next() * hourMs);
}

/** A time as records and events carry it. */
export function instant(at: number): string {
  return new Date(at).toISOString();
}
