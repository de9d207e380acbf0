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
      serializers: { err: (error: unknown) => describeError(error) },
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secret.flatMap((name) => [name, `*.${name}`]), remove: true },
    },
    destination,
  );
}

const mostCauses = 5;

/**
 * An error as it is logged, with its causes. Only what is named here: clients attach whole requests to their errors,
 * which hold customers' words and credentials.
 */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const code = 'code' in error && ['string', 'number'].includes(typeof error.code) ? error.code : undefined;
  const reason = cause ?? (error instanceof AggregateError ? error.errors[0] : undefined);
  return {
    type: name,
    message,
    ...(code !== undefined && { code }),
    stack,
    ...(reason !== undefined && depth < mostCauses && { cause: describeError(reason, depth + 1) }),
  };
}
