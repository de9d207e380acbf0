import kafkajs, { type LogEntry } from 'kafkajs';
import type { Logger } from './logger.ts';

/** The fields of a kafkajs log line that help an operator; everything else (stacks, payloads) stays out of the log. */
const keptFields = ['broker', 'groupId', 'memberId', 'topic', 'partition', 'error', 'retryCount', 'retryTime'] as const;

/** Connections come and go; the engine reports an outage once, in its own words. */
const noisyNamespaces: ReadonlySet<string> = new Set(['Connection', 'BrokerPool', 'RequestQueue']);

/**
 * Sends the log lines of kafkajs to koe's logger, one level lower than kafkajs thinks: what it calls an error is
 * retried by it or by the engine, and only the engine knows when the operator has to act.
 */
export function kafkajsLogCreator(logger: Logger): () => (entry: LogEntry) => void {
  return () => (entry) => {
    const fields: Record<string, unknown> = { component: `kafkajs ${entry.namespace}`.trim() };
    for (const name of keptFields) {
      const value = entry.log[name];
      if (value === undefined || value === null) continue;
      fields[name] = value instanceof Error ? value.message : value;
    }
    if (entry.level === kafkajs.logLevel.ERROR && !noisyNamespaces.has(entry.namespace)) {
      logger.warn(fields, entry.log.message);
    } else if (entry.level === kafkajs.logLevel.WARN) {
      logger.info(fields, entry.log.message);
    } else {
      logger.debug(fields, entry.log.message);
    }
  };
}
