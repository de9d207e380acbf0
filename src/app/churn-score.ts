import type { ChurnChange } from '../domain/churn-change.ts';
import type { OutgoingMessage } from '../domain/message.ts';
import { churnRisk } from '../insight/churn-model.ts';
import { customerHash } from '../insight/customer-sample.ts';
import { leftAt, recurringRevenue, type Timeline } from '../insight/timeline.ts';
import { readChurnModel, type VersionedChurnModel } from '../store/churn-models.ts';
import { forgetUnscored, type PublishedBand, readPublishedBands, saveChurnRisks } from '../store/churn-risks.ts';
import type { Database } from '../store/database.ts';
import { type ChurnRiskDocument, recordKey } from '../store/documents.ts';
import { readTimelines } from '../store/timelines.ts';

/** Whose customers to score, as of when, and where changes of band go. */
export interface ChurnScoreOptions {
  readonly tenant: string;
  readonly at: Date;
  /** Kafka topic of changes. */
  readonly topic: string;
  /** Resolves when all messages are acknowledged. */
  readonly send: (messages: readonly OutgoingMessage[]) => Promise<void>;
}

/** What was done. */
export interface ChurnScoreReport {
  readonly customers: number;
  /** Changes of band that were published. */
  readonly changes: number;
  /** Customers whose risk was forgotten, because they left or go by another pseudonym. */
  readonly forgotten: number;
  readonly model: 'rule' | number;
}

const customersAtOnce = 500;

/**
 * Scores every customer who has not left, and publishes those whose band is another than the one last published, or
 * who are above the lowest band at their first score. Changes are sent before they are stored: after a crash in between
 * the same change goes out again under the same id.
 *
 * @throws DependencyError; repeating it goes on where it ended
 */
export async function scoreChurn(database: Database, options: ChurnScoreOptions): Promise<ChurnScoreReport> {
  const { tenant, at } = options;
  const model = await readChurnModel(database, tenant);
  const sums = { customers: 0, changes: 0 };
  let page: Timeline[] = [];
  const finishPage = async () => {
    sums.customers += page.length;
    sums.changes += await scorePage(database, page, model, options);
    page = [];
  };
  for await (const timeline of readTimelines(database, { tenant })) {
    const known = until(timeline, at.getTime());
    if (known.events.length + known.feedback.length === 0 || leftAt(known) !== undefined) continue;
    page.push(known);
    if (page.length === customersAtOnce) await finishPage();
  }
  await finishPage();
  return { ...sums, forgotten: await forgetUnscored(database, tenant, at), model: model.version };
}

function until({ customer, events, feedback }: Timeline, time: number): Timeline {
  const before = (one: { readonly at: number }) => one.at < time;
  return { customer, events: events.filter(before), feedback: feedback.filter(before) };
}

async function scorePage(
  database: Database,
  page: readonly Timeline[],
  { model, version }: VersionedChurnModel,
  { tenant, at, topic, send }: ChurnScoreOptions,
): Promise<number> {
  if (page.length === 0) return 0;
  const customers = page.map(({ customer }) => customer);
  const published = await readPublishedBands(database, tenant, customers);
  const messages: OutgoingMessage[] = [];
  const risks = page.map((timeline): Omit<ChurnRiskDocument, '_id'> => {
    const risk = churnRisk(timeline, at.getTime(), model);
    const before = published.get(timeline.customer);
    const isNews = isChange(before, risk.band);
    const scored = {
      ...risk,
      tenant,
      hash: customerHash(timeline.customer),
      scoredAt: at,
      mrr: recurringRevenue(timeline),
      changes: (before?.changes ?? 0) + Number(isNews),
    };
    if (isNews) messages.push(messageOf(topic, scored, before, version));
    return scored;
  });
  await send(messages);
  await saveChurnRisks(database, risks);
  return messages.length;
}

function isChange(before: PublishedBand | undefined, band: ChurnRiskDocument['band']): boolean {
  return band !== (before?.band ?? 'low');
}

function messageOf(
  topic: string,
  scored: Omit<ChurnRiskDocument, '_id'>,
  before: PublishedBand | undefined,
  version: 'rule' | number,
): OutgoingMessage {
  const { tenant, customer, band, risk, quarterRisk, mrr, contributions, scoredAt, changes } = scored;
  const key = recordKey({ tenant, id: customer });
  const change: ChurnChange = {
    id: `${key}/${changes}`,
    tenant,
    customer,
    scoredAt: scoredAt.toISOString(),
    band,
    ...(before !== undefined && { previousBand: before.band }),
    risk,
    quarterRisk,
    mrr,
    model: version === 'rule' ? version : `fitted-${version}`,
    contributions: contributions.map(({ evidence, ...rest }) => ({ ...rest, evidence: [...evidence] })),
  };
  return { topic, key, value: JSON.stringify(change) };
}
