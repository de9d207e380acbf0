import type { z } from 'zod';

/**
 * Says what is wrong with a value, field by field and without repeating the value: it may be a customer's.
 *
 * @returns the detail, and whether nothing but missing fields is wrong
 */
export function describeIssues(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
): { detail: string; missing: boolean } {
  const lines = issues.map((issue) => {
    const missing = issue.code !== 'custom' && at(value, issue.path) === undefined;
    const wrong = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
    return { missing, line: `${fieldName(issue.path) || 'value'}: ${missing ? 'required' : wrong}` };
  });
  return {
    detail: lines
      .slice(0, 10)
      .map(({ line }) => line)
      .join('; '),
    missing: lines.every(({ missing }) => missing),
  };
}

/** A path as it may be shown: producers choose names, so they may be endless or hold terminal commands. */
export function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((name) =>
      String(name)
        .slice(0, 64)
        .replaceAll(/\p{Cc}/gu, '?'),
    )
    .join('.');
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<PropertyKey, unknown>)[key];
  }
  return current;
}
