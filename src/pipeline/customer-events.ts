import {
  type CustomerEvent,
  type CustomerEventStore,
  customerEventSchema,
  type StoredCustomerEvent,
} from '../domain/customer-event.ts';
import type { ReceivedMessage } from '../domain/message.ts';
import { andThen, type Outcome, ok, type Verdict } from '../domain/outcome.ts';
import type { Masker } from '../text/personal-data/masker.ts';
import type { JsonObject } from './cloud-event.ts';
import type { DecodeOptions } from './decode.ts';
import { decodeObject } from './decode-object.ts';
import { guarded } from './enricher.ts';
import { guardTime } from './guard.ts';
import type { Pseudonymizer } from './pseudonym.ts';
import { readObject } from './read-object.ts';

/** What customer events are handled with. */
export interface CustomerEventOptions extends DecodeOptions {
  readonly masker: Masker;
  readonly pseudonymize: Pseudonymizer;
  readonly store: CustomerEventStore;
  readonly observer: { fieldsIgnored(count: number): void };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const longestReason = 1000;

const kind = {
  schema: customerEventSchema,
  newestVersion: 1,
  fieldsOf: ({ type }: CustomerEvent) => {
    const found = customerEventSchema.options.find(({ shape }) => shape.type.value === type);
    if (found === undefined) throw new Error(`no schema of ${type} events`);
    return found;
  },
};

/**
 * What happens to messages with customer events: decode > guard > mask > store. One verdict per message in the same
 * order. Throws DependencyError when the store cannot be reached; running the same messages again is then safe.
 */
export function createCustomerEventHandler(options: CustomerEventOptions) {
  return async (messages: readonly ReceivedMessage[]): Promise<readonly Verdict[]> => {
    const outcomes = messages.map((message) => guarded('decode', () => admit(message, options)));
    await options.store.save(outcomes.flatMap((outcome) => (outcome.kind === 'ok' ? [outcome.value] : [])));
    return outcomes.map((outcome) => andThen(outcome, () => ok(undefined)));
  };
}

/** A JSON object to a validated customer event. */
export function readCustomerEvent(object: JsonObject, options: Pick<DecodeOptions, 'strictFields'>) {
  return readObject(object, kind, options);
}

function admit(message: ReceivedMessage, options: CustomerEventOptions): Outcome<StoredCustomerEvent> {
  const read = andThen(decodeObject(message, options), (object) => readCustomerEvent(object, options));
  return andThen(read, ({ value: event, ignoredFields }) => {
    if (ignoredFields.length > 0) options.observer.fieldsIgnored(ignoredFields.length);
    return andThen(guardTime(event.occurredAt, options.now()), () => ok(toStored(event, message.timestamp, options)));
  });
}

function toStored(event: CustomerEvent, receivedAt: number, options: CustomerEventOptions): StoredCustomerEvent {
  const { id, tenant, type } = event;
  return {
    id,
    tenant,
    type,
    customer: options.pseudonymize(tenant, event.customerId),
    occurredAt: new Date(event.occurredAt).toISOString(),
    receivedAt: new Date(receivedAt).toISOString(),
    ...detailsOf(event, options.masker),
  };
}

function detailsOf(event: CustomerEvent, masker: Masker): Partial<StoredCustomerEvent> {
  switch (event.type) {
    case 'signed-up':
      return {};
    case 'purchased':
      return { amount: event.amount, ...(event.items !== undefined && { items: event.items }) };
    case 'contract-started':
    case 'renewed':
      return { mrr: event.mrr, ...planOf(event) };
    case 'upgraded':
    case 'downgraded':
      return { mrr: event.mrr.after, mrrBefore: event.mrr.before, ...planOf(event) };
    case 'cancelled':
      return event.reason === undefined
        ? {}
        : { reason: masker.mask(event.reason.toWellFormed()).text.slice(0, longestReason) };
    case 'used':
      return { count: event.count };
  }
}

function planOf({ plan }: { readonly plan?: string | undefined }): Pick<StoredCustomerEvent, 'plan'> {
  return plan === undefined ? {} : { plan };
}
