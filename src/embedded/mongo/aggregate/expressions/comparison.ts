import { compareValues } from '../../bson/compare.ts';
import { binary, type Operators } from './operator.ts';

/**
 * Comparisons of any two values in BSON order, types first; missing is less than null.
 * https://www.mongodb.com/docs/manual/reference/operator/aggregation/#comparison-expression-operators
 */
export const comparisonOperators: Operators = {
  $cmp: binary((a, b) => Math.sign(compareValues(a, b))),
  $eq: binary((a, b) => compareValues(a, b) === 0),
  $gt: binary((a, b) => compareValues(a, b) > 0),
  $gte: binary((a, b) => compareValues(a, b) >= 0),
  $lt: binary((a, b) => compareValues(a, b) < 0),
  $lte: binary((a, b) => compareValues(a, b) <= 0),
  $ne: binary((a, b) => compareValues(a, b) !== 0),
};
