/** The hold that a consumer has on the messages it handles. */
export interface Claim {
  /** Aborted when nobody waits for the outcome any more. */
  readonly signal: AbortSignal;
  /**
   * To be called right before what must not come after the work of a successor, such as publishing.
   *
   * @throws DependencyError (transient) when somebody else may be handling the messages by now
   */
  check(): void;
}
