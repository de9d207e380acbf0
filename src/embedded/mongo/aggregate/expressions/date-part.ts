import type { ObjectId, Timestamp } from 'bson';
import { bsonClass, Doc, typeName } from '../../bson/doc.ts';
import { MongoFault } from '../../errors.ts';
import { dayOfYear, isoDay, isoWeek, weekOfYear } from './date-format.ts';
import { type Build, isNullish, type Operators } from './operator.ts';
import { type Zone, zoneOf } from './timezone.ts';

/** The instant of a date, an ObjectId or a timestamp; throws 16006 for other values. */
export function timeOf(value: unknown, name: string): number {
  if (value instanceof Date) return value.getTime();
  if (bsonClass(value) === 'ObjectId') return (value as ObjectId).getTimestamp().getTime();
  if (bsonClass(value) === 'Timestamp') return (value as Timestamp).t * 1000;
  throw new MongoFault(16006, `can't convert from BSON type ${typeName(value)} to Date (${name})`);
}

/** The zone an expression names, which must be text. */
export function zoneFrom(value: unknown, known: Map<string, Zone>): Zone {
  if (typeof value === 'string') return zoneOf(value, known);
  throw new MongoFault(40517, `timezone must evaluate to a string, found ${typeName(value)}`);
}

/** A part of a date, given alone or as `{date, timezone}`. */
function part(read: (local: Date) => number): Build {
  return (operand, scope, compile, name) => {
    let input: unknown = Array.isArray(operand) && operand.length === 1 ? operand[0] : operand;
    let zone: unknown;
    if (input instanceof Doc && !Object.keys(input)[0]?.startsWith('$')) {
      for (const key in input) {
        if (key !== 'date' && key !== 'timezone')
          throw new MongoFault(40535, `unrecognized option to ${name}: "${key}"`);
      }
      if (input.date === undefined) throw new MongoFault(40539, `missing 'date' argument to ${name}`);
      zone = input.timezone;
      input = input.date;
    }
    const date = compile(input, scope);
    const zoneName = zone === undefined ? undefined : compile(zone, scope);
    const known = new Map<string, Zone>();
    return (doc) => {
      const value = date(doc);
      if (isNullish(value)) return null;
      const time = timeOf(value, name);
      if (zoneName === undefined) return read(new Date(time));
      const where = zoneName(doc);
      return isNullish(where) ? null : read(new Date(time + zoneFrom(where, known).offset(time)));
    };
  };
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#date-expression-operators: the parts of a date. */
export const datePartOperators: Operators = {
  $dayOfMonth: part((local) => local.getUTCDate()),
  $dayOfWeek: part((local) => local.getUTCDay() + 1),
  $dayOfYear: part(dayOfYear),
  $hour: part((local) => local.getUTCHours()),
  $isoDayOfWeek: part(isoDay),
  $isoWeek: part((local) => isoWeek(local).week),
  $isoWeekYear: part((local) => isoWeek(local).year),
  $millisecond: part((local) => local.getUTCMilliseconds()),
  $minute: part((local) => local.getUTCMinutes()),
  $month: part((local) => local.getUTCMonth() + 1),
  $second: part((local) => local.getUTCSeconds()),
  $week: part(weekOfYear),
  $year: part((local) => local.getUTCFullYear()),
};
