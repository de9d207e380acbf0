import { createHash } from 'node:crypto';
import { z } from 'zod';
import { flagDeadlineSchema, severities } from '../domain/analysis.ts';
import { flagIds, ruleFlagIds } from '../domain/labels.ts';

const words = z.array(z.string().min(1).max(60)).max(500);
const severityOrNone = z.enum([...severities, 'none']);

const triageRuleSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be small letters, digits and hyphens'),
  flag: z.enum([...flagIds, ...ruleFlagIds]),
  reason: z.string().regex(/^[^;]{1,200}$/, 'must be at most 200 characters without a semicolon'),
  /** How grave it is as stated; absent for what has no severity. */
  severity: z.enum(severities).optional(),
  whenDenied: severityOrNone.optional(),
  whenSupposed: severityOrNone.optional(),
  words: words.min(1),
  near: words.optional(),
  unless: words.optional(),
  deadlines: z
    .array(flagDeadlineSchema.omit({ until: true }).extend({ law: z.string().min(1).max(300) }))
    .max(10)
    .optional(),
  examples: z
    .array(z.strictObject({ text: z.string().min(1), severity: z.enum([...severities, 'none', 'stated']) }))
    .min(1, 'must hold an example, which tests execute'),
});

const triagePolicySchema = z.strictObject({
  version: z.string().min(1).max(40),
  rules: z
    .array(triageRuleSchema)
    .max(200)
    .refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, { message: 'names a rule twice' }),
  /** Names of competitors by tenant; those of `*` are every tenant's. */
  competitors: z.record(z.string(), z.array(z.string().min(1).max(100)).max(1000)).default({}),
});

/** One rule of triage: which words raise which flag. */
export type TriageRule = z.infer<typeof triageRuleSchema>;

/** What a company wants to be told of; the version names the content too. */
export type TriagePolicy = z.infer<typeof triagePolicySchema>;

/**
 * Validates a policy that was read from YAML. Its version gets a hash of the content, so that an edit that forgot to
 * change the version shows in the records.
 *
 * @throws Error that names each field and what is wrong with it
 */
export function parseTriagePolicy(value: unknown): TriagePolicy {
  const parsed = triagePolicySchema.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'policy'}: ${message}`);
    throw new Error(problems.join('; '));
  }
  const digest = createHash('sha256').update(JSON.stringify(parsed.data)).digest('hex').slice(0, 8);
  return { ...parsed.data, version: `${parsed.data.version}-${digest}` };
}
