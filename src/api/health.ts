/** Whether a process is alive and whether it can do its work, with the reason in words. */
export interface Health {
  /** False when only a restart can help. */
  readonly live: boolean;
  /** False while a dependency is away or the start has not finished. */
  readonly ready: boolean;
  readonly detail: string;
}
