import { isNumeric } from '../../bson/doc.ts';
import { toNumber } from '../../bson/numbers.ts';

/** MongoDB's truth: everything but false, null, missing and zero. */
export function isTruthy(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (value === null || value === undefined) return false;
  return !isNumeric(value) || toNumber(value) !== 0;
}
