import { MongoFault } from '../../errors.ts';
import { instantOf, type Zone, zoneOf } from './timezone.ts';

const iso =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/;

/** Reads a date of ISO 8601; without an offset of its own it is in the zone. Throws 241 ConversionFailure. */
export function parseDate(text: string, zone: Zone | undefined): Date {
  const match = iso.exec(text.trim());
  if (match === null) throw new MongoFault(241, `Error parsing date string '${text}'`);
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', offset] = match;
  const milliseconds = Math.floor(Number(`0.${fraction}`) * 1000);
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    milliseconds,
  );
  const date = new Date(local);
  const isReal =
    date.getUTCDate() === Number(day) &&
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCHours() === Number(hour);
  if (!isReal || Number(minute) > 59 || Number(second) > 59)
    throw new MongoFault(241, `Error parsing date string '${text}'`);
  if (offset !== undefined && zone !== undefined) {
    throw new MongoFault(
      241,
      `you cannot pass in a date/time string with time zone information ('${offset}') together with a timezone argument`,
    );
  }
  const applied = offset === undefined ? zone : zoneOf(offset, new Map());
  return applied === undefined ? date : new Date(instantOf(local, applied));
}
