import type { BSONRegExp } from 'bson';
import { isBson } from '../bson/doc.ts';
import { MongoFault, unsupported } from '../errors.ts';

/** Compiles a pattern with MongoDB's options i, m, s and u; option x and patterns JavaScript cannot read are refused. */
export function compileRegex(pattern: string, options: string): RegExp {
  for (const option of options) {
    if (option === 'x') throw unsupported('the regular expression option x');
    if (!'imsu'.includes(option)) throw new MongoFault(51108, `invalid flag in regex options: ${option}`);
  }
  const flags = [...new Set(options.replace('u', ''))].join('');
  try {
    return new RegExp(pattern, `${flags}u`);
  } catch {
    // PCRE allows needless escapes, which JavaScript allows without its u flag only.
  }
  try {
    return new RegExp(pattern, flags);
  } catch (error) {
    throw new MongoFault(51091, `Regular expression is invalid: ${(error as Error).message}`);
  }
}

/** Compiles a BSON regular expression value. */
export function compileBsonRegex(regex: BSONRegExp): RegExp {
  return compileRegex(regex.pattern, regex.options);
}

/** True for a regular expression value. */
export function isRegex(value: unknown): value is BSONRegExp {
  return isBson(value, 'BSONRegExp');
}
