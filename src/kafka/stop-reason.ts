import { DependencyError } from '../domain/dependency-error.ts';
import { OutageError } from './retry.ts';

/**
 * Why a consumer ended. Exit codes follow sysexits.h: 65 too many dead letters, 70 a dependency stayed away or nothing
 * moves, 78 a dependency refused (configuration), 1 anything else. Whatever is not committed is delivered again.
 */
export type StopReason =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly exitCode: 1 | 65 | 70 | 78; readonly error: Error };

/** More dead letters than the limit allows: the data or koe is wrong, and diverting more of it would hide that. */
export class DeadLetterLimitError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DeadLetterLimitError';
  }
}

/** The consumer lives but nothing moves. */
export class StalledError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StalledError';
  }
}

/** The reason for ending that an error amounts to. */
export function failure(error: unknown): Extract<StopReason, { kind: 'failed' }> {
  const known =
    error instanceof Error ? error : new Error('Something that is not an Error was thrown', { cause: error });
  return { kind: 'failed', exitCode: exitCodeOf(known), error: known };
}

function exitCodeOf(error: Error): 1 | 65 | 70 | 78 {
  if (error instanceof DeadLetterLimitError) return 65;
  if (error instanceof OutageError || error instanceof StalledError) return 70;
  if (error instanceof DependencyError) return error.nature === 'permanent' ? 78 : 70;
  return 1;
}
