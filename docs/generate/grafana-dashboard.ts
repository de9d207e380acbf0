/** A Prometheus query and the name of its lines; `{{label}}` stands for a label's value. */
interface Line {
  readonly query: string;
  readonly legend: string;
}

interface Panel {
  readonly title: string;
  readonly description: string;
  /** One of Grafana's units: short, s, bytes, ops (per second), percentunit. */
  readonly unit: string;
  readonly lines: readonly Line[];
}

/** `$job` and `$instance` are variables of the dashboard. */
const workers = 'job="$job", instance=~"$instance"';
const alertWorkers = 'job="koe-alert"';
const rate = (metric: string, matchers = workers) => `rate(${metric}{${matchers}}[$__rate_interval])`;
const quantile = (share: number, metric: string, by: string, matchers = workers) =>
  `histogram_quantile(${share}, sum by (${by}, le) (${rate(`${metric}_bucket`, matchers)}))`;

const rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[] = [
  {
    title: 'Is it working?',
    panels: [
      {
        title: 'Messages handled',
        description: 'By outcome: stored, dropped as unwanted, rejected.',
        unit: 'ops',
        lines: [{ query: `sum by (outcome) (${rate('koe_messages_handled_total')})`, legend: '{{outcome}}' }],
      },
      {
        title: 'Lag',
        description: 'Messages that wait in Kafka.',
        unit: 'short',
        lines: [{ query: `sum by (topic) (koe_consumer_lag_messages{${workers}})`, legend: '{{topic}}' }],
      },
      {
        title: 'Workers',
        description: 'Workers that answer, and workers that heart-beat in their consumer group.',
        unit: 'short',
        lines: [
          { query: `sum(up{${workers}})`, legend: 'up' },
          { query: `count(${rate('koe_consumer_heartbeats_total')} > 0)`, legend: 'in the group' },
        ],
      },
    ],
  },
  {
    title: 'How fast?',
    panels: [
      {
        title: 'Batch, from Kafka to commit',
        description: 'Slowest batches of all workers.',
        unit: 's',
        lines: [
          { query: quantile(0.5, 'koe_batch_handle_seconds', 'job'), legend: 'median' },
          { query: quantile(0.95, 'koe_batch_handle_seconds', 'job'), legend: '95 %' },
          { query: quantile(0.99, 'koe_batch_handle_seconds', 'job'), legend: '99 %' },
        ],
      },
      {
        title: 'Steps, 95 %',
        description: 'Time of a batch in each step: analyze wants more processes, store a faster MongoDB.',
        unit: 's',
        lines: [{ query: quantile(0.95, 'koe_step_run_seconds', 'step'), legend: '{{step}}' }],
      },
      {
        title: 'Time spent by step',
        description: 'Seconds a second: what the workers are busy with.',
        unit: 'short',
        lines: [{ query: `sum by (step) (${rate('koe_step_run_seconds_sum')})`, legend: '{{step}}' }],
      },
    ],
  },
  {
    title: 'What goes wrong?',
    panels: [
      {
        title: 'Dead letters',
        description: 'Rejected messages by code; docs/reference/reject-codes.md explains them.',
        unit: 'ops',
        lines: [{ query: `sum by (code) (${rate('koe_dead_letters_sent_total')})`, legend: '{{code}}' }],
      },
      {
        title: 'Retries',
        description: 'Batches tried again because a dependency failed.',
        unit: 'ops',
        lines: [{ query: `sum by (dependency) (${rate('koe_batches_retried_total')})`, legend: '{{dependency}}' }],
      },
      {
        title: 'Unrest in the group',
        description: 'Joins of the consumer group, and crashes of the Kafka client.',
        unit: 'short',
        lines: [
          { query: `sum(increase(koe_consumer_rebalances_total{${workers}}[$__rate_interval]))`, legend: 'joins' },
          { query: `sum(increase(koe_consumer_restarts_total{${workers}}[$__rate_interval]))`, legend: 'crashes' },
        ],
      },
    ],
  },
  {
    title: 'What comes in?',
    panels: [
      {
        title: 'Records',
        description: 'What storing changed. Repeated ones are duplicates: harmless.',
        unit: 'ops',
        lines: [{ query: `sum by (change) (${rate('koe_records_stored_total')})`, legend: '{{change}}' }],
      },
      {
        title: 'Dropped',
        description: 'Unwanted messages by reason.',
        unit: 'ops',
        lines: [{ query: `sum by (reason) (${rate('koe_messages_dropped_total')})`, legend: '{{reason}}' }],
      },
      {
        title: 'Unknown fields',
        description: 'Fields of raw feedback that koe does not know: a producer is ahead, or misspells.',
        unit: 'ops',
        lines: [{ query: `sum(${rate('koe_fields_ignored_total')})`, legend: 'fields' }],
      },
    ],
  },
  {
    title: 'Alert workers',
    panels: [
      {
        title: 'Evaluation of alerts',
        description:
          'How long the longest waiting tenant has been due, how long an evaluation takes (95 %), and failures.',
        unit: 'short',
        lines: [
          { query: `max(koe_alert_evaluation_delay_seconds{${alertWorkers}})`, legend: 'seconds due' },
          {
            query: quantile(0.95, 'koe_alert_evaluation_run_seconds', 'job', alertWorkers),
            legend: 'seconds a tenant',
          },
          {
            query: `sum(increase(koe_alert_evaluations_failed_total{${alertWorkers}}[5m]))`,
            legend: 'failures in 5 min',
          },
        ],
      },
      {
        title: 'Changes of alerts',
        description: 'What happens to alerts, an hour.',
        unit: 'short',
        lines: [
          {
            query: `sum by (event) (increase(koe_alert_changes_published_total{${alertWorkers}}[1h]))`,
            legend: '{{event}}',
          },
        ],
      },
      {
        title: 'Deliveries',
        description: 'Tries an hour by kind of channel and outcome, and messages that were tried and not taken yet.',
        unit: 'short',
        lines: [
          {
            query: `sum by (kind, outcome) (increase(koe_alert_deliveries_tried_total{${alertWorkers}}[1h]))`,
            legend: '{{kind}} {{outcome}}',
          },
          { query: `max(koe_alert_deliveries_pending{${alertWorkers}})`, legend: 'not taken yet' },
        ],
      },
    ],
  },
  {
    title: 'Behind it',
    panels: [
      {
        title: 'Roll-ups pending',
        description: 'Hours whose figures wait to be recomputed, and how long a round takes (95 %).',
        unit: 'short',
        lines: [
          { query: `max(koe_rollup_hours_pending{${workers}})`, legend: 'hours' },
          { query: quantile(0.95, 'koe_rollup_recompute_seconds', 'job'), legend: 'seconds a round' },
          {
            query: `sum(increase(koe_rollup_refreshes_failed_total{${workers}}[5m]))`,
            legend: 'failed rounds in 5 min',
          },
        ],
      },
      {
        title: 'Spans',
        description: 'Spans that were recorded and that the collector took, while tracing is on; the rest is lost.',
        unit: 'ops',
        lines: [
          { query: `sum(${rate('koe_spans_recorded_total')})`, legend: 'recorded' },
          { query: `sum(${rate('koe_spans_exported_total')})`, legend: 'exported' },
        ],
      },
      {
        title: 'Memory of the worker',
        description: 'Without its analysis processes, which take about 450 MB each.',
        unit: 'bytes',
        lines: [{ query: `koe_process_resident_memory_bytes{${workers}}`, legend: '{{instance}}' }],
      },
      {
        title: 'Processor and event loop of the worker',
        description: 'Seconds of processor time a second, and the delay of the event loop (99 %).',
        unit: 'short',
        lines: [
          { query: rate('koe_process_cpu_seconds_total'), legend: 'processor {{instance}}' },
          { query: `koe_nodejs_eventloop_lag_p99_seconds{${workers}}`, legend: 'event loop {{instance}}' },
        ],
      },
    ],
  },
];

