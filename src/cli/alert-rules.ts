import { readFile } from 'node:fs/promises';
import Table from 'cli-table3';
import { InvalidRule, parseRule } from '../alerting/rule-file.ts';
import { rulePrecision } from '../alerting/tune.ts';
import { loadAlertRules } from '../app/alert-assets.ts';
import { replayRule } from '../app/alert-replay.ts';
import { exitCodes, UsageError } from '../app/exit-code.ts';
import type { AlertRule } from '../domain/alert-rule.ts';
import { queryAlerts } from '../store/alert-query.ts';
import { removeRule, rulesInForce, rulesOf, saveRule } from '../store/alert-rules.ts';
import type { Database } from '../store/database.ts';
import type { AlertOptions } from './alerts.ts';
import { writeTable } from './colour.ts';
import { operator } from './operator.ts';
import { parseTime } from './period.ts';
import { printable } from './printable.ts';
import { type Terminal, write } from './terminal.ts';
import { withDatabase } from './with-database.ts';

const mostAlerts = 10_000;

/** Prints the rules that hold for a tenant, switched off ones among them, as a table or as JSON lines. */
export function listRules({ tenant, json }: AlertOptions & { json: boolean }, terminal: Terminal): Promise<number> {
  return withDatabase(terminal, async (database) => {
    const rules = await rulesInForce(database, tenant, (await loadAlertRules()).rules);
    const table = new Table({
      head: ['rule', 'kind', 'holds', 'from', 'last changed by'],
      style: { head: [], border: [], compact: true },
    });
    for (const { rule, origin, changes } of rules) {
      table.push([rule.id, rule.kind, rule.enabled ? 'yes' : 'no', origin, printable(changes.at(-1)?.by ?? '-')]);
    }
    const lines = rules.map((one) => `${JSON.stringify(one)}\n`).join('');
    await (json ? write(terminal.output, lines) : writeTable(terminal, `${table.toString()}\n`));
    return exitCodes.success;
  });
}

/** Replays history and prints what a rule would have alerted: one that holds, by its id, or one in a file. */
export function testRule(
  given: string,
  options: AlertOptions & { since: string },
  terminal: Terminal,
): Promise<number> {
  const now = Date.now();
  const from = parseTime(options.since, now).getTime();
  return withDatabase(terminal, async (database, settings) => {
    const { tenant } = options;
    const rule = given.endsWith('.json') ? await readRule(given) : await ruleOf(database, tenant, given);
    const zoneOffsetMs = settings.KOE_ALERT_UTC_OFFSET_MINUTES * 60_000;
    const detections = await replayRule(database, rule, { tenant, from, through: now, zoneOffsetMs });
    const lines = detections.map(({ subject, first, runs }) => {
      const [since, until] = [runs[0]?.from ?? 0, runs.at(-1)?.until ?? 0].map((time) => new Date(time).toISOString());
      return printable(`${since} – ${until} ${subject}: ${first.observed}, usually ${first.expected ?? '-'}`);
    });
    await write(terminal.output, `${[...lines, `${lines.length} alerts`].join('\n')}\n`);
    return exitCodes.success;
  });
}

/** Prints how often each rule was right by the votes, and the threshold that would make it right often enough. */
export function tuneRules({ tenant }: AlertOptions, terminal: Terminal): Promise<number> {
  return withDatabase(terminal, async (database) => {
    const rules = new Map<string, { q?: number | undefined; useful: boolean }[]>();
    for (const { rule, first, history } of await queryAlerts(database, { tenant, limit: mostAlerts })) {
      const vote = history.findLast(({ useful }) => useful !== undefined)?.useful;
      if (vote !== undefined) rules.set(rule, [...(rules.get(rule) ?? []), { q: first.q, useful: vote }]);
    }
    const lines = [...rules].map(([rule, alerts]) => {
      const { votes, useful, interval, q } = rulePrecision(alerts);
      const [low, high] = interval.map((share) => Math.round(share * 100));
      return `${rule}: ${useful} of ${votes} useful (${low}-${high} %)${q === undefined ? '' : `; q ${q.toPrecision(2)} would keep four of five useful`}`;
    });
    await write(terminal.output, `${lines.join('\n') || 'Nobody has voted yet: koe alerts vote ID useful|false'}\n`);
    return exitCodes.success;
  });
}

/** Checks a rule on its examples and puts it in force, in place of the one with its id. */
export async function setRule(file: string, terminal: Terminal): Promise<number> {
  const rule = await readRule(file);
  return withDatabase(terminal, async (database) => {
    await saveRule(database, rule, { by: operator(), at: new Date() });
    const whose = rule.tenant ?? 'every tenant';
    await write(terminal.output, `${rule.id} ${rule.enabled ? 'holds' : 'is switched off'} for ${whose}\n`);
    return exitCodes.success;
  });
}

async function ruleOf(database: Database, tenant: string, id: string): Promise<AlertRule> {
  const rules = await rulesOf(database, tenant, (await loadAlertRules()).rules);
  const rule = rules.find((one) => one.id === id);
  if (rule !== undefined) return rule;
  throw new UsageError(`there is no rule ${id}; there are ${rules.map((one) => one.id).join(', ')}`);
}

async function readRule(file: string): Promise<AlertRule> {
  try {
    return parseRule(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof InvalidRule) throw new UsageError(cause.message, { cause });
    if (cause instanceof SyntaxError) throw new UsageError(`${file} is not JSON`, { cause });
    throw cause;
  }
}

/** Takes a stored rule away, a tenant's own or one for all, so that the one in whose place it was holds again. */
export function deleteRule(id: string, { tenant }: { tenant?: string }, terminal: Terminal): Promise<number> {
  return withDatabase(terminal, async (database) => {
    const whose = tenant ?? 'every tenant';
    if (!(await removeRule(database, { tenant, id }, { by: operator(), at: new Date() }))) {
      throw new UsageError(
        `no rule ${id} is stored for ${whose}; to switch one of koe's off, set it with enabled: false`,
      );
    }
    await write(terminal.output, `${id} is deleted for ${whose}\n`);
    return exitCodes.success;
  });
}
