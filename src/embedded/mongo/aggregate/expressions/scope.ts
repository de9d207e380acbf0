import type { Doc } from '../../bson/doc.ts';

/** Computes a value from a document; undefined stands for missing. */
export type Expression = (doc: Doc) => unknown;

/** Where a variable's value is while an expression that binds it is evaluated. */
export interface Slot {
  value: unknown;
}

/** The variables an expression can see, by name without `$$`. */
export type Scope = ReadonlyMap<string, Slot>;

/** A scope with `$$NOW` fixed, as a command sees it, and the variables of its `let`. */
export function rootScope(variables: Readonly<Record<string, unknown>> = {}, now = new Date()): Scope {
  const scope = new Map<string, Slot>([['NOW', { value: now }]]);
  for (const [name, value] of Object.entries(variables)) scope.set(name, { value });
  return scope;
}

/** A scope with one variable more. */
export function withVariable(scope: Scope, name: string, slot: Slot): Scope {
  return new Map(scope).set(name, slot);
}
