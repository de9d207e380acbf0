import { correlationOf } from '../domain/correlation.ts';
import type { ReceivedMessage } from '../domain/message.ts';
import type { Verdict } from '../domain/outcome.ts';
import type { Rejection } from './dead-letter.ts';
import type { Logger } from './logger.ts';
import type { HandledChunk } from './observer.ts';

/** Writes one line for each message whose dead letter the broker has acknowledged. */
export function logDeadLetters(
  logger: Logger,
  about: object,
  rejected: readonly { readonly message: ReceivedMessage; readonly rejection: Rejection }[],
): void {
  for (const { message, rejection } of rejected) {
    const { code, step } = rejection;
    const fields = { ...about, offset: message.offset, code, step, ...correlationOf(message.headers) };
    logger.warn(fields, 'a message became a dead letter');
  }
}

/** Writes one line for a committed batch, and one for each of its messages where debug lines are written. */
export function logHandled(
  logger: Logger,
  about: object,
  handled: HandledChunk,
  messages: readonly ReceivedMessage[],
  verdicts: readonly Verdict[],
): void {
  logger.info({ ...about, ...handled }, 'handled a batch');
  if (logger.isLevelEnabled?.('debug') !== true) return;
  for (const [index, { offset, headers }] of messages.entries()) {
    const fields = { ...about, offset, outcome: verdicts[index]?.kind, ...correlationOf(headers) };
    logger.debug(fields, 'handled a message');
  }
}

/** How often each name occurs. */
export function tally<T extends string>(names: readonly T[]): Partial<Record<T, number>> {
  const counts: Partial<Record<T, number>> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
