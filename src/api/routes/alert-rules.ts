import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { checkExamples, InvalidRule } from '../../alerting/rule-file.ts';
import { findingSchema } from '../../domain/alert.ts';
import { type AlertRule, alertRuleSchema } from '../../domain/alert-rule.ts';
import { instantForms } from '../../domain/instant.ts';
import { channels, topicIds } from '../../domain/labels.ts';
import { countRules, type RuleInForce, removeRule, rulesInForce, saveRule } from '../../store/alert-rules.ts';
import type { ApiServices } from '../api-services.ts';
import { actorOf, tenantOf } from '../authentication.ts';
import { fieldProblem, ProblemError } from '../problem.ts';
import { periodParameters, readPeriod } from '../query-parameters.ts';
import { answers } from '../route-schema.ts';

/** Rules of its own that a tenant may have: each is evaluated over and over. */
const mostRules = 100;
/** Longest history that a dry run replays; milliseconds. */
const longestReplayMs = 31 * 86_400_000;
const time = z.iso.datetime();

const ruleReport = z
  .object({
    rule: alertRuleSchema,
    origin: z.enum(['koe', 'everybody', 'tenant']).describe("koe's own, one for all tenants, or the tenant's."),
    changes: z
      .array(z.object({ at: time, by: z.string(), event: z.enum(['set', 'removed']) }))
      .describe('Who changed it, the oldest first.'),
  })
  .meta({ id: 'AlertRuleInForce' });

const dryRunReport = z
  .object({
    rule: alertRuleSchema,
    since: time,
    until: time,
    wouldFire: z
      .array(
        z.object({
          subject: z.string(),
          topic: z.enum(topicIds).optional(),
          channel: z.enum(channels).optional(),
          from: time.describe('End of the first window that would have fired.'),
          until: time.describe('End of the last one.'),
          first: findingSchema,
          latest: findingSchema,
        }),
      )
      .describe('The alerts that there would have been, in the order in which they would have begun.'),
  })
  .meta({ id: 'AlertRuleDryRun' });

const params = z.object({ id: z.string().min(1).max(60).describe('Identifier of the rule.') });

/** The rules that a tenant's feedback is held against. */
export function alertRuleRoutes(api: FastifyInstance, { database, alerts, now }: ApiServices): void {
  const routes = api.withTypeProvider<ZodTypeProvider>();
  const replaying = new Set<string>();
  const inForce = async (tenant: string, id: string) => {
    const rule = (await rulesInForce(database, tenant, alerts.rules)).find((one) => one.rule.id === id);
    if (rule === undefined) throw new ProblemError(404, 'No rule has this id.');
    return rule;
  };

  routes.get('/v1/alert-rules', {
    config: { role: 'reader' },
    schema: {
      summary: 'The rules of alerts, switched off ones among them',
      tags: ['alerts'],
      querystring: z.strictObject({}),
      response: answers(z.object({ items: z.array(ruleReport) }).meta({ id: 'AlertRules' })),
    },
    handler: async (request) => ({
      items: (await rulesInForce(database, tenantOf(request), alerts.rules)).map(report),
    }),
  });

  routes.get('/v1/alert-rules/:id', {
    config: { role: 'reader' },
    schema: { summary: 'One rule', tags: ['alerts'], params, response: answers(ruleReport, 404) },
    handler: async (request) => report(await inForce(tenantOf(request), request.params.id)),
  });

  routes.put('/v1/alert-rules/:id', {
    config: { role: 'admin' },
    schema: {
      summary: 'Put a rule in force, or see what it would have alerted',
      description:
        "The rule is tried on its own examples first and then holds for the key's tenant, in place of the one with " +
        'its id. With `dryRun=true` nothing is changed: history is replayed, 31 days of it at most.',
      tags: ['alerts'],
      params,
      querystring: periodParameters.extend({
        since: z.string().max(40).optional().describe(`Start of a dry run: ${instantForms}; 30d when absent.`),
        dryRun: z.enum(['true', 'false']).default('false'),
      }),
      body: alertRuleSchema,
      response: answers(z.union([ruleReport, dryRunReport]), 409, 422),
    },
    handler: async (request) => {
      const tenant = tenantOf(request);
      const rule = checked(request.body, request.params.id, tenant);
      const { dryRun, since = '30d', ...period } = request.query;
      if (dryRun === 'true') return dryRunOf(rule, tenant, readPeriod({ since, ...period }, now()));
      const isNew = (await rulesInForce(database, tenant, [])).every((one) => one.rule.id !== rule.id);
      if (isNew && (await countRules(database, tenant)) >= mostRules) {
        throw new ProblemError(409, `A tenant may have ${mostRules} rules of its own; delete one first.`);
      }
      await saveRule(database, rule, { by: actorOf(request), at: new Date(now()) });
      return report(await inForce(tenant, rule.id));
    },
  });

  routes.delete('/v1/alert-rules/:id', {
    config: { role: 'admin' },
    schema: {
      summary: "Delete a rule of the tenant's own, so that the one in whose place it was holds again",
      tags: ['alerts'],
      params,
      response: answers(z.object({ deleted: z.literal(true) }).meta({ id: 'Deleted' }), 404),
    },
    handler: async (request) => {
      const [tenant, { id }] = [tenantOf(request), request.params];
      if (await removeRule(database, { tenant, id }, { by: actorOf(request), at: new Date(now()) })) {
        return { deleted: true as const };
      }
      throw new ProblemError(404, 'The tenant has no rule of its own with this id. Switch others off: enabled: false.');
    },
  });

  async function dryRunOf(rule: AlertRule, tenant: string, { since, until }: { since: Date; until: Date }) {
    if (until.getTime() - since.getTime() > longestReplayMs) throw fieldProblem('query.since', 'goes back too far');
    if (replaying.has(tenant)) throw new ProblemError(409, 'Another dry run is under way; wait until it has ended.');
    replaying.add(tenant);
    try {
      const detections = await alerts.replay(rule, { tenant, from: since.getTime(), through: until.getTime() });
      const wouldFire = detections
        .map(({ subject, topic, channel, runs, first, latest }) => ({
          subject,
          ...(topic !== undefined && { topic }),
          ...(channel !== undefined && { channel }),
          from: new Date(runs[0]?.from ?? 0).toISOString(),
          until: new Date(runs.at(-1)?.until ?? 0).toISOString(),
          first,
          latest,
        }))
        .sort((one, other) => (one.from < other.from ? -1 : Number(one.from > other.from)));
      return { rule, since: since.toISOString(), until: until.toISOString(), wouldFire };
    } finally {
      replaying.delete(tenant);
    }
  }
}

/** A rule that is the tenant's and does what its examples say. */
function checked(rule: AlertRule, id: string, tenant: string): AlertRule {
  if (rule.id !== id) throw fieldProblem('body.id', 'must be that of the address');
  if (rule.tenant !== undefined && rule.tenant !== tenant) throw fieldProblem('body.tenant', 'must be that of the key');
  try {
    return checkExamples({ ...rule, tenant });
  } catch (cause) {
    if (!(cause instanceof InvalidRule)) throw cause;
    const errors = [{ field: 'body.examples', detail: cause.message }];
    throw Object.assign(new ProblemError(422, `${cause.message}.`, errors), { cause });
  }
}

function report({ rule, origin, changes }: RuleInForce): z.infer<typeof ruleReport> {
  return { rule, origin, changes: changes.map(({ at, by, event }) => ({ at: at.toISOString(), by, event })) };
}
