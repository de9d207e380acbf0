import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { grafanaDashboard } from '../../docs/generate/grafana-dashboard.ts';
import { rejectCodes } from '../../src/domain/reject-code.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}
interface PanelJson {
  readonly id: number;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const rulesFile = 'docs/operations/alerting-rules.yml';
const rulesTestFile = 'docs/operations/alerting-rules.test.yml';
const rules: readonly Rule[] = parse(readFileSync(rulesFile, 'utf8')).groups[0].rules;
const dashboard = JSON.parse(grafanaDashboard());
const panels: readonly PanelJson[] = dashboard.panels;
const queries = panels.flatMap(({ targets = [] }) => targets);

/** Labels that Prometheus gives every series it scrapes. */
const targetLabels = ['job', 'instance'];
/** Every series on /metrics by the name of its metric, with its labels; what Prometheus adds of itself is `up`. */
const series = new Map<string, readonly string[]>([['up', targetLabels]]);
const { registry } = createMetrics();
for (const { name, type } of await registry.getMetricsAsJSON()) {
  const { labelNames = [] } = registry.getSingleMetric(name) as { labelNames?: readonly string[] };
  const labels = [...targetLabels, ...labelNames];
  series.set(name, labels);
  if (String(type) !== 'histogram') continue;
  series.set(`${name}_bucket`, [...labels, 'le']);
  for (const suffix of ['sum', 'count']) series.set(`${name}_${suffix}`, labels);
}

/** What is wrong with the names in a PromQL expression: metrics and labels that do not exist, missing matchers. */
function problems(expr: string): string[] {
  const found: string[] = [];
  const used = [...expr.matchAll(/\b(koe_\w+|up)\b(?:\{([^}]*)\})?/g)];
  const available = used.flatMap(([, metric = '', matchers = '']) => {
    const labels = series.get(metric);
    if (labels === undefined) found.push(`no metric ${metric}`);
    const matched = [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g)];
    for (const [, label = '', value = ''] of matched) {
      if (!labels?.includes(label)) found.push(`no label ${label} on ${metric}`);
      for (const code of value.match(/KOE_\w+/g) ?? []) if (!(code in rejectCodes)) found.push(`no code ${code}`);
    }
    if (!matched.some(([, label]) => label === 'job')) found.push(`${metric} of any job`);
    return labels ?? [];
  });
  if (used.length === 0) found.push('no metric at all');
  for (const [, list = ''] of expr.matchAll(/\b(?:by|on|group_left)\s*\(([^)]*)\)/g)) {
    const grouped = list.split(',').map((label) => label.trim());
    found.push(...grouped.filter((label) => label !== '' && !available.includes(label)).map((label) => `by ${label}`));
  }
  return found;
}

/** Without Prometheus' own tool a test of another name says what was not checked: nothing is left out silently. */
function withPromtool(name: string, check: () => void): void {
  if (spawnSync('promtool', ['--version']).status === 0) test(name, check);
  else test(`promtool is not installed, NOT checked here: ${name}`, () => expect(check).toBeDefined());
}

describe('the checker of expressions', () => {
  test.each([
    ['rate(koe_messages_handle_total{job="x"}[5m])', 'no metric koe_messages_handle_total'],
    ['koe_records_stored_total{job="x", reason="y"}', 'no label reason on koe_records_stored_total'],
    ['koe_dead_letters_sent_total{job="x", code=~"KOE_NO_SUCH"}', 'no code KOE_NO_SUCH'],
    ['sum by (step) (koe_consumer_lag_messages{job="x"})', 'by step'],
    ['koe_consumer_lag_messages > 0', 'koe_consumer_lag_messages of any job'],
    ['vector(1)', 'no metric at all'],
  ])('%s: %s', (expr, problem) => {
    expect(problems(expr)).toContain(problem);
  });
});

describe(rulesFile, () => {
  test.each(rules.map((rule) => [rule.alert, rule] as const))('%s watches what exists', (_, rule) => {
    expect(problems(rule.expr)).toEqual([]);
    expect(['critical', 'warning']).toContain(rule.labels.severity);
    expect(rule.annotations).toEqual({ summary: expect.any(String), description: expect.any(String) });
  });

  test('every alert has a unit test that fires it, and a line in docs/operations.md', () => {
    const fired = [
      ...readFileSync(rulesTestFile, 'utf8').matchAll(/alertname: (\w+)\n\s+eval_time: \w+\n\s+exp_alerts:\n/g),
    ];
    const explained = [...readFileSync('docs/operations.md', 'utf8').matchAll(/^\| (Koe\w+) \|/gm)];
    const names = rules.map(({ alert }) => alert).sort();
    expect([...new Set(fired.map(([, name]) => name))].sort()).toEqual(names);
    expect(explained.map(([, name]) => name).sort()).toEqual(names);
  });

  withPromtool('its unit tests pass (promtool)', () => {
    execFileSync('promtool', ['test', 'rules', rulesTestFile], { stdio: 'pipe' });
  });
});

describe('docs/operations/grafana-dashboard.json', () => {
  test.each(queries.map(({ expr }) => expr))('%s', (expr) => {
    expect(problems(expr)).toEqual([]);
  });

  test('legends name labels that the query keeps', () => {
    for (const { expr, legendFormat } of queries) {
      for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
        expect(label === 'instance' || new RegExp(`by \\([^)]*\\b${label}\\b`).test(expr), `${label} in ${expr}`).toBe(
          true,
        );
      }
    }
  });

  test('shows every metric of koe', () => {
    const own = [...series.keys()].filter((name) => !/^koe_(process|nodejs)_|_(bucket|sum|count)$|^up$/.test(name));
    const all = queries.map(({ expr }) => expr).join('\n');
    expect(own.filter((name) => !all.includes(name))).toEqual([]);
  });

  test('panels have ids of their own and do not overlap', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24);
  });

  withPromtool('its queries are PromQL (promtool)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'koe-promql-'));
    try {
      const recorded = queries.map(({ expr }, index) => ({
        record: `koe:query_${index}`,
        expr: expr.replaceAll('$__rate_interval', '5m').replaceAll(/\$(job|instance)/g, '.*'),
      }));
      const file = join(folder, 'queries.yml');
      writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules: recorded }] }));
      execFileSync('promtool', ['check', 'rules', file], { stdio: 'pipe' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
