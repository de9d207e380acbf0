import type { RejectCode } from './reject-code.ts';

/** Why a message is unwanted: a deletion marker, somebody else's turn, or older than what is stored. */
export type DropReason = 'tombstone' | 'agent-turn' | 'superseded';

/** The one fate of a message. Anything thrown is about koe and its dependencies, never about the message. */
export type Outcome<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'drop'; readonly reason: DropReason }
  | { readonly kind: 'dead-letter'; readonly code: RejectCode; readonly detail: string; readonly step: string };

/** An outcome whose value is of no interest any more: what the consumer needs to know. */
export type Verdict = Outcome<undefined>;

/** The message was handled; carries what the step made of it. */
export function ok<T>(value: T): Outcome<T> {
  return { kind: 'ok', value };
}

/** The message is unwanted; it is counted under the reason. */
export function drop(reason: DropReason): Outcome<never> {
  return { kind: 'drop', reason };
}

/** The message is bad; it goes to the dead letters with the code, the detail and the step that refused it. */
export function deadLetter(code: RejectCode, detail: string, step: string): Outcome<never> {
  return { kind: 'dead-letter', code, detail, step };
}

/** Goes on with the value of an `ok`; every other fate stays as it is. */
export function andThen<A, B>(outcome: Outcome<A>, next: (value: A) => Outcome<B>): Outcome<B> {
  return outcome.kind === 'ok' ? next(outcome.value) : outcome;
}
