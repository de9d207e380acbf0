import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * The Prometheus metrics of one process, in a registry of their own. Names are `koe_<noun>_<verb>_<unit>`; labels
 * never hold customers, tenants or texts.
 */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'koe_' });
  return {
    registry,
    messagesHandled: new Counter({
      name: 'koe_messages_handled_total',
      help: 'Messages with a verdict, by Kafka topic and outcome (ok, drop, dead-letter).',
      labelNames: ['topic', 'outcome'],
      registers,
    }),
    messagesDropped: new Counter({
      name: 'koe_messages_dropped_total',
      help: 'Unwanted messages, by reason.',
      labelNames: ['reason'],
      registers,
    }),
    deadLettersSent: new Counter({
      name: 'koe_dead_letters_sent_total',
      help: 'Dead letters acknowledged by the broker, by reject code.',
      labelNames: ['code'],
      registers,
    }),
    batchSeconds: new Histogram({
      name: 'koe_batch_handle_seconds',
      help: 'Time from taking a batch to its commit.',
      labelNames: ['topic'],
      buckets: secondsBuckets,
      registers,
    }),
    stepSeconds: new Histogram({
      name: 'koe_step_run_seconds',
      help: 'Time a batch spent in a step of the pipeline.',
      labelNames: ['step'],
      buckets: secondsBuckets,
      registers,
    }),
    retries: new Counter({
      name: 'koe_batches_retried_total',
      help: 'Tries of a batch again after a dependency failed, by dependency.',
      labelNames: ['dependency'],
      registers,
    }),
    rebalances: new Counter({
      name: 'koe_consumer_rebalances_total',
      help: 'Times the consumer joined its group anew.',
      registers,
    }),
    consumerRestarts: new Counter({
      name: 'koe_consumer_restarts_total',
      help: 'Times the Kafka client crashed and a new one took its place.',
      registers,
    }),
    heartbeats: new Counter({
      name: 'koe_consumer_heartbeats_total',
      help: "Heartbeats that the group's coordinator took.",
      registers,
    }),
    lag: new Gauge({
      name: 'koe_consumer_lag_messages',
      help: 'Messages in a partition that are not committed yet.',
      labelNames: ['topic', 'partition'],
      registers,
    }),
    recordsStored: new Counter({
      name: 'koe_records_stored_total',
      help: 'Records saved, by change: created, repeated (the same again), revised, superseded (a newer one is stored).',
      labelNames: ['change'],
      registers,
    }),
    unknownFields: new Counter({
      name: 'koe_fields_ignored_total',
      help: 'Unknown fields of raw feedback that were dropped.',
      registers,
    }),
    rollupsPending: new Gauge({
      name: 'koe_rollup_hours_pending',
      help: 'Hours whose roll-up waits to be recomputed.',
      registers,
    }),
    rollupFailures: new Counter({
      name: 'koe_rollup_refreshes_failed_total',
      help: 'Rounds of recomputing roll-ups that failed; pain points fall behind while they do.',
      registers,
    }),
    rollupSeconds: new Histogram({
      name: 'koe_rollup_recompute_seconds',
      help: 'Time to recompute a round of roll-ups.',
      buckets: secondsBuckets,
      registers,
    }),
    alertEvaluationSeconds: new Histogram({
      name: 'koe_alert_evaluation_run_seconds',
      help: "Time to evaluate a tenant's rules over what is new.",
      buckets: secondsBuckets,
      registers,
    }),
    alertEvaluationFailures: new Counter({
      name: 'koe_alert_evaluations_failed_total',
      help: 'Evaluations of a tenant that failed and are tried again; alerts are late meanwhile.',
      registers,
    }),
    alertEvaluationDelay: new Gauge({
      name: 'koe_alert_evaluation_delay_seconds',
      help: 'For how long the tenant that waits longest has been due; 0 while none waits.',
      registers,
    }),
    alertChangesPublished: new Counter({
      name: 'koe_alert_changes_published_total',
      help: 'Changes of alerts sent to the alert topic, by event (opened, resolved, ...).',
      labelNames: ['event'],
      registers,
    }),
    alertDeliveriesTried: new Counter({
      name: 'koe_alert_deliveries_tried_total',
      help: 'Tries to deliver a message, by kind of channel and outcome: sent, waiting (to be tried again), failed (given up).',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    alertDeliveriesPending: new Gauge({
      name: 'koe_alert_deliveries_pending',
      help: 'Messages in the outbox that were tried and have not been taken yet.',
      registers,
    }),
    spansRecorded: new Counter({
      name: 'koe_spans_recorded_total',
      help: 'Spans that ended and were recorded, while tracing is on.',
      registers,
    }),
    spansExported: new Counter({
      name: 'koe_spans_exported_total',
      help: 'Spans that the collector took; what is recorded and not exported within seconds is lost.',
      registers,
    }),
  };
}

/** The metrics of one process. */
export type Metrics = ReturnType<typeof createMetrics>;
