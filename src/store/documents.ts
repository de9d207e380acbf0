import { createHash } from 'node:crypto';
import type { StoredCustomerEvent } from '../domain/customer-event.ts';
import type { TenantDictionary } from '../domain/dictionary.ts';
import type { EnrichedRecord } from '../domain/record.ts';
import type { ChurnModel, ChurnRisk } from '../insight/churn-model.ts';
import { bandsOf, comparedWords } from '../insight/resemblance.ts';
import type { PackedCounts } from './packed-counts.ts';

/** An enriched record as MongoDB holds it: times are BSON dates. */
export interface RecordDocument extends Omit<EnrichedRecord, 'occurredAt' | 'receivedAt'> {
  /** `tenant/id`; a tenant holds no slash. */
  readonly _id: string;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  /** Hours in which an earlier revision of this record was counted; their roll-ups must forget it. */
  readonly earlierHours?: readonly Date[];
  /** Where near-duplicates of this text or of an earlier revision by the same customer are found. */
  readonly bands?: readonly string[];
  /** `occurredAt` of the record that `duplicateOf` names. */
  readonly duplicateAt?: Date;
  /** Names the decision that `duplicateOf` comes from. */
  readonly settled?: string;
}

/** All counts of one tenant in one hour, replaced as a whole so that no reader sees half of it. */
export interface RollupDocument extends PackedCounts {
  /** `tenant/hour`, the hour in RFC 3339. */
  readonly _id: string;
  readonly tenant: string;
  /** Start of the hour, UTC. */
  readonly hour: Date;
  /** How often records of this hour were announced as changed. */
  readonly marked: number;
  /** The value of `marked` that `rows` were computed for, at least. */
  readonly computed: number;
  /** Whether `marked` has moved on since. */
  readonly stale: boolean;
}

/** A customer event as MongoDB holds it: times are BSON dates. */
export interface CustomerEventDocument extends Omit<StoredCustomerEvent, 'id' | 'occurredAt' | 'receivedAt'> {
  /** `tenant/id`. */
  readonly _id: string;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
}

/** Key of a record: unique by construction because a tenant's name holds no slash. */
export function recordKey({ tenant, id }: { readonly tenant: string; readonly id: string }): string {
  return `${tenant}/${id}`;
}

/** A record in the form in which MongoDB holds it. */
export function toDocument(record: EnrichedRecord): RecordDocument {
  const { occurredAt, receivedAt, ...rest } = record;
  const bands = bandNames(record);
  return {
    _id: recordKey(record),
    ...rest,
    occurredAt: new Date(occurredAt),
    receivedAt: new Date(receivedAt),
    ...(bands.length > 0 && { bands }),
  };
}

/** Bands of the text, of this tenant and customer alone; none where the text is too short to be a copy. */
function bandNames({ tenant, customer, text }: EnrichedRecord): string[] {
  const words = comparedWords(text);
  if (words === undefined) return [];
  const named = (band: string) =>
    createHash('sha256')
      .update(`${tenant}/${customer ?? ''}/${band}`)
      .digest('base64url');
  // 72 bits: two of a billion names are the same with a probability of 0.0001, and then the texts are compared.
  return bandsOf(words).map((band) => named(band).slice(0, 12));
}

/** A record in the form in which it is published. */
export function fromDocument(document: RecordDocument): EnrichedRecord {
  const { _id, earlierHours, bands, duplicateAt, settled, occurredAt, receivedAt, ...rest } = document;
  return { ...rest, occurredAt: occurredAt.toISOString(), receivedAt: receivedAt.toISOString() };
}

/** The start of the hour that a time falls in, UTC. */
export function hourOf(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 3_600_000) * 3_600_000);
}

/** What an operator decided about a dead letter; one that nobody has decided about has no document. */
export interface DeadLetterDocument {
  /** `topic/partition/offset@timestamp`: with the time, so that a topic made anew does not inherit decisions. */
  readonly _id: string;
  /** While it is `redriving` nobody else may touch it, until the lease ends. */
  readonly status: 'redriving' | 'redriven' | 'dropped';
  /** `user@host`. */
  readonly by: string;
  /** When the status was set, by the server's clock. */
  readonly at: Date;
  /** Identifies the claim that the status comes from. */
  readonly claim: string;
  /** Until when the claim keeps others away; absent once the letter is settled. */
  readonly leaseUntil?: Date;
}

/** One version of a tenant's dictionary; never changed. */
export interface DictionaryDocument extends TenantDictionary {
  /** `tenant/version`. */
  readonly _id: string;
  /** `user@host`. */
  readonly by: string;
  /** By the server's clock. */
  readonly at: Date;
  /** The earlier version that this one repeats. */
  readonly from?: number;
}

/** Records that a rewrite has in hand: should it die between writing and announcing them, the next one finishes it. */
export interface RewriteDocument {
  /** Random. */
  readonly _id: string;
  /** Keys of records. */
  readonly records: readonly string[];
}

/** The churn risk of a customer as last scored, and the band that was last published. */
export interface ChurnRiskDocument extends Omit<ChurnRisk, 'customer'> {
  /** `tenant/customer`. */
  readonly _id: string;
  readonly tenant: string;
  readonly customer: string;
  /** Where samples of customers find it; see `customerHash`. */
  readonly hash: number;
  readonly scoredAt: Date;
  /** Recurring revenue a month. */
  readonly mrr: number;
  /** Changes of band that were published, 0 before the first. */
  readonly changes: number;
}

/** A churn model learnt from a tenant's cancellations. */
export interface ChurnModelDocument extends ChurnModel {
  /** `tenant/version`. */
  readonly _id: string;
  readonly tenant: string;
  /** From 1; the highest is used. */
  readonly version: number;
  readonly fittedAt: Date;
  /** What it was learnt from: nothing at or after this time. */
  readonly until: Date;
  readonly periods: number;
  readonly departures: number;
}
