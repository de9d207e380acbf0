import { ConfigurationError } from '../config/settings.ts';
import { failure } from '../kafka/stop-reason.ts';

/** Exit codes of koe's processes, after BSD's sysexits(3); `failure` of any other kind is 1. */
export const exitCodes = { success: 0, failure: 1, badData: 65, unavailable: 70, configuration: 78 } as const;

/** The exit code for what a process died of. */
export function exitCodeOf(error: unknown): number {
  return error instanceof ConfigurationError ? exitCodes.configuration : failure(error).exitCode;
}
