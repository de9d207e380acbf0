import { compileExpression } from '../aggregate/expressions/compile.ts';
import type { Expression, Scope } from '../aggregate/expressions/scope.ts';
import { isTruthy } from '../aggregate/expressions/truth.ts';
import { Doc, isNumeric } from '../bson/doc.ts';
import { wholeNumber } from '../bson/numbers.ts';
import { MongoFault, unsupported } from '../errors.ts';
import { compileFilter } from './compile-filter.ts';
import { splitPath } from './paths.ts';

/** Makes one document of another, which it leaves as it is. */
export type Transform = (doc: Doc) => Doc;

/** What a projection does with a field: keep it, drop it, compute it, change its value, or look into it. */
type Rule =
  | { readonly kind: 'keep' | 'drop' }
  | { readonly kind: 'compute'; readonly expression: Expression }
  | { readonly kind: 'change'; readonly change: (value: unknown) => unknown }
  | { readonly kind: 'into'; readonly rules: Map<string, Rule> };

/**
 * Compiles a projection of `find` or a `$project` stage
 * (https://www.mongodb.com/docs/manual/reference/operator/aggregation/project/); `find` also knows its own `$slice` and
 * `$elemMatch`.
 */
export function compileProjection(spec: Doc, scope: Scope, isFind: boolean): Transform {
  const rules = new Map<string, Rule>();
  let inclusive: boolean | undefined;
  const decide = (path: string, include: boolean) => {
    if (inclusive === !include) {
      throw new MongoFault(
        include ? 31253 : 31254,
        `Cannot do ${include ? 'inclusion' : 'exclusion'} on field ${path} in ${include ? 'exclusion' : 'inclusion'} projection`,
      );
    }
    inclusive = include;
  };
  let idRule: Rule | undefined;
  const walk = (prefix: string, fields: Doc) => {
    for (const key of Object.keys(fields)) {
      const path = prefix === '' ? key : `${prefix}.${key}`;
      const value = fields[key];
      if (value instanceof Doc && !Object.keys(value)[0]?.startsWith('$')) {
        if (Object.keys(value).length === 0)
          throw new MongoFault(51270, 'An empty sub-projection is not a valid value.');
        walk(path, value);
        continue;
      }
      const rule = ruleOf(path, value, scope, isFind);
      if (path === '_id' && (rule.kind === 'keep' || rule.kind === 'drop')) idRule = rule;
      else {
        if (rule.kind !== 'change') decide(path, rule.kind !== 'drop');
        else if (isElemMatch(value)) decide(path, true);
        place(rules, splitPath(path), rule, path);
      }
    }
  };
  walk('', spec);
  if (inclusive === undefined) inclusive = idRule?.kind === 'keep' && rules.size === 0;
  if (inclusive ? idRule?.kind !== 'drop' && !rules.has('_id') : idRule?.kind === 'drop') {
    rules.set('_id', { kind: inclusive ? 'keep' : 'drop' });
  }
  return inclusive ? (doc) => include(doc, rules, doc) : (doc) => exclude(doc, rules);
}

function isElemMatch(value: unknown): boolean {
  return value instanceof Doc && '$elemMatch' in value;
}

function ruleOf(path: string, value: unknown, scope: Scope, isFind: boolean): Rule {
  if (path.split('.').includes('$')) throw unsupported('the positional projection operator $');
  if (typeof value === 'boolean' || isNumeric(value)) return { kind: isTruthy(value) ? 'keep' : 'drop' };
  if (isFind && value instanceof Doc) {
    if ('$slice' in value) return { kind: 'change', change: slice(value.$slice) };
    if ('$elemMatch' in value) return { kind: 'change', change: firstMatch(value.$elemMatch, scope) };
    if ('$meta' in value) throw unsupported('$meta');
  }
  return { kind: 'compute', expression: compileExpression(value, scope) };
}

