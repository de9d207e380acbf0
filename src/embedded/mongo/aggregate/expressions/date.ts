import { Long } from 'bson';
import type { Doc } from '../../bson/doc.ts';
import { wholeNumber } from '../../bson/numbers.ts';
import { MongoFault, unsupported } from '../../errors.ts';
import { dateText } from './date-format.ts';
import { parseDate } from './date-parse.ts';
import { timeOf, zoneFrom } from './date-part.ts';
import { addUnits, isUnit, truncateDate, type Unit, unitsBetween, weekDays } from './date-unit.ts';
import { type Compile, isNullish, named, type Operators } from './operator.ts';
import type { Expression, Scope } from './scope.ts';
import { type Zone, zoneOf } from './timezone.ts';

const zones = (args: Doc, scope: Scope, compile: Compile): ((doc: Doc) => Zone | undefined) => {
  if (args.timezone === undefined) return () => zoneOf(undefined, new Map());
  const expression = compile(args.timezone, scope);
  const known = new Map<string, Zone>();
  return (doc) => {
    const value = expression(doc);
    return isNullish(value) ? undefined : zoneFrom(value, known);
  };
};

function unitOf(value: unknown, name: string): Unit {
  if (typeof value === 'string' && isUnit(value)) return value;
  throw new MongoFault(9, `${name} parameter 'unit' value cannot be recognized as a time unit: ${String(value)}`);
}

function weekStart(value: unknown): number {
  const text = value === undefined ? 'sunday' : String(value).toLowerCase();
  const at = weekDays.findIndex((name) => name === text || name.slice(0, 3) === text);
  if (at < 0)
    throw new MongoFault(9, `parameter 'startOfWeek' value cannot be recognized as a day of a week: ${String(value)}`);
  return at;
}

const dateToString = named(['date'], ['format', 'timezone', 'onNull'], (args, scope, compile, name) => {
  const date = compile(args.date, scope);
  const format = args.format === undefined ? undefined : compile(args.format, scope);
  const zone = zones(args, scope, compile);
  const onNull: Expression = args.onNull === undefined ? () => null : compile(args.onNull, scope);
  return (doc) => {
    const value = date(doc);
    if (isNullish(value)) return onNull(doc);
    const where = zone(doc);
    const pattern = format?.(doc);
    if (where === undefined || (format !== undefined && isNullish(pattern))) return null;
    if (pattern !== undefined && typeof pattern !== 'string')
      throw new MongoFault(18533, `${name} requires that 'format' be a string`);
    return dateText(new Date(timeOf(value, name)), pattern, where);
  };
});

const dateFromString = named(['dateString'], ['timezone', 'onError', 'onNull', 'format'], (args, scope, compile) => {
  if (args.format !== undefined) throw unsupported("$dateFromString with 'format'");
  const text = compile(args.dateString, scope);
  const zone = args.timezone === undefined ? undefined : zones(args, scope, compile);
  const onError = args.onError === undefined ? undefined : compile(args.onError, scope);
  const onNull: Expression = args.onNull === undefined ? () => null : compile(args.onNull, scope);
  return (doc) => {
    const value = text(doc);
    if (isNullish(value)) return onNull(doc);
    const where = zone?.(doc);
    if (zone !== undefined && where === undefined) return null;
    try {
      if (typeof value !== 'string')
        throw new MongoFault(241, "$dateFromString requires that 'dateString' be a string");
      return parseDate(value, where);
    } catch (error) {
      if (onError !== undefined && error instanceof MongoFault) return onError(doc);
      throw error;
    }
  };
});

const dateTrunc = named(['date', 'unit'], ['binSize', 'timezone', 'startOfWeek'], (args, scope, compile, name) => {
  const date = compile(args.date, scope);
  const unit = compile(args.unit, scope);
  const bin = args.binSize === undefined ? undefined : compile(args.binSize, scope);
  const start = args.startOfWeek === undefined ? undefined : compile(args.startOfWeek, scope);
  const zone = zones(args, scope, compile);
  return (doc) => {
    const value = date(doc);
    const size = bin === undefined ? 1 : bin(doc);
    const where = zone(doc);
    const wanted = unit(doc);
    if (isNullish(value) || isNullish(size) || isNullish(wanted) || where === undefined) return null;
    const count = wholeNumber(size);
    if (count === undefined || count < 1)
      throw new MongoFault(5439017, `${name} requires 'binSize' to be greater than 0`);
    return new Date(truncateDate(timeOf(value, name), unitOf(wanted, name), count, where, weekStart(start?.(doc))));
  };
});

function shifting(sign: 1 | -1) {
  return named(['startDate', 'unit', 'amount'], ['timezone'], (args, scope, compile, name) => {
    const date = compile(args.startDate, scope);
    const unit = compile(args.unit, scope);
    const amount = compile(args.amount, scope);
    const zone = zones(args, scope, compile);
    return (doc) => {
      const value = date(doc);
      const wanted = unit(doc);
      const by = amount(doc);
      const where = zone(doc);
      if (isNullish(value) || isNullish(wanted) || isNullish(by) || where === undefined) return null;
      const count = wholeNumber(by);
      if (count === undefined) throw new MongoFault(5166405, `${name} expects integer amount of time units`);
      return new Date(addUnits(timeOf(value, name), unitOf(wanted, name), sign * count, where));
    };
  });
}

const dateDiff = named(['startDate', 'endDate', 'unit'], ['timezone', 'startOfWeek'], (args, scope, compile, name) => {
  const from = compile(args.startDate, scope);
  const to = compile(args.endDate, scope);
  const unit = compile(args.unit, scope);
  const start = args.startOfWeek === undefined ? undefined : compile(args.startOfWeek, scope);
  const zone = zones(args, scope, compile);
  return (doc) => {
    const values = [from(doc), to(doc), unit(doc)];
    const where = zone(doc);
    if (values.some(isNullish) || where === undefined) return null;
    const [a, b] = values;
    const weekday = weekStart(start?.(doc));
    return Long.fromNumber(unitsBetween(timeOf(a, name), timeOf(b, name), unitOf(values[2], name), where, weekday));
  };
});

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#date-expression-operators */
export const dateOperators: Operators = {
  $dateAdd: shifting(1),
  $dateDiff: dateDiff,
  $dateFromString: dateFromString,
  $dateSubtract: shifting(-1),
  $dateToString: dateToString,
  $dateTrunc: dateTrunc,
};
