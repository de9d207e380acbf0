import type { ZoneClock } from '../domain/zone-clock.ts';
import type { SourceCell } from './source-row.ts';

/** Order of the parts of a date such as 5/1/2024. */
export const dateOrders = ['ymd', 'mdy', 'dmy'] as const;
export type DateOrder = (typeof dateOrders)[number];

/** How times are read. */
export interface TimeReading {
  /** Of the zone that times without an offset are of. */
  readonly clock: ZoneClock;
  readonly dateOrder: DateOrder;
}

/** First year of each era, less one. */
const eras: Readonly<Record<string, number>> = {
  明治: 1867,
  大正: 1911,
  昭和: 1925,
  平成: 1988,
  令和: 2018,
  m: 1867,
  t: 1911,
  s: 1925,
  h: 1988,
  r: 2018,
};

const day =
  /^(?:(明治|大正|昭和|平成|令和|[mtshr])\.?\s?)?(\d{1,4}|元)(?:年|[-/.])\s?(\d{1,2})(?:月|[-/.])\s?(\d{1,4})日?/;
const compact = /^(\d{4})(\d{2})(\d{2})(?:[t\s_-]?(\d{2})(\d{2})(\d{2})?)?$/;
const clockTime =
  /^(午前|午後|am|pm)?\s?(\d{1,2})(?::|時)(?:(\d{1,2})分?)?(?::?(\d{1,2})(?:\.(\d{1,9}))?秒?)?\s?(am|pm)?/;
const zone = /^(z|utc|gmt|jst|日本時間|[+-]\d{2}:?\d{2})$/;
const weekday = /\(?(?:[月火水木金土日](?:曜日?)?|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6})\)?/;
const afterDay = new RegExp(`^\\s?(?:\\(${weekday.source}\\)|[月火水木金土日]曜日?)?[\\s,t]{0,3}`);

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Days from 1970 back to the day that Excel numbers 0 (ECMA-376, part 1, 18.17.4.1; its year 1900 is a leap year). */
const serialEpoch = 25_569;
/** Serials of 1982 to 2064: other numbers are hardly dates. */
const serials = { from: 30_000, until: 60_200 };

/**
 * A time as Japanese files hold it: 2024/1/5 13:05, 2024年1月5日(金) 午後1時5分, 令和6年1月5日, R6.1.5, 20240105, RFC 3339,
 * a serial of Excel, seconds or milliseconds since 1970. A day alone begins at midnight.
 *
 * @returns undefined for what is none, days and hours that no calendar or clock has included
 */
export function readTime(cell: SourceCell, { clock, dateOrder }: TimeReading): Date | undefined {
  if (cell instanceof Date) return clock.instant(cell);
  if (typeof cell === 'number') return fromNumber(cell, clock);
  if (typeof cell !== 'string' || cell.length > 100) return undefined;
  const text = cell.normalize('NFKC').trim().toLowerCase().replaceAll(/\s+/g, ' ');
  if (/^\d{5}(?:\.\d{1,12})?$|^\d{10}$|^\d{13}$/.test(text)) return fromNumber(Number(text), clock);
  const digits = compact.exec(text);
  if (digits !== null) {
    const [, year, month, date, hour = '0', minute = '0', second = '0'] = digits;
    return at({ year, month, date }, { hour, minute, second }, 0, clock);
  }
  const found = day.exec(text);
  if (found === null) return undefined;
  const [whole, era, first = '', second = '', third = ''] = found;
  const parts = datePartsOf(era, first, second, third, dateOrder);
  if (parts === undefined) return undefined;
  const rest = text.slice(whole.length).replace(afterDay, '');
  const told = clockTime.exec(rest);
  if (told === null) return rest === '' ? at(parts, { hour: '0', minute: '0', second: '0' }, 0, clock) : undefined;
  const [toldText, before, hour = '', minute = '0', seconds = '0', fraction = '', after] = told;
  const offset = rest.slice(toldText.length).trim();
  if (offset !== '' && !zone.test(offset)) return undefined;
  const half = before ?? after;
  const twelve = half === undefined ? hour : halfDayHour(Number(hour), half === '午後' || half === 'pm');
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
  return at(
    parts,
    { hour: twelve, minute, second: seconds },
    milliseconds,
    offset === '' ? clock : offsetOf(offset, clock),
  );
}

type DateParts = { readonly [part in 'year' | 'month' | 'date']: string | undefined };
type TimeParts = { readonly [part in 'hour' | 'minute' | 'second']: string };

function datePartsOf(
  era: string | undefined,
  first: string,
  second: string,
  third: string,
  order: DateOrder,
): DateParts | undefined {
  if (era !== undefined) {
    const year = first === '元' ? 1 : Number(first);
    if (year < 1 || year > 99 || third.length > 2) return undefined;
    return { year: String((eras[era] ?? 0) + year), month: second, date: third };
  }
  if (first.length === 4) return third.length <= 2 ? { year: first, month: second, date: third } : undefined;
  if (third.length !== 4 || order === 'ymd') return undefined;
  return order === 'mdy' ? { year: third, month: first, date: second } : { year: third, month: second, date: first };
}

function halfDayHour(hour: number, isAfternoon: boolean): string {
  if (hour > 12) return String(hour);
  return String((hour % 12) + (isAfternoon ? 12 : 0));
}

function at(date: DateParts, time: TimeParts, milliseconds: number, clock: ZoneClock): Date | undefined {
  const [year, month, dayOfMonth] = [Number(date.year), Number(date.month), Number(date.date)];
  const [hour, minute, second] = [Number(time.hour), Number(time.minute), Number(time.second)];
  const midnight = new Date(Date.UTC(year, month - 1, dayOfMonth));
  const isReal = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === dayOfMonth && year >= 1868;
  // 24:00 is the end of a day (ISO 8601).
  const isTime = (hour < 24 || (hour === 24 && minute === 0 && second === 0)) && minute < 60 && second < 60;
  if (!isReal || !isTime) return undefined;
  return clock.instant(new Date(midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds));
}

function offsetOf(told: string, clock: ZoneClock): ZoneClock {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})$/.exec(told) ?? [];
  const japan = told === 'jst' || told === '日本時間' ? 9 * 60 : 0;
  const ahead = sign === undefined ? japan : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return { ...clock, instant: (shown) => new Date(shown.getTime() - ahead * minuteMs) };
}

function fromNumber(value: number, clock: ZoneClock): Date | undefined {
  if (value >= serials.from && value < serials.until) {
    // Fractions of days are rounded: 0.5458333 stands for 13:06:00, not 13:05:59.
    return clock.instant(new Date(Math.round(((value - serialEpoch) * dayMs) / 1000) * 1000));
  }
  const isWhole = Number.isInteger(value);
  if (isWhole && value >= 1e9 && value < 5e9) return new Date(value * 1000);
  if (isWhole && value >= 1e12 && value < 5e12) return new Date(value);
  if (isWhole && value >= 19_000_101 && value < 21_000_101) return readTime(String(value), { clock, dateOrder: 'ymd' });
  return undefined;
}