function place(rules: Map<string, Rule>, parts: readonly string[], rule: Rule, path: string): void {
  const [first = '', ...rest] = parts;
  if (first === '') throw new MongoFault(15998, 'FieldPath field names may not be empty strings.');
  if (first.startsWith('$'))
    throw new MongoFault(16410, `FieldPath field names may not start with '$'. Got '${first}'.`);
  const known = rules.get(first);
  if (rest.length === 0 || (known !== undefined && known.kind !== 'into')) {
    if (known !== undefined) throw new MongoFault(31249, `Path collision at ${path}`);
    rules.set(first, rule);
    return;
  }
  const into: Rule = known ?? { kind: 'into', rules: new Map() };
  if (into.kind !== 'into') return;
  rules.set(first, into);
  place(into.rules, rest, rule, path);
}

function include(doc: Doc, rules: ReadonlyMap<string, Rule>, root: Doc): Doc {
  const result = new Doc();
  for (const key in doc) {
    const rule = rules.get(key);
    if (rule === undefined || rule.kind === 'compute') continue;
    const value = rule.kind === 'into' ? includeInto(doc[key], rule.rules, root) : applied(rule, doc[key]);
    if (value !== undefined) result[key] = value;
  }
  for (const [key, rule] of rules) {
    if (rule.kind === 'compute') assign(result, key, rule.expression(root));
    else if (rule.kind === 'into' && !(key in doc)) assign(result, key, computedOnly(rule.rules, root));
  }
  return result;
}

function applied(rule: Rule, value: unknown): unknown {
  return rule.kind === 'change' ? rule.change(value) : rule.kind === 'drop' ? undefined : value;
}

function assign(doc: Doc, key: string, value: unknown): void {
  if (value !== undefined) doc[key] = value;
}

function includeInto(value: unknown, rules: ReadonlyMap<string, Rule>, root: Doc): unknown {
  if (value instanceof Doc) return include(value, rules, root);
  if (Array.isArray(value)) {
    return value.map((item) => includeInto(item, rules, root)).filter((item) => item !== undefined);
  }
  return computedOnly(rules, root);
}

/** What the computed fields below a path make where the document has none. */
function computedOnly(rules: ReadonlyMap<string, Rule>, root: Doc): Doc | undefined {
  const hasComputed = (map: ReadonlyMap<string, Rule>): boolean =>
    [...map.values()].some((rule) => rule.kind === 'compute' || (rule.kind === 'into' && hasComputed(rule.rules)));
  return hasComputed(rules) ? include(new Doc(), rules, root) : undefined;
}

function exclude(doc: Doc, rules: ReadonlyMap<string, Rule>): Doc {
  const result = new Doc();
  for (const key in doc) {
    const rule = rules.get(key);
    if (rule === undefined) result[key] = doc[key];
    else assign(result, key, rule.kind === 'into' ? excludeInto(doc[key], rule.rules) : applied(rule, doc[key]));
  }
  return result;
}

function excludeInto(value: unknown, rules: ReadonlyMap<string, Rule>): unknown {
  if (value instanceof Doc) return exclude(value, rules);
  return Array.isArray(value) ? value.map((item) => excludeInto(item, rules)) : value;
}

/** `$slice` of `find`: the first n, the last -n, or n from a position. */
function slice(operand: unknown): (value: unknown) => unknown {
  const [a, b] = (Array.isArray(operand) ? operand : [operand]).map(wholeNumber);
  if (a === undefined || (Array.isArray(operand) && (operand.length !== 2 || b === undefined || b <= 0))) {
    throw new MongoFault(28667, 'Invalid $slice syntax: a number, or an array of a position and a positive number');
  }
  return (value) => {
    if (!Array.isArray(value)) return value;
    if (b === undefined) return a >= 0 ? value.slice(0, a) : value.slice(a);
    const start = a >= 0 ? a : Math.max(0, value.length + a);
    return value.slice(start, start + b);
  };
}

function firstMatch(operand: unknown, scope: Scope): (value: unknown) => unknown {
  if (!(operand instanceof Doc)) throw new MongoFault(31274, 'elemMatch: Invalid argument, object required');
  const holder = new Doc();
  const test = new Doc();
  const elem = new Doc();
  elem.$elemMatch = operand;
  test.list = elem;
  const matches = compileFilter(test, scope);
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    const found = value.find((item) => {
      holder.list = [item];
      return matches(holder);
    });
    return found === undefined ? undefined : [found];
  };
}
