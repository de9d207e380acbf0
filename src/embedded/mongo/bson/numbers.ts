import { type Decimal128, Double, Long } from 'bson';
import { MongoFault, unsupported } from '../errors.ts';
import { bsonClass, isInt32, isNumeric, typeName } from './doc.ts';

/** Any BSON number as the nearest JavaScript number. */
export function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  switch (bsonClass(value)) {
    case 'Double':
      return (value as Double).value;
    case 'Long':
      return (value as Long).toNumber();
    case 'Decimal128':
      return Number((value as Decimal128).toString());
    default:
      throw new MongoFault(14, `expected a number, found ${typeName(value)}`);
  }
}

/** A double, whatever it looks like. */
export function asDouble(value: number): number | Double {
  return isInt32(value) ? new Double(value) : value;
}

/** An integer as int32 where it fits, else as int64. */
export function asInteger(value: number): number | Long {
  if (Object.is(value, -0)) return 0;
  return isInt32(value) ? value : Long.fromNumber(value);
}

type Rank = 'int' | 'long' | 'double';

function rank(value: unknown): Rank {
  if (typeof value === 'number') return isInt32(value) ? 'int' : 'double';
  const type = bsonClass(value);
  if (type === 'Long') return 'long';
  if (type === 'Double') return 'double';
  throw unsupported('arithmetic on decimal128');
}

const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;

function bigint(value: unknown): bigint {
  return typeof value === 'number' ? BigInt(value) : (value as Long).toBigInt();
}

/** An operation on numbers that keeps MongoDB's types: int32 widens to int64, int64 to double, double stays. */
export function arithmetic(
  onDoubles: (a: number, b: number) => number,
  onIntegers: (a: bigint, b: bigint) => bigint,
): (a: unknown, b: unknown) => unknown {
  return (a, b) => {
    if (isInt32(a) && isInt32(b)) {
      const result = onDoubles(a, b);
      if (isInt32(result)) return result;
      if (Object.is(result, -0)) return 0;
      if (Number.isSafeInteger(result)) return Long.fromNumber(result);
    } else {
      const left = rank(a);
      const right = rank(b);
      if (left === 'double' || right === 'double') return asDouble(onDoubles(toNumber(a), toNumber(b)));
    }
    const result = onIntegers(bigint(a), bigint(b));
    return result < least || result > most ? asDouble(Number(result)) : Long.fromBigInt(result);
  };
}

/** Addition by MongoDB's rules of types. */
export const addNumbers = arithmetic(
  (a, b) => a + b,
  (a, b) => a + b,
);

/** Subtraction by MongoDB's rules of types. */
export const subtractNumbers = arithmetic(
  (a, b) => a - b,
  (a, b) => a - b,
);

/** Multiplication by MongoDB's rules of types. */
export const multiplyNumbers = arithmetic(
  (a, b) => a * b,
  (a, b) => a * b,
);

/** Applies a function to a number and keeps its type (`$abs`, `$floor`, ...). */
export function mapNumber(value: unknown, onDouble: (a: number) => number): unknown {
  switch (rank(value)) {
    case 'double':
      return asDouble(onDouble(toNumber(value)));
    case 'long':
      return Long.fromNumber(onDouble(toNumber(value)));
    case 'int':
      return asInteger(onDouble(toNumber(value)));
  }
}

/** The integer a command's option holds, or undefined when it is no whole number. */
export function wholeNumber(value: unknown): number | undefined {
  if (!isNumeric(value)) return undefined;
  const number = toNumber(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Adds numbers with Neumaier's compensation, remembering the widest type it saw. */
export class Summer {
  #sum = 0;
  #lost = 0;
  #longs = 0n;
  #rank: Rank = 'int';

  /** Adds a number; other values are ignored, as `$sum` does. */
  add(value: unknown): void {
    if (typeof value === 'number') {
      if (!isInt32(value)) this.#rank = 'double';
      this.#addDouble(value);
      return;
    }
    if (!isNumeric(value)) return;
    const kind = rank(value);
    if (kind === 'long') {
      if (this.#rank === 'int') this.#rank = 'long';
      this.#longs += (value as Long).toBigInt();
    } else {
      this.#rank = 'double';
      this.#addDouble(toNumber(value));
    }
  }

  #addDouble(value: number): void {
    const sum = this.#sum;
    const total = sum + value;
    if (total - sum !== value || total - value !== sum) {
      this.#lost += Math.abs(sum) >= Math.abs(value) ? sum - total + value : value - total + sum;
    }
    this.#sum = total;
  }

  /** The sum as a double. */
  get number(): number {
    const total = this.#sum + Number(this.#longs);
    return Number.isFinite(total) ? total + this.#lost : total;
  }

  /** The sum in the type MongoDB would give it. */
  get value(): unknown {
    if (this.#rank === 'double') return asDouble(this.number);
    if (this.#rank === 'int') return asInteger(this.#sum);
    const total = this.#longs + BigInt(this.#sum);
    return total < least || total > most ? Number(total) : Long.fromBigInt(total);
  }
}
