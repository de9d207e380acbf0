import type { Filter } from 'mongodb';
import { type ChurnBand, churnBands } from '../domain/churn-change.ts';
import type { ChurnRisk } from '../insight/churn-model.ts';
import type { RevenueRisk } from '../insight/revenue-at-risk.ts';
import type { Database } from './database.ts';
import { type ChurnRiskDocument, recordKey } from './documents.ts';
import { withMongo } from './mongo-error.ts';

/** Which customers to list. */
export interface ChurnFilter {
  readonly tenant: string;
  /** This band and those above it. */
  readonly band?: ChurnBand | undefined;
  /** Only who paid at least so much a month. */
  readonly leastRevenue?: number | undefined;
  /** Customers at most. */
  readonly limit: number;
  /** Only who comes after this one. */
  readonly after?: RiskEnd | undefined;
}

/** The last customer of a page. */
export interface RiskEnd {
  readonly risk: number;
  readonly customer: string;
}

/** A customer's risk as last scored. */
export interface ScoredCustomer extends ChurnRisk {
  /** RFC 3339. */
  readonly scoredAt: string;
  /** Recurring revenue a month. */
  readonly mrr: number;
}

/** Customers by their risk of leaving, highest first, and how all of them fall. */
export interface ChurnReport {
  /** When the latest were scored, RFC 3339; absent while nobody is, then `koe churn score` helps. */
  readonly scoredAt?: string;
  readonly customers: number;
  readonly bands: readonly { readonly band: ChurnBand; readonly customers: number }[];
  readonly listed: readonly ScoredCustomer[];
  /** Where the list ends, if there may be more. */
  readonly end?: RiskEnd;
}

/** Lists customers by their risk of leaving, as last scored; of equal risks by name. */
export function queryChurnRisks(
  { churnRisks }: Pick<Database, 'churnRisks'>,
  filter: ChurnFilter,
): Promise<ChurnReport> {
  const { tenant, band, leastRevenue, limit, after } = filter;
  const wanted: Filter<ChurnRiskDocument> = {
    tenant,
    ...(band !== undefined && { band: { $in: churnBands.slice(churnBands.indexOf(band)) } }),
    ...(leastRevenue !== undefined && { mrr: { $gte: leastRevenue } }),
    ...(after !== undefined && {
      $or: [
        { risk: { $lt: after.risk } },
        { risk: after.risk, _id: { $gt: recordKey({ tenant, id: after.customer }) } },
      ],
    }),
  };
  return withMongo(async () => {
    const [found, groups] = await Promise.all([
      churnRisks.find(wanted).sort({ risk: -1, _id: 1 }).limit(limit).toArray(),
      churnRisks
        .aggregate<{ _id: ChurnBand; customers: number; scoredAt: Date }>([
          { $match: { tenant } },
          { $group: { _id: '$band', customers: { $sum: 1 }, scoredAt: { $max: '$scoredAt' } } },
        ])
        .toArray(),
    ]);
    const bands = churnBands.map((name) => ({
      band: name,
      customers: groups.find(({ _id }) => _id === name)?.customers ?? 0,
    }));
    const last = found.length === limit ? found.at(-1) : undefined;
    const latest = Math.max(...groups.map(({ scoredAt }) => scoredAt.getTime()));
    return {
      ...(groups.length > 0 && { scoredAt: new Date(latest).toISOString() }),
      customers: bands.reduce((sum, { customers }) => sum + customers, 0),
      bands,
      listed: found.map(toScored),
      ...(last !== undefined && { end: { risk: last.risk, customer: last.customer } }),
    };
  });
}

/**
 * Customers scored in a period, highest risk first, one by one.
 *
 * @throws DependencyError while iterating
 */
export async function* readScoredCustomers(
  { churnRisks }: Pick<Database, 'churnRisks'>,
  { tenant, since, until }: { readonly tenant: string; readonly since: Date; readonly until: Date },
): AsyncGenerator<ScoredCustomer> {
  const found = churnRisks.find({ tenant, scoredAt: { $gte: since, $lt: until } }).sort({ risk: -1 });
  for (;;) {
    const next = await withMongo(() => found.next());
    if (next === null) return;
    yield toScored(next);
  }
}

function toScored({ _id, tenant, hash, changes, scoredAt, ...risk }: ChurnRiskDocument): ScoredCustomer {
  return { ...risk, scoredAt: scoredAt.toISOString() };
}

/**
 * Revenue and risk of sampled customers, by hash.
 *
 * @returns undefined while no risks of the tenant are stored
 */
export async function readRevenueRisks(
  { churnRisks }: Pick<Database, 'churnRisks'>,
  tenant: string,
  hashes: readonly number[],
): Promise<Map<number, RevenueRisk> | undefined> {
  if ((await churnRisks.findOne({ tenant }, { projection: { _id: 1 } })) === null) return undefined;
  const found = await churnRisks
    .find({ tenant, hash: { $in: [...new Set(hashes)] }, mrr: { $gt: 0 } })
    .project<RevenueRisk & { hash: number }>({ _id: 0, hash: 1, mrr: 1, risk: 1, baseRisk: 1 })
    .toArray();
  return new Map(found.map(({ hash, ...score }) => [hash, score]));
}

/** What was last published of a customer. */
export type PublishedBand = Pick<ChurnRiskDocument, 'customer' | 'band' | 'changes'>;

/** The bands of customers as last published, by customer; who was never scored is missing. */
export function readPublishedBands(
  { churnRisks }: Pick<Database, 'churnRisks'>,
  tenant: string,
  customers: readonly string[],
): Promise<Map<string, PublishedBand>> {
  return withMongo(async () => {
    const found = await churnRisks
      .find({ _id: { $in: customers.map((id) => recordKey({ tenant, id })) } })
      .project<PublishedBand>({ customer: 1, band: 1, changes: 1 })
      .toArray();
    return new Map(found.map((one) => [one.customer, one]));
  });
}

/** Stores risks; those of a customer replace the earlier ones. */
export async function saveChurnRisks(
  { churnRisks }: Pick<Database, 'churnRisks'>,
  risks: readonly Omit<ChurnRiskDocument, '_id'>[],
): Promise<void> {
  if (risks.length === 0) return;
  const operations = risks.map((replacement) => {
    const _id = recordKey({ tenant: replacement.tenant, id: replacement.customer });
    return { replaceOne: { filter: { _id }, replacement, upsert: true } };
  });
  await withMongo(() => churnRisks.bulkWrite(operations, { ordered: false }));
}

/** Forgets customers who were not scored at this time or later: they left, or go by another pseudonym. */
export function forgetUnscored(
  { churnRisks }: Pick<Database, 'churnRisks'>,
  tenant: string,
  scoredAt: Date,
): Promise<number> {
  return withMongo(async () => (await churnRisks.deleteMany({ tenant, scoredAt: { $lt: scoredAt } })).deletedCount);
}
