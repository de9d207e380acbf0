import type { AnyBulkWriteOperation, Collection, Filter } from 'mongodb';
import { customerHash } from '../insight/customer-sample.ts';
import type { AlertDeliveryDocument, AlertDocument, ChurnChangeDocument } from './alert-documents.ts';
import type { Database } from './database.ts';
import { type ChurnRiskDocument, type CustomerEventDocument, recordKey } from './documents.ts';
import { withMongo } from './mongo-error.ts';

/** The new name of a customer; `current` for one that has it already, `foreign` for one that nothing is known of. */
export type Renaming = (tenant: string, customer: string) => { readonly pseudonym: string } | 'current' | 'foreign';

/** Which documents to look at, and whether to write. */
export interface RenamingPage {
  readonly renew: Renaming;
  readonly apply: boolean;
  /** Key of the last document that is done; from the first one when absent. */
  readonly after: string | undefined;
  /** Documents at most. */
  readonly limit: number;
}

/** What a page of documents held; numbers of documents. */
export interface RenamedPage {
  readonly read: number;
  /** With an earlier name: renewed, or to be renewed. */
  readonly earlier: number;
  /** With a name that nothing is known of: left as they are. */
  readonly foreign: number;
  /** Changed by somebody else meanwhile. */
  readonly overtaken: number;
  /** Key of the last one. */
  readonly last: string | undefined;
}

/** Gives the customers of one kind of documents their new names, page by page. Throws DependencyError. */
export type CustomerRenaming = (database: Database, page: RenamingPage) => Promise<RenamedPage>;

/** Events of customers. */
const events: CustomerRenaming = ({ customerEvents }, page) =>
  renamePage(
    customerEvents,
    page,
    ({ tenant, customer }) => [[tenant, customer]],
    (old, renamed): AnyBulkWriteOperation<CustomerEventDocument>[] => [
      {
        updateOne: {
          filter: { _id: old._id, customer: old.customer },
          update: { $set: { customer: renamed(old.customer) } },
        },
      },
    ],
  );

/**
 * Risks of leaving. They go by the customer's name, so each moves: first it is there under both names, then under the
 * new one. Where the new name has a risk already, that one stays, with the changes that were published under either.
 */
const risks: CustomerRenaming = ({ churnRisks }, page) =>
  renamePage(
    churnRisks,
    page,
    ({ tenant, customer }) => [[tenant, customer]],
    (old, renamed): AnyBulkWriteOperation<ChurnRiskDocument>[] => {
      const { _id, changes, customer: _, hash: __, ...kept } = old;
      const customer = renamed(old.customer);
      return [
        {
          updateOne: {
            filter: { _id: recordKey({ tenant: old.tenant, id: customer }) },
            update: { $setOnInsert: { ...kept, customer, hash: customerHash(customer) }, $max: { changes } },
            upsert: true,
          },
        },
        { deleteOne: { filter: { _id } } },
      ];
    },
  );

/** Changes of band, under keys that begin with tenant and customer; they move as risks do. */
const changes: CustomerRenaming = ({ churnChanges }, page) =>
  renamePage(
    churnChanges,
    page,
    ({ tenant, customer }) => [[tenant, customer]],
    (old, renamed): AnyBulkWriteOperation<ChurnChangeDocument>[] => {
      const { _id, ...kept } = old;
      const customer = renamed(old.customer);
      const key = _id.replace(recordKey({ tenant: old.tenant, id: old.customer }), () =>
        recordKey({ tenant: old.tenant, id: customer }),
      );
      return [
        { updateOne: { filter: { _id: key }, update: { $setOnInsert: { ...kept, customer } }, upsert: true } },
        { deleteOne: { filter: { _id } } },
      ];
    },
  );

/** Alerts, which list customers who are affected. Their version goes up, so that whoever has one in hand looks again. */
const alerts: CustomerRenaming = ({ alerts: stored }, page) =>
  renamePage(
    stored,
    page,
    ({ tenant, evidence }) => evidence.customers.list.map((customer) => [tenant, customer]),
    (old, renamed): AnyBulkWriteOperation<AlertDocument>[] => [
      {
        updateOne: {
          filter: { _id: old._id, version: old.version },
          update: {
            $set: { 'evidence.customers.list': old.evidence.customers.list.map(renamed) },
            $inc: { version: 1 },
          },
        },
      },
    ],
  );

/** Messages about alerts, those that were sent too. */
const deliveries: CustomerRenaming = ({ alertDeliveries }, page) =>
  renamePage(
    alertDeliveries,
    page,
    ({ tenant, changes }) =>
      changes.flatMap(({ data }) => data.evidence.customers.list.map((customer) => [tenant, customer] as const)),
    (old, renamed): AnyBulkWriteOperation<AlertDeliveryDocument>[] => [
      {
        updateOne: {
          filter: { _id: old._id, status: old.status, attempts: old.attempts },
          update: {
            $set: Object.fromEntries(
              old.changes.map(({ data }, at) => [
                `changes.${at}.data.evidence.customers.list`,
                data.evidence.customers.list.map(renamed),
              ]),
            ),
          },
        },
      },
    ],
  );

/** Everything besides records that names customers. Roll-ups hold samples of names and are recomputed from records. */
export const customerRenamings = { events, risks, changes, alerts, deliveries } as const;
export type RenamedKind = keyof typeof customerRenamings;

function renamePage<Document extends { readonly _id: string }>(
  collection: Collection<Document>,
  { renew, apply, after, limit }: RenamingPage,
  customersOf: (document: Document) => readonly (readonly [tenant: string, customer: string])[],
  operationsOf: (document: Document, renamed: (customer: string) => string) => AnyBulkWriteOperation<Document>[],
): Promise<RenamedPage> {
  return withMongo(async () => {
    const filter = (after === undefined ? {} : { _id: { $gt: after } }) as Filter<Document>;
    const found = (await collection.find(filter).sort({ _id: 1 }).limit(limit).toArray()) as Document[];
    let [earlier, foreign, overtaken] = [0, 0, 0];
    for (const document of found) {
      const renewed = customersOf(document).map(([tenant, customer]) => [customer, renew(tenant, customer)] as const);
      if (renewed.some(([, name]) => name === 'foreign')) foreign++;
      const names = new Map(
        renewed.flatMap(([old, name]) => (typeof name === 'string' ? [] : [[old, name.pseudonym]])),
      );
      if (names.size === 0) continue;
      earlier++;
      if (!apply) continue;
      const operations = operationsOf(document, (customer) => names.get(customer) ?? customer);
      const { matchedCount, upsertedCount, deletedCount } = await collection.bulkWrite(operations);
      if (matchedCount + upsertedCount + deletedCount === 0) overtaken++;
    }
    return { read: found.length, earlier, foreign, overtaken, last: found.at(-1)?._id };
  });
}
