import type { Detection } from '../alerting/reconcile.ts';
import type { AlertRule } from '../domain/alert-rule.ts';
import type { AlertFeed } from '../store/alert-feed.ts';
import type { Database } from '../store/database.ts';

/** What became of one piece that was sent. */
export type Accepted =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string };

/** Takes what clients send into Kafka. */
export interface Intake {
  /**
   * Checks pieces as a worker would and puts the good ones into Kafka; resolves when they are acknowledged. One result
   * each in the same order. Throws DependencyError, after which sending again is safe.
   */
  feedback(tenant: string, pieces: readonly unknown[]): Promise<readonly Accepted[]>;
  /** The same for customer events. */
  events(tenant: string, pieces: readonly unknown[]): Promise<readonly Accepted[]>;
}

/** Answers to requests that came with an Idempotency-Key, for a day. */
export interface Replies {
  find(tenant: string, key: string): Promise<KeptReply | undefined>;
  keep(tenant: string, key: string, reply: KeptReply): Promise<void>;
}

/** An answer, and the digest of the request it is for. */
export interface KeptReply {
  readonly digest: string;
  readonly answer: unknown;
}

/** What the API knows of alerts beyond what is stored. */
export interface AlertServices {
  /** koe's own rules. */
  readonly rules: readonly AlertRule[];
  readonly feed: AlertFeed;
  /** What a rule would have alerted, times in milliseconds since 1970; throws DependencyError. */
  replay(
    rule: AlertRule,
    period: { readonly tenant: string; readonly from: number; readonly through: number },
  ): Promise<readonly Detection[]>;
}

/** What the API works with. */
export interface ApiServices {
  readonly database: Database;
  readonly intake: Intake;
  readonly replies: Replies;
  readonly alerts: AlertServices;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
