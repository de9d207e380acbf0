import { compareStrings } from '../../bson/compare.ts';
import { isNumeric, typeName } from '../../bson/doc.ts';
import { toNumber } from '../../bson/numbers.ts';
import { MongoFault } from '../../errors.ts';
import { compileBsonRegex, compileRegex, isRegex } from '../../query/regex.ts';
import { dateText } from './date-format.ts';
import { type Build, binary, call, isNullish, missing, named, type Operators, unary, variadic } from './operator.ts';

/** What `$toUpper` and its like make of a value: dates and numbers become text, null the empty string. */
function coerced(value: unknown, name: string): string {
  if (isNullish(value)) return '';
  if (typeof value === 'string') return value;
  if (isNumeric(value)) return String(toNumber(value));
  if (value instanceof Date) return dateText(value, undefined, undefined);
  throw new MongoFault(16007, `can't convert from BSON type ${typeName(value)} to String (${name})`);
}

function text(value: unknown, name: string, code: number): string {
  if (typeof value === 'string') return value;
  throw new MongoFault(code, `${name} requires a string argument, found: ${typeName(value)}`);
}

function whole(value: unknown, name: string, code: number): number {
  const number = isNumeric(value) ? toNumber(value) : Number.NaN;
  if (!Number.isInteger(number))
    throw new MongoFault(code, `${name} requires an integral argument, found: ${typeName(value)}`);
  return number;
}

const substring = call(3, 3, ([input = missing, from = missing, count = missing]) => (doc) => {
  const points = [...coerced(input(doc), '$substrCP')];
  const start = whole(from(doc), '$substrCP', 34450);
  const length = whole(count(doc), '$substrCP', 34452);
  if (start < 0) throw new MongoFault(34451, '$substrCP: the starting index must be non-negative integer.');
  if (length < 0) throw new MongoFault(34454, '$substrCP: length must be a nonnegative integer.');
  return points.slice(start, start + length).join('');
});

const split = binary((value, separator) => {
  if (isNullish(value) || isNullish(separator)) return null;
  const input = text(value, '$split', 40085);
  const by = text(separator, '$split', 40086);
  if (by === '') throw new MongoFault(40087, '$split requires a non-empty separator');
  return input.split(by);
});

/** The default of `$trim`: Unicode white space as the manual lists it, and the null character. */
const space = '\\0\\u0020\\t\\n\\v\\f\\r\\u00a0\\u1680\\u2000-\\u200a';

function trim(left: boolean, right: boolean): Build {
  return named(['input'], ['chars'], (args, scope, compile, name) => {
    const input = compile(args.input, scope);
    const chars = args.chars === undefined ? undefined : compile(args.chars, scope);
    return (doc) => {
      const value = input(doc);
      const set = chars?.(doc);
      if (isNullish(value) || (chars !== undefined && isNullish(set))) return null;
      const cut = chars === undefined ? undefined : new Set(text(set, name, 50700));
      const isCut = (char: string) => (cut === undefined ? new RegExp(`[${space}]`).test(char) : cut.has(char));
      const points = [...text(value, name, 50699)];
      let from = 0;
      let to = points.length;
      while (left && from < to && isCut(points[from] ?? '')) from++;
      while (right && to > from && isCut(points[to - 1] ?? '')) to--;
      return points.slice(from, to).join('');
    };
  });
}

function replace(all: boolean): Build {
  return named(['input', 'find', 'replacement'], [], (args, scope, compile, name) => {
    const [input, find, replacement] = [args.input, args.find, args.replacement].map((arg) => compile(arg, scope));
    return (doc) => {
      const values = [input?.(doc), find?.(doc), replacement?.(doc)];
      if (values.some(isNullish)) return null;
      const [source = '', what = '', by = ''] = values.map((value) => text(value, name, 51746));
      return all ? source.replaceAll(what, () => by) : source.replace(what, () => by);
    };
  });
}

const regexMatch = named(['input', 'regex'], ['options'], (args, scope, compile) => {
  const input = compile(args.input, scope);
  const pattern = compile(args.regex, scope);
  if (args.options !== undefined && typeof args.options !== 'string') {
    throw new MongoFault(51106, "$regexMatch needs 'options' to be of type string");
  }
  const options = args.options ?? '';
  return (doc) => {
    const value = input(doc);
    const regex = pattern(doc);
    if (isNullish(value) || isNullish(regex)) return false;
    const subject = text(value, "$regexMatch needs 'input' to be of type string; it", 51104);
    if (isRegex(regex))
      return (options === '' ? compileBsonRegex(regex) : compileRegex(regex.pattern, options)).test(subject);
    return compileRegex(
      text(regex, "$regexMatch needs 'regex' to be of type string or regex; it", 51105),
      options,
    ).test(subject);
  };
});

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#string-expression-operators */
export const stringOperators: Operators = {
  $concat: variadic((args, name) => (doc) => {
    let joined = '';
    for (const arg of args) {
      const value = arg(doc);
      if (isNullish(value)) return null;
      if (typeof value !== 'string')
        throw new MongoFault(16702, `${name} only supports strings, not ${typeName(value)}`);
      joined += value;
    }
    return joined;
  }),
  $indexOfCP: call(2, 4, ([input = missing, find = missing, from, to]) => (doc) => {
    const value = input(doc);
    if (isNullish(value)) return null;
    const points = [...text(value, '$indexOfCP', 40093)];
    const wanted = [...text(find(doc), '$indexOfCP', 40094)];
    const start = from === undefined ? 0 : whole(from(doc), '$indexOfCP', 40096);
    const end = Math.min(points.length, to === undefined ? points.length : whole(to(doc), '$indexOfCP', 40096));
    if (start < 0 || end < 0)
      throw new MongoFault(40097, '$indexOfCP requires a nonnegative starting and ending index');
    for (let at = start; at + wanted.length <= end; at++) {
      if (wanted.every((point, offset) => points[at + offset] === point)) return at;
    }
    return -1;
  }),
  $ltrim: trim(true, false),
  $regexMatch: regexMatch,
  $replaceAll: replace(true),
  $replaceOne: replace(false),
  $rtrim: trim(false, true),
  $split: split,
  $strcasecmp: binary((a, b, name) =>
    Math.sign(compareStrings(coerced(a, name).toUpperCase(), coerced(b, name).toUpperCase())),
  ),
  $strLenBytes: unary((value, name) => Buffer.byteLength(text(value, name, 34473))),
  $strLenCP: unary((value, name) => [...text(value, name, 34471)].length),
  $substrCP: substring,
  // The manual: case is changed for ASCII letters only.
  $toLower: unary((value, name) => coerced(value, name).replace(/[A-Z]/g, (char) => char.toLowerCase())),
  $toUpper: unary((value, name) => coerced(value, name).replace(/[a-z]/g, (char) => char.toUpperCase())),
  $trim: trim(true, true),
};
