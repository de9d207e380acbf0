import type { OutgoingMessage, ReceivedMessage } from '../domain/message.ts';
import type { Verdict } from '../domain/outcome.ts';
import type { Tracer } from '../domain/tracing.ts';
import type { ChunkLimits } from './chunks.ts';
import type { DeadLetterWindow } from './dead-letter-limit.ts';
import type { Logger } from './logger.ts';
import type { Membership } from './membership.ts';
import type { ConsumerObserver } from './observer.ts';
import type { Progress } from './progress.ts';
import type { Outage, RetryPolicy } from './retry.ts';

/**
 * Handles messages of one partition, in order, and returns one verdict for each. Throws DependencyError when something
 * it needs is away or refuses. Called for several partitions at a time. What it sends to Kafka is written only while the
 * group cannot have given the partition to another member; sending fails after that.
 *
 * @param signal aborted when nobody waits for the verdicts any more
 */
export type Handle = (messages: readonly ReceivedMessage[], signal: AbortSignal) => Promise<readonly Verdict[]>;

/** What the parts of a consumer share. */
export interface Engine {
  readonly groupId: string;
  readonly handle: Handle;
  readonly chunkLimits: ChunkLimits;
  readonly deadLetters: {
    readonly topic: string;
    readonly send: (letters: readonly OutgoingMessage[]) => Promise<void>;
    readonly window: DeadLetterWindow;
  };
  readonly retry: RetryPolicy;
  /** The outage that holds up a partition, by `topic/partition`. */
  readonly outageOf: (partition: string) => Outage;
  readonly membership: Membership;
  readonly progress: Progress;
  readonly observer: ConsumerObserver;
  readonly logger: Logger;
  readonly tracer: Tracer;
  readonly now: () => number;
  readonly random: () => number;
  /** Resolves after the time or when one of the signals is aborted, whichever is first. */
  readonly wait: (ms: number, ...until: readonly AbortSignal[]) => Promise<void>;
}
