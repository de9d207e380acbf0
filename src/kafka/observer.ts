import type { DropReason } from '../domain/outcome.ts';
import type { RejectCode } from '../domain/reject-code.ts';

/** What became of one chunk of messages. */
export interface HandledChunk {
  readonly topic: string;
  readonly partition: number;
  readonly messages: number;
  /** From the call of the handler to the acknowledged commit. */
  readonly seconds: number;
  readonly ok: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  readonly deadLetters: Readonly<Partial<Record<RejectCode, number>>>;
  /** Messages of the partition that are still waiting, as of the last fetch. */
  readonly lag: number;
}

/** Called by a consumer for what should be counted; must not throw and must not wait. */
export interface ConsumerObserver {
  /** A chunk is handled and committed. */
  chunkHandled(chunk: HandledChunk): void;
  /** A dependency is away; the same chunk is tried again after the delay. */
  retrying(retry: { readonly dependency: string; readonly attempts: number; readonly delayMs: number }): void;
  /** The group gave this member these partitions, and no others. */
  assigned(partitions: readonly { readonly topic: string; readonly partitions: readonly number[] }[]): void;
  /** The coordinator took a heartbeat. */
  heartbeat(): void;
  /** The kafkajs consumer crashed and a new one takes its place. */
  restarted(): void;
}
