/** A place where a test may make the broker fail. */
export type FaultPoint =
  | { readonly at: 'request'; readonly api: string; readonly version: number; readonly clientId: string }
  | { readonly at: 'append'; readonly topic: string; readonly partition: number; readonly bytes: number }
  | { readonly at: 'journal'; readonly bytes: number };

/** What goes wrong at a place; what does not fit the place does nothing. */
export interface Fault {
  /** Everything in the request is refused with this code of the protocol. */
  readonly errorCode?: number;
  /** The request is handled this much later, in ms. */
  readonly delayMs?: number;
  /** The connection is closed before the request is handled, or after: the work is done and the answer lost. */
  readonly closeConnection?: 'before' | 'after';
  /** The write of records or journal is refused, as by a full disk. */
  readonly refuseWrite?: true;
}

/** Decides for each place whether something goes wrong there; undefined lets it pass. */
export type FaultHook = (point: FaultPoint) => Fault | undefined;
