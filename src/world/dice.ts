import { seededRandom } from '../insight/seeded-random.ts';

/** Random choices that are the same for the same seed and name. */
export interface Dice {
  /** From 0 up to but not including 1. */
  readonly next: () => number;
  /** Whether something of this probability happens. */
  chance(probability: number): boolean;
  /** A number from `low` up to but not including `high`. */
  between(low: number, high: number): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  /** One of some values; throws RangeError if there are none. */
  pick<T>(values: readonly T[]): T;
  /** One of some values by weight; throws RangeError if there are none. */
  weighted<T>(values: readonly (readonly [value: T, weight: number])[]): T;
  /** About normal with mean 0 and deviation 1: the sum of twelve uniform numbers, less six. */
  normal(): number;
}

/** Dice for one part of a world, independent of those of its other parts. */
export function diceFor(seed: number, name: string): Dice {
  let mixed = seed;
  for (const character of name) mixed = Math.imul(mixed ^ (character.codePointAt(0) ?? 0), 0x01000193);
  const next = seededRandom(mixed);
  const pick = <T>(values: readonly T[]): T => one(values[Math.floor(next() * values.length)]);
  return {
    next,
    pick,
    chance: (probability) => next() < probability,
    between: (low, high) => low + next() * (high - low),
    whole: (low, high) => low + Math.floor(next() * (high - low + 1)),
    weighted(values) {
      let left = next() * values.reduce((sum, [, weight]) => sum + weight, 0);
      const found = values.find(([, weight]) => {
        left -= weight;
        return left < 0;
      });
      return one(found ?? values.at(-1))[0];
    },
    normal() {
      let sum = -6;
      for (let draw = 0; draw < 12; draw++) sum += next();
      return sum;
    },
  };
}

function one<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('nothing to choose from');
  return value;
}
