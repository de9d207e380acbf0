import type { Channel } from './labels.ts';

/** Who speaks in a conversation. */
export type Author = 'customer' | 'agent' | 'bot';

/**
 * What is kept of an agent's or a bot's turn: that it was, when, and whose; never what was said. Times are RFC 3339 in
 * UTC.
 */
export interface OtherTurn {
  readonly tenant: string;
  readonly id: string;
  readonly revision: number;
  readonly channel: Channel;
  readonly conversation: string;
  readonly turn?: number;
  readonly author: Exclude<Author, 'customer'>;
  readonly occurredAt: string;
  readonly receivedAt: string;
}

/** Keeps agents' and bots' turns by tenant and id. The newest wins: by revision, then occurredAt, then receivedAt. */
export interface TurnStore {
  /** Keeps turns; keeping them again changes nothing. Throws DependencyError. */
  keep(turns: readonly OtherTurn[]): Promise<void>;
}
