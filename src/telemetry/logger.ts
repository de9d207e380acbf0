import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Names of fields that never reach a log, wherever they stand in the first two levels. */
const secret = ['password', 'text', 'title', 'customerId', 'value', 'headers', 'uri', 'sasl', 'pseudonymKey'];

/**
 * A logger of JSON lines: times in RFC 3339, errors with their causes, secrets and customers' words left out.
 *
 * @param destination where lines go; standard error by default, so that standard output stays for results
 */
export function createLogger(
  options: { level: string; name: string },
  destination: DestinationStream = pino.destination(2),
): Logger {
  return pino(
    {
      level: options.level,
      name: options.name,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secret.flatMap((name) => [name, `*.${name}`]), remove: true },
    },
    destination,
  );
}
