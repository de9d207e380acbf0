import { z } from 'zod';
import { instantForms, isTimeZone, parseInstant } from '../domain/instant.ts';
import { channels } from '../domain/labels.ts';
import { fieldProblem } from './problem.ts';

/** The name of an attribute. */
export const attributeName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'must be a letter, then at most 63 letters, digits, _ or -');

const attributeForm = /^([A-Za-z][A-Za-z0-9_-]{0,63})=(.{1,1000})$/;

/** Parameters that choose feedback by time, channel and attributes. */
export const filterParameters = z.object({
  since: z.string().max(40).default('7d').describe(`Start, included: ${instantForms}.`),
  until: z.string().max(40).optional().describe('End, excluded, likewise; now when absent.'),
  tz: z
    .string()
    .max(60)
    .refine(isTimeZone, 'is no time zone: give a name such as Asia/Tokyo')
    .default('Asia/Tokyo')
    .describe('Zone in which dates begin.'),
  channel: z.enum(channels).optional(),
  attribute: z
    .union([z.string(), z.array(z.string()).max(10)])
    .optional()
    .describe('`name=value`; may be repeated, and all must hold.'),
});

/** What the parameters mean. */
export interface RequestedFilter {
  readonly since: Date;
  readonly until: Date;
  readonly channel?: z.infer<typeof filterParameters>['channel'];
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * Reads the parameters.
 *
 * @param now milliseconds since 1970
 * @throws ProblemError naming the parameter at fault
 */
export function readFilter(given: z.infer<typeof filterParameters>, now: number): RequestedFilter {
  const instant = (name: 'since' | 'until', text: string) => {
    const time = parseInstant(text, { now, timeZone: given.tz });
    if (time === undefined) throw fieldProblem(`query.${name}`, `must be ${instantForms}`);
    return time;
  };
  const since = instant('since', given.since);
  const until = given.until === undefined ? new Date(now) : instant('until', given.until);
  if (since >= until) throw fieldProblem('query.since', 'must be before until');
  const attributes = readAttributes(given.attribute);
  return {
    since,
    until,
    ...(given.channel !== undefined && { channel: given.channel }),
    ...(attributes !== undefined && { attributes }),
  };
}

function readAttributes(given: string | readonly string[] | undefined): Record<string, string> | undefined {
  if (given === undefined) return undefined;
  const pairs = [given].flat().map((text) => {
    const [, name, value] = attributeForm.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      throw fieldProblem('query.attribute', 'must be name=value, where name is letters, digits, _ or -');
    }
    return [name, value] as const;
  });
  return Object.fromEntries(pairs);
}
