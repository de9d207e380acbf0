import { z } from 'zod';
import { type AlertRule, alertRuleSchema } from '../domain/alert-rule.ts';
import { topicIds } from '../domain/labels.ts';
import { failedExamples } from './rule-checks.ts';

const ruleFileSchema = z.strictObject({
  rules: z.array(alertRuleSchema),
  routing: z.record(z.enum(topicIds), z.string().min(1)),
});

/** The rules that hold unless a tenant changes them, and who acts on which topic. */
export type RuleFile = z.infer<typeof ruleFileSchema>;

/** A rule that is not valid, or that does not do what its own examples say; the message says where. */
export class InvalidRule extends Error {
  override readonly name = 'InvalidRule';
}

/**
 * Reads one rule from parsed JSON and tries it on its examples.
 *
 * @throws InvalidRule naming each field or example that is wrong
 */
export function parseRule(json: unknown): AlertRule {
  return checkExamples(parse(alertRuleSchema, json));
}

/**
 * Reads a file of rules from parsed JSON.
 *
 * @throws InvalidRule as `parseRule` does
 */
export function parseRuleFile(json: unknown): RuleFile {
  const file = parse(ruleFileSchema, json);
  for (const rule of file.rules) checkExamples(rule);
  return file;
}

function parse<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the rule'}: ${message}`);
  throw new InvalidRule(faults.join('; '));
}

/**
 * Tries a rule on its examples and returns it.
 *
 * @throws InvalidRule naming the examples on which it does something else
 */
export function checkExamples(rule: AlertRule): AlertRule {
  const failed = failedExamples(rule);
  if (failed.length === 0) return rule;
  throw new InvalidRule(`${rule.id}: it does not do what its example ${failed.join(', ')} says`);
}
