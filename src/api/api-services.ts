import type { Detection } from '../alerting/reconcile.ts';
import type { AlertRule } from '../domain/alert-rule.ts';
import type { TopicId } from '../domain/labels.ts';
import type { RejectCode } from '../domain/reject-code.ts';
import type { ShownLetter } from '../domain/shown-letter.ts';
import type { UncoveredIssue } from '../insight/uncovered.ts';
import type { AlertFeed } from '../store/alert-feed.ts';
import type { Database } from '../store/database.ts';
import type { FeedbackFilter } from '../store/feedback-filter.ts';

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

/** Groups the feedback of a filter that no topic covers; undefined where there is no model. Throws DependencyError. */
type FindUncovered = (
  filter: FeedbackFilter,
) => Promise<{ readonly texts: number; readonly issues: readonly UncoveredIssue[] } | undefined>;

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

/** A topic of the taxonomy in words. */
export interface DescribedTopic {
  readonly id: TopicId;
  readonly names: { readonly ja: string; readonly en: string };
  /** What belongs to it. */
  readonly covers: string;
}

/** A place in the topic of dead letters. */
interface LetterPlace {
  readonly partition: number;
  readonly offset: bigint;
}

/** Which dead letters to list; times in milliseconds since 1970. */
interface TenantLetterFilter {
  readonly since: number;
  readonly until?: number;
  readonly code?: RejectCode | undefined;
  /** Also those that are redriven or dropped. */
  readonly all: boolean;
  readonly limit: number;
  /** Only what comes after it: oldest first within a partition. */
  readonly after?: LetterPlace;
}

/** What became of a dead letter that somebody wanted to settle. */
type SettledLetter =
  | { readonly kind: 'settled'; readonly letter: ShownLetter }
  /** No letter of this tenant is there. */
  | { readonly kind: 'unknown' }
  /** Somebody else has it in hand, or it is settled. */
  | { readonly kind: 'taken' }
  /** It cannot go back. */
  | { readonly kind: 'refused' };

/** The dead letters of a tenant; everything throws DependencyError. */
export interface TenantLetters {
  /** `end` is where more may follow. */
  list(
    tenant: string,
    filter: TenantLetterFilter,
  ): Promise<{ readonly letters: readonly ShownLetter[]; readonly end?: LetterPlace }>;
  find(tenant: string, place: LetterPlace): Promise<ShownLetter | undefined>;
  /** Of any number of callers at once, one settles it. */
  settle(
    tenant: string,
    place: LetterPlace,
    how: { readonly verb: 'redrive' | 'drop'; readonly by: string },
  ): Promise<SettledLetter>;
}

/** What the API works with. */
export interface ApiServices {
  readonly database: Database;
  readonly findUncovered: FindUncovered;
  readonly intake: Intake;
  readonly replies: Replies;
  readonly alerts: AlertServices;
  readonly deadLetters: TenantLetters;
  /** In the order in which topics are listed. */
  readonly taxonomy: readonly DescribedTopic[];
  /** What records call a customer, by the identifier that their producer gave. */
  readonly customerName: (tenant: string, customerId: string) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