const source = { type: 'prometheus', uid: '$datasource' };
const columns = 24;
const panelHeight = 8;

/** The Grafana dashboard of the workers as JSON, for import (schema version 39, Grafana 11 and newer). */
export function grafanaDashboard(): string {
  const panels = rows.flatMap((row, index) => {
    const y = index * (panelHeight + 1);
    const width = columns / row.panels.length;
    const id = index * 10 + 1;
    return [
      { id, type: 'row', title: row.title, collapsed: false, panels: [], gridPos: { x: 0, y, w: columns, h: 1 } },
      ...row.panels.map((panel, column) => ({
        id: id + column + 1,
        type: 'timeseries',
        title: panel.title,
        description: panel.description,
        datasource: source,
        gridPos: { x: column * width, y: y + 1, w: width, h: panelHeight },
        fieldConfig: { defaults: { unit: panel.unit, min: 0 }, overrides: [] },
        options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
        targets: panel.lines.map(({ query, legend }, line) => ({
          refId: String.fromCharCode('A'.charCodeAt(0) + line),
          datasource: source,
          expr: query,
          legendFormat: legend,
        })),
      })),
    ];
  });
  const dashboard = {
    uid: 'koe-enrich',
    title: 'koe: workers',
    tags: ['koe'],
    schemaVersion: 39,
    editable: true,
    time: { from: 'now-6h', to: 'now' },
    refresh: '30s',
    templating: { list: variables() },
    panels,
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

function variables() {
  const labelValues = (query: string) => ({
    type: 'query',
    datasource: source,
    query: { query, refId: 'variable' },
    refresh: 2,
    sort: 1,
  });
  return [
    { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
    { name: 'job', label: 'Job', ...labelValues('label_values(koe_consumer_heartbeats_total, job)') },
    {
      name: 'instance',
      label: 'Worker',
      ...labelValues('label_values(koe_consumer_heartbeats_total{job="$job"}, instance)'),
      multi: true,
      includeAll: true,
      current: { text: 'All', value: '$__all' },
    },
  ];
}
