import type { AlertEvent } from '../domain/alert.ts';
import type { AlertChannel } from '../domain/alert-channel.ts';
import type { ConsumerObserver } from '../kafka/observer.ts';
import type { PipelineObserver } from '../pipeline/pipeline.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { TracingObserver } from '../telemetry/tracing.ts';
import type { LagReporter } from './lag-reporter.ts';

/** Counts what a consumer reports. */
export function consumerMetrics(metrics: Metrics, lagReporter: LagReporter): ConsumerObserver {
  return {
    chunkHandled: ({ topic, partition, seconds, ok, dropped, deadLetters, lag }) => {
      metrics.batchSeconds.observe({ topic }, seconds);
      metrics.lag.set({ topic, partition: String(partition) }, lag);
      metrics.messagesHandled.inc({ topic, outcome: 'ok' }, ok);
      for (const [reason, count] of Object.entries(dropped)) {
        metrics.messagesHandled.inc({ topic, outcome: 'drop' }, count);
        metrics.messagesDropped.inc({ reason }, count);
      }
      for (const [code, count] of Object.entries(deadLetters)) {
        metrics.messagesHandled.inc({ topic, outcome: 'dead-letter' }, count);
        metrics.deadLettersSent.inc({ code }, count);
      }
    },
    retrying: ({ dependency }) => metrics.retries.inc({ dependency }),
    assigned: (assignment) => {
      lagReporter.assigned(assignment);
      metrics.rebalances.inc();
    },
    heartbeat: () => metrics.heartbeats.inc(),
    restarted: () => metrics.consumerRestarts.inc(),
  };
}

/** Counts what the pipeline reports. */
export function pipelineMetrics(metrics: Metrics): PipelineObserver {
  return {
    stepTook: (step, seconds) => metrics.stepSeconds.observe({ step }, seconds),
    fieldsIgnored: (count) => metrics.unknownFields.inc(count),
    saved: (result) => metrics.recordsStored.inc({ change: result }),
  };
}

/** What an alert worker tells of itself. */
export interface AlertObserver {
  published(event: AlertEvent): void;
  tried(kind: AlertChannel['kind'], outcome: 'sent' | 'waiting' | 'failed'): void;
}

/** Counts what an alert worker tells. Every kind and outcome begins at 0, so that the first fault is an increase. */
export function alertMetrics(metrics: Metrics, kinds: readonly AlertChannel['kind'][]): AlertObserver {
  for (const kind of kinds) {
    for (const outcome of ['sent', 'waiting', 'failed']) metrics.alertDeliveriesTried.inc({ kind, outcome }, 0);
  }
  return {
    published: (event) => metrics.alertChangesPublished.inc({ event }),
    tried: (kind, outcome) => metrics.alertDeliveriesTried.inc({ kind, outcome }),
  };
}

/** Counts the spans. */
export function tracingMetrics(metrics: Metrics): TracingObserver {
  return {
    spanRecorded: () => metrics.spansRecorded.inc(),
    spansExported: (count) => metrics.spansExported.inc(count),
  };
}
