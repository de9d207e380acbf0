import type { Opinion } from '../../src/domain/analysis.ts';
import type { StoredCustomerEvent } from '../../src/domain/customer-event.ts';
import type { TopicId } from '../../src/domain/labels.ts';
import type { EnrichedRecord } from '../../src/domain/record.ts';
import { createCustomerEventStore } from '../../src/store/customer-events.ts';
import type { Database } from '../../src/store/database.ts';
import { createRecordStore } from '../../src/store/records.ts';
import { refreshRollups } from '../../src/store/rollups.ts';
import { enrichedRecord } from './records.ts';

/** Whose world it is. */
export const tenant = 'shop';

const dayMs = 86_400_000;
const sentences = {
  billing: [
    '請求の金額がおかしいです。',
    '二重に引き落とされていました。',
    '明細がいつ届くのか分かりません。',
    '請求書の宛名が毎月違います。',
  ],
  staff: ['店員さんがとても親切でした。', '丁寧に説明してくれて助かりました。'],
  usability: ['検索の画面が見にくいです。', 'ボタンの場所が毎回変わります。'],
} as const;
type Spoken = keyof typeof sentences;
const keys: Record<Spoken, string> = { billing: '請求:おかしい:-', staff: '店員:親切:+', usability: '画面:見にくい:-' };

function said(
  id: string,
  at: number,
  topic: Spoken & TopicId,
  given: Partial<EnrichedRecord> & { variant: number; asks?: boolean },
): EnrichedRecord {
  const { variant, asks = false, ...changes } = given;
  const text = sentences[topic][variant % sentences[topic].length] ?? '';
  const polarity = topic === 'staff' ? ('positive' as const) : ('negative' as const);
  const score = polarity === 'positive' ? 0.8 : -0.7;
  const part = (start: number, end: number) => ({ surface: text.slice(start, end), lemma: '', span: { start, end } });
  const opinion: Opinion = {
    target: part(0, 2),
    expression: part(3, text.length - 1),
    polarity,
    negated: false,
    intensity: 'normal',
    tense: 'present',
    modality: 'stated',
    by: 'lexicon',
    key: keys[topic],
  };
  const mention = { id: topic, polarity, confidence: 0.9, by: 'model' as const, spans: [{ start: 0, end: 2 }] };
  const sentiment = { label: polarity, score, confidence: 0.9 } as const;
  const intent = polarity === 'positive' ? 'praise' : asks ? 'request' : 'complaint';
  const intents = [{ id: intent, confidence: 0.8 } as const];
  const span = { start: 0, end: text.length };
  return enrichedRecord({
    id,
    tenant,
    occurredAt: new Date(at).toISOString(),
    text,
    sentiment,
    topics: [mention],
    intents,
    opinions: [opinion],
    sentences: [{ span, sentiment, topics: [mention], intents, flags: [] }],
    ...changes,
  });
}

const nps = (score: number) => ({ survey: { metric: 'nps' as const, score, min: 0, max: 10 } });

/**
 * A small company with facts to find, stored and counted. In the 28 days before the last 7, customers praise the staff
 * every day and criticise the screen; in the last 7 days billing goes wrong, which nobody mentioned before. Those who
 * complain of it answer 2, the others 10 or 8. Of 60 customers 25 leave, each some days after a complaint.
 *
 * @param now milliseconds since 1970
 */
export async function storeWorld(database: Database, now: number, name: (id: string) => string): Promise<void> {
  const records: EnrichedRecord[] = [];
  const events: StoredCustomerEvent[] = [];
  const event = (id: string, customer: string, at: number, given: Partial<StoredCustomerEvent>) => {
    const time = new Date(at).toISOString();
    events.push({ id, tenant, customer, occurredAt: time, receivedAt: time, type: 'used', ...given });
  };
  for (let day = 1; day <= 35; day++) {
    const at = now - day * dayMs + 3_600_000;
    for (let each = 0; each < 3; each++) {
      const customer = name(`c-${(day * 3 + each) % 35}`);
      const region = each === 0 ? '東京' : '大阪';
      const common = { customer, attributes: { region }, variant: day + each };
      const channel = each === 0 ? ('survey' as const) : ('review' as const);
      records.push(said(`staff-${day}-${each}`, at, 'staff', { ...common, channel, ...(each === 0 && nps(10)) }));
      records.push(
        said(`screen-${day}-${each}`, at, 'usability', { ...common, asks: each === 1, ...(each === 2 && nps(8)) }),
      );
      if (day <= 7) records.push(said(`bill-${day}-${each}`, at, 'billing', { ...common, channel: 'chat', ...nps(2) }));
    }
  }
  records.push(
    said('odd', now - 2 * dayMs, 'staff', { variant: 0, survey: { metric: 'nps', score: 5, min: 1, max: 5 } }),
  );
  for (let number = 0; number < 60; number++) {
    const customer = name(`c-${number}`);
    const start = now - (400 - (number % 30)) * dayMs;
    event(`start-${number}`, customer, start, { type: 'contract-started', mrr: 1000 + 100 * number });
    for (let at = start + 30 * dayMs; at < now; at += 60 * dayMs)
      event(`use-${number}-${at}`, customer, at, { count: 5 });
    if (number < 35) continue;
    const left = start + (100 + ((number * 11) % 220)) * dayMs;
    for (const [at, before] of [4, 9].entries()) {
      records.push(said(`gone-${number}-${at}`, left - before * dayMs, 'usability', { customer, variant: at }));
    }
    event(`left-${number}`, customer, left, { type: 'cancelled' });
  }
  await createRecordStore(database).save(records);
  await createCustomerEventStore(database).save(events);
  while ((await refreshRollups(database, 500)) > 0);
}
