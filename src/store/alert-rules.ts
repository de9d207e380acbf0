import type { AlertRule } from '../domain/alert-rule.ts';
import type { AlertRuleDocument } from './alert-documents.ts';
import type { Database } from './database.ts';
import { withMongo } from './mongo-error.ts';

type Rules = Pick<Database, 'alertRules'>;

/** Changes of a rule that are kept. */
const mostChanges = 50;
const everybody = '*';

/** A rule that a tenant's feedback is held against, and where it comes from. */
export interface RuleInForce {
  readonly rule: AlertRule;
  /** koe itself, somebody's for all tenants, or the tenant's own. */
  readonly origin: 'koe' | 'everybody' | 'tenant';
  /** Who changed it in its place, the oldest first; none where it is koe's own. */
  readonly changes: NonNullable<AlertRuleDocument['changes']>;
}

/**
 * The rules of a tenant, switched off ones among them: those given, in whose place stored ones with the same id come, a
 * tenant's own before those for all.
 */
export function rulesInForce(
  { alertRules }: Rules,
  tenant: string,
  given: readonly AlertRule[],
): Promise<RuleInForce[]> {
  return withMongo(async () => {
    const stored = await alertRules.find({ tenant: { $in: [everybody, tenant] } }).toArray();
    const rules = new Map(given.map((rule): [string, RuleInForce] => [rule.id, { rule, origin: 'koe', changes: [] }]));
    for (const [scope, origin] of [
      [everybody, 'everybody'],
      [tenant, 'tenant'],
    ] as const) {
      for (const { rule, changes = [] } of stored.filter((one) => one.tenant === scope)) {
        if (rule !== undefined) rules.set(rule.id, { rule, origin, changes });
      }
    }
    return [...rules.values()].filter(({ rule }) => rule.tenant === undefined || rule.tenant === tenant);
  });
}

/** The rules of a tenant that are not switched off. */
export async function rulesOf(database: Rules, tenant: string, given: readonly AlertRule[]): Promise<AlertRule[]> {
  const rules = (await rulesInForce(database, tenant, given)).map(({ rule }) => rule);
  return rules.filter(({ enabled }) => enabled);
}

/** Who changes a rule, and when. */
export interface RuleChanger {
  readonly by: string;
  readonly at: Date;
}

/** Stores a rule that was checked, in place of the one with its id, for its tenant or for all. */
export function saveRule({ alertRules }: Rules, rule: AlertRule, { by, at }: RuleChanger): Promise<unknown> {
  const tenant = rule.tenant ?? everybody;
  return withMongo(() =>
    alertRules.updateOne(
      { _id: `${tenant}/${rule.id}` },
      {
        $set: { tenant, rule },
        $push: { changes: { $each: [{ at, by, event: 'set' as const, rule }], $slice: -mostChanges } },
      },
      { upsert: true },
    ),
  );
}

/**
 * Takes a rule of one's own away, so that the one in whose place it was holds again. Who did so stays written down.
 *
 * @param tenant undefined for a rule for all
 * @returns whether there was one
 */
export function removeRule(
  { alertRules }: Rules,
  { tenant, id }: { readonly tenant: string | undefined; readonly id: string },
  { by, at }: RuleChanger,
): Promise<boolean> {
  return withMongo(async () => {
    const { matchedCount } = await alertRules.updateOne(
      { _id: `${tenant ?? everybody}/${id}`, rule: { $exists: true } },
      {
        $unset: { rule: '' as const },
        $push: { changes: { $each: [{ at, by, event: 'removed' as const }], $slice: -mostChanges } },
      },
    );
    return matchedCount === 1;
  });
}

/** How many rules of its own a tenant has. */
export function countRules({ alertRules }: Rules, tenant: string): Promise<number> {
  return withMongo(() => alertRules.countDocuments({ tenant, rule: { $exists: true } }));
}
