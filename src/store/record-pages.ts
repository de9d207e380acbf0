import type { Filter } from 'mongodb';
import type { Channel } from '../domain/labels.ts';
import type { Database } from './database.ts';
import type { RecordDocument } from './documents.ts';
import { withMongo } from './mongo-error.ts';

/** Which stored records are meant; what is absent is not asked for. */
export interface RecordFilter {
  readonly tenant?: string | undefined;
  readonly channel?: Channel | undefined;
  /** Said at this time or later. */
  readonly since?: Date | undefined;
  /** Said before this time. */
  readonly until?: Date | undefined;
  /** Not scored by this model. */
  readonly modelOtherThan?: string | undefined;
  /** Of customers whose name does not begin with this. */
  readonly customerOtherThan?: string | undefined;
}

/**
 * The next records of a filter in the order of their keys, as stored.
 *
 * @param after key of the last record that is done; from the first one when absent
 * @throws DependencyError
 */
export function readRecordPage(
  { records }: Database,
  filter: RecordFilter,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<RecordDocument[]> {
  const { tenant, channel, since, until, modelOtherThan, customerOtherThan } = filter;
  // Keys begin with the tenant and a slash, which `0` follows in ASCII.
  const conditions: Filter<RecordDocument>[] = [
    ...(tenant === undefined ? [] : [{ _id: { $gte: `${tenant}/`, $lt: `${tenant}0` } }]),
    ...(after === undefined ? [] : [{ _id: { $gt: after } }]),
    ...(channel === undefined ? [] : [{ channel }]),
    ...(since === undefined ? [] : [{ occurredAt: { $gte: since } }]),
    ...(until === undefined ? [] : [{ occurredAt: { $lt: until } }]),
    ...(modelOtherThan === undefined ? [] : [{ 'provenance.model': { $ne: modelOtherThan } }]),
    ...(customerOtherThan === undefined
      ? []
      : [{ $or: [{ customer: { $lt: customerOtherThan } }, { customer: { $gte: `${customerOtherThan}\uffff` } }] }]),
  ];
  return withMongo(() =>
    records
      .find(conditions.length === 0 ? {} : { $and: conditions })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray(),
  );
}
