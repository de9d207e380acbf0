import { z } from 'zod';
import { identifier, tenantSchema, timeSchema } from './field.ts';

const common = {
  schemaVersion: z.int().min(1).optional().describe('Version of this schema; absent means 1.'),
  id: identifier('Identifier of the event within the tenant; the same id again replaces it.'),
  tenant: tenantSchema,
  customerId: identifier('Identifier of the customer within the tenant; stored as a pseudonym only.'),
  occurredAt: timeSchema.describe('When it happened: an RFC 3339 time with Z or an offset.'),
};
const money = z.number().min(0).max(1e12);
const mrr = money.describe("Recurring revenue a month, in the tenant's currency.");
const plan = z.string().min(1).max(256).optional();

const event = <Type extends string, Shape extends z.core.$ZodShape>(type: Type, shape: Shape) =>
  z.object({ ...common, type: z.literal(type), ...shape });

/** Something a customer did besides speaking: what loyalty and churn risk are computed from. */
export const customerEventSchema = z
  .discriminatedUnion('type', [
    event('signed-up', {}),
    event('purchased', {
      amount: money.describe("What was paid, in the tenant's currency."),
      items: z.int().min(0).max(1e6).optional().describe('How many pieces.'),
    }),
    event('contract-started', { mrr, plan }),
    event('renewed', { mrr, plan }),
    event('upgraded', { mrr: z.object({ before: mrr, after: mrr }), plan }),
    event('downgraded', { mrr: z.object({ before: mrr, after: mrr }), plan }),
    event('cancelled', { reason: z.string().max(1000).optional().describe('Masked before it is stored.') }),
    event('used', {
      count: z.int().min(0).max(1e9).describe('How often the service was used since the last such event.'),
    }),
  ])
  .meta({ id: 'koe.customer.event.v1', title: 'Customer event' });

/** A customer event after validation. */
export type CustomerEvent = z.infer<typeof customerEventSchema>;
export type CustomerEventType = CustomerEvent['type'];

/** Every type of customer event. */
export const customerEventTypes: readonly CustomerEventType[] = customerEventSchema.options.map(
  ({ shape }) => shape.type.value,
);

/** A customer event as it is stored: the customer is a pseudonym, the reason is masked. */
export interface StoredCustomerEvent {
  readonly id: string;
  readonly tenant: string;
  readonly customer: string;
  /** RFC 3339 in UTC. */
  readonly occurredAt: string;
  /** When Kafka took the message: RFC 3339 in UTC. */
  readonly receivedAt: string;
  readonly type: CustomerEventType;
  readonly amount?: number;
  readonly items?: number;
  /** Recurring revenue a month from then on. */
  readonly mrr?: number;
  readonly mrrBefore?: number;
  readonly plan?: string;
  readonly reason?: string;
  readonly count?: number;
}

/** Keeps customer events by tenant and id. Saving again changes nothing. Throws DependencyError. */
export interface CustomerEventStore {
  save(events: readonly StoredCustomerEvent[]): Promise<void>;
}
