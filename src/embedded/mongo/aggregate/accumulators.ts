import { compareValues } from '../bson/compare.ts';
import { Doc, isNumeric } from '../bson/doc.ts';
import { KeyWriter } from '../bson/key.ts';
import { asDouble, Summer, toNumber } from '../bson/numbers.ts';
import { mergeInto } from './expressions/object.ts';

/** The state of one accumulator in one group. */
export interface Accumulator {
  add(value: unknown): void;
  result(): unknown;
}

function sum(): Accumulator {
  const summer = new Summer();
  return { add: (value) => summer.add(value), result: () => summer.value };
}

function average(): Accumulator {
  const summer = new Summer();
  let count = 0;
  return {
    add(value) {
      if (typeof value !== 'number' && !isNumeric(value)) return;
      summer.add(value);
      count++;
    },
    result: () => (count === 0 ? null : asDouble(summer.number / count)),
  };
}

/** The least or greatest value in BSON order; null and missing do not count. */
function extreme(sign: number): Accumulator {
  let best: unknown;
  return {
    add(value) {
      if (value === null || value === undefined) return;
      if (best === undefined || compareValues(value, best) * sign > 0) best = value;
    },
    result: () => best ?? null,
  };
}

function first(): Accumulator {
  let value: unknown;
  let seen = false;
  return {
    add(next) {
      if (!seen) value = next;
      seen = true;
    },
    result: () => value ?? null,
  };
}

function last(): Accumulator {
  let value: unknown;
  return {
    add(next) {
      value = next;
    },
    result: () => value ?? null,
  };
}

function push(): Accumulator {
  const values: unknown[] = [];
  return {
    add(value) {
      if (value !== undefined) values.push(value);
    },
    result: () => values,
  };
}

function addToSet(): Accumulator {
  const writer = new KeyWriter();
  const values = new Map<string, unknown>();
  return {
    add(value) {
      if (value === undefined) return;
      const key = writer.value(value).take();
      if (!values.has(key)) values.set(key, value);
    },
    result: () => [...values.values()],
  };
}

/** Welford's algorithm; `sample` divides by n - 1. */
function deviation(sample: boolean): Accumulator {
  let count = 0;
  let mean = 0;
  let squares = 0;
  return {
    add(value) {
      if (!isNumeric(value)) return;
      const number = toNumber(value);
      const distance = number - mean;
      count++;
      mean += distance / count;
      squares += distance * (number - mean);
    },
    result() {
      const divisor = sample ? count - 1 : count;
      return divisor <= 0 ? null : asDouble(Math.sqrt(squares / divisor));
    },
  };
}

function mergeObjects(): Accumulator {
  const merged = new Doc();
  return { add: (value) => mergeInto(merged, value), result: () => merged };
}

/** The accumulators of https://www.mongodb.com/docs/manual/reference/operator/aggregation/group/ this server has. */
export const accumulators: Readonly<Record<string, () => Accumulator>> = {
  $addToSet: addToSet,
  $avg: average,
  $first: first,
  $last: last,
  $max: () => extreme(1),
  $mergeObjects: mergeObjects,
  $min: () => extreme(-1),
  $push: push,
  $stdDevPop: () => deviation(false),
  $stdDevSamp: () => deviation(true),
  $sum: sum,
};
