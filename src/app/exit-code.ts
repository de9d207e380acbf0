import { ConfigurationError } from '../config/settings.ts';
import { failure } from '../kafka/stop-reason.ts';

/** Exit codes of koe's processes, after BSD's sysexits(3); `failure` of any other kind is 1. */
export const exitCodes = {
  success: 0,
  failure: 1,
  usage: 64,
  badData: 65,
  unavailable: 70,
  configuration: 78,
} as const;

/** What a command was asked for cannot be done as it was asked; the message says what can. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The exit code for what a process died of. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigurationError) return exitCodes.configuration;
  if (error instanceof UsageError) return exitCodes.usage;
  return failure(error).exitCode;
}
