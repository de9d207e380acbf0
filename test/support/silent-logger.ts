import { createLogger } from '../../src/telemetry/logger.ts';

/** A logger that writes nothing. */
export const silentLogger = createLogger({ level: 'silent', name: 'test' });
