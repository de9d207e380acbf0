import type { Handling } from '../alerting/life-cycle.ts';
import type { Detection } from '../alerting/reconcile.ts';
import type { Alert, AlertChange } from '../domain/alert.ts';
import type { AlertRule } from '../domain/alert-rule.ts';
import type { ChurnBand, ChurnChange } from '../domain/churn-change.ts';

/** An alert as MongoDB holds it: what was detected, how it is handled, and what makes it understood. */
export interface AlertDocument
  extends Omit<Detection, 'key' | 'runs'>,
    Handling,
    Pick<Alert, 'id' | 'tenant' | 'severity' | 'evidence' | 'owner' | 'incident'> {
  /** The alert's key. */
  readonly _id: string;
  /** Times in milliseconds since 1970. */
  readonly runs: Detection['runs'];
  /** End of the first window that fired, and of the last. */
  readonly beganAt: Date;
  readonly firedAt: Date;
  /** Counts up with each change, so that of two at once one has to look again. */
  readonly version: number;
  /** Changes announced so far: entries of the history below this number. */
  readonly announced: number;
  readonly unannounced: boolean;
}

/** How far a tenant's feedback is evaluated; times in milliseconds since 1970. */
export interface AlertProgressDocument {
  /** The tenant. */
  readonly _id: string;
  /** By partition, what was read of it. */
  readonly partitions: Readonly<Record<string, { readonly newest: number; readonly readAt: number }>>;
  /** Oldest feedback that came since the last claim; absent when none did. */
  readonly changed?: number;
  /** Oldest feedback that whoever holds the claim is evaluating. */
  readonly claimed?: number;
  /** Event time up to which everything was evaluated. */
  readonly through?: number;
  readonly dueAt: Date;
  readonly holder?: string;
  readonly leaseUntil?: Date;
  /** Not evaluated again before, so that late feedback cannot keep evaluation going all the time. */
  readonly restsUntil?: Date;
}

/** A change of a customer's band of churn risk, as the churn topic told it. */
export interface ChurnChangeDocument extends Pick<ChurnChange, 'tenant' | 'customer' | 'band' | 'mrr'> {
  /** Id of the change: the same when it comes again. */
  readonly _id: string;
  readonly previousBand?: ChurnBand;
  readonly scoredAt: Date;
}

/** A rule under its tenant, `*` for all. */
export interface AlertRuleDocument {
  /** `tenant/id`. */
  readonly _id: string;
  readonly tenant: string;
  /** Absent once it was taken away. */
  readonly rule?: AlertRule;
  /** Who changed it, the newest last. */
  readonly changes?: readonly {
    readonly at: Date;
    readonly by: string;
    readonly event: 'set' | 'removed';
    readonly rule?: AlertRule;
  }[];
}

/** A campaign or a time of maintenance. */
export interface AlertCalendarDocument {
  /** `tenant/name`. */
  readonly _id: string;
  readonly tenant: string;
  readonly kind: 'campaign' | 'maintenance';
  readonly from: Date;
  readonly until: Date;
  readonly topics?: readonly string[];
  readonly factor?: number;
  readonly note?: string;
  /** Who wrote it down. */
  readonly by?: string;
}

/** A message that is to reach a channel. */
export interface AlertDeliveryDocument {
  /** `change id/channel`: the `webhook-id`, the same in every try. */
  readonly _id: string;
  readonly tenant: string;
  readonly channel: string;
  readonly incident: string;
  /** What is told; several when changes of one incident were grouped. */
  readonly changes: readonly AlertChange[];
  readonly status: 'waiting' | 'sent' | 'failed';
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly attempts: number;
  /** Why the last try did not succeed. */
  readonly reason?: string;
  readonly sentAt?: Date;
  readonly holder?: string;
}
