/** What is known of one partition's feedback of a tenant; times in milliseconds since 1970. */
export interface PartitionProgress {
  /** Newest `occurredAt` read. */
  readonly newest: number;
  /** When it was last read from, by the clock. */
  readonly readAt: number;
}

/** How long to wait for feedback that comes out of order; milliseconds. */
export interface Patience {
  /** How much older than the newest feedback may be without being late. */
  readonly latenessMs: number;
  /** Time without a message after which a partition no longer holds up the others. */
  readonly idleMs: number;
}

/**
 * The event time up to which feedback is taken to be complete: that of the slowest partition in use, less the
 * lateness allowed; once nothing has come for a while, the clock's. What comes later is late and re-evaluated.
 *
 * Source: T. Akidau et al., "The Dataflow Model", VLDB 8 (2015), 2.3.
 */
export function watermark(partitions: readonly PartitionProgress[], now: number, patience: Patience): number {
  const reading = partitions.filter(({ readAt }) => now - readAt < patience.idleMs);
  const slowest = reading.reduce((least, { newest }) => Math.min(least, newest), now);
  return slowest - patience.latenessMs;
}
