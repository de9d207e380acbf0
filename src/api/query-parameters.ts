import { z } from 'zod';
import { instantForms, isTimeZone, parseInstant } from '../domain/instant.ts';
import { channels } from '../domain/labels.ts';
import { fieldProblem } from './problem.ts';

/** The name of an attribute. */
export const attributeName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'must be a letter, then at most 63 letters, digits, _ or -');

const attributeForm = /^([A-Za-z][A-Za-z0-9_-]{0,63})=(.{1,1000})$/;

/** Checked when it is read: a union would not tell what is wrong with it. */
const attributePair = z.string().meta({ pattern: attributeForm.source });

/** A parameter of `name=value` pairs, which may be repeated. */
export const attributePairs = z.union([attributePair, z.array(attributePair).max(10)]);

/** Parameters that choose a period. A parameter of another name is refused: ignored, it would falsify the answer. */
export const periodParameters = z.strictObject({
  since: z.string().max(40).default('7d').describe(`Start, included: ${instantForms}.`),
  until: z.string().max(40).optional().describe('End, excluded, likewise; now when absent.'),
  tz: z
    .string()
    .max(60)
    .refine(isTimeZone, 'is no time zone: give a name such as Asia/Tokyo')
    .default('Asia/Tokyo')
    .describe('Zone in which dates begin.'),
});

/** Parameters that choose feedback by time, channel and attributes. */
export const filterParameters = periodParameters.extend({
  channel: z.enum(channels).optional(),
  attribute: attributePairs.optional().describe('`name=value`; may be repeated, and all must hold.'),
});

/** A period as it was asked for. */
export interface RequestedPeriod {
  readonly since: Date;
  readonly until: Date;
}

/** What the parameters mean. */
export interface RequestedFilter extends RequestedPeriod {
  readonly channel?: z.infer<typeof filterParameters>['channel'];
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * Reads the parameters of a period.
 *
 * @param now milliseconds since 1970
 * @throws ProblemError naming the parameter at fault
 */
export function readPeriod(given: z.infer<typeof periodParameters>, now: number): RequestedPeriod {
  const instant = (name: 'since' | 'until', text: string) => {
    const time = parseInstant(text, { now, timeZone: given.tz });
    if (time === undefined) throw fieldProblem(`query.${name}`, `must be ${instantForms}`);
    return time;
  };
  const since = instant('since', given.since);
  const until = given.until === undefined ? new Date(now) : instant('until', given.until);
  if (since >= until) throw fieldProblem('query.since', 'must be before until');
  return { since, until };
}

/**
 * Reads the parameters of a filter.
 *
 * @param now milliseconds since 1970
 * @throws ProblemError naming the parameter at fault
 */
export function readFilter(given: z.infer<typeof filterParameters>, now: number): RequestedFilter {
  const attributes = readAttributes('attribute', given.attribute);
  return {
    ...readPeriod(given, now),
    ...(given.channel !== undefined && { channel: given.channel }),
    ...(attributes !== undefined && { attributes }),
  };
}

/**
 * Reads a parameter of `name=value` pairs.
 *
 * @param parameter its name
 * @throws ProblemError naming it
 */
export function readAttributes(
  parameter: string,
  given: string | readonly string[] | undefined,
): Record<string, string> | undefined {
  if (given === undefined) return undefined;
  const attributes = new Map<string, string>();
  for (const text of [given].flat()) {
    const [, name, value] = attributeForm.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      throw fieldProblem(`query.${parameter}`, 'must be name=value, where name is letters, digits, _ or -');
    }
    if (attributes.has(name))
      throw fieldProblem(`query.${parameter}`, `${name} is given twice; one value can be asked for`);
    attributes.set(name, value);
  }
  return Object.fromEntries(attributes);
}
