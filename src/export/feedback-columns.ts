import type { EnrichedRecord } from '../domain/record.ts';
import { type Column, number, text, time } from './table.ts';

/** Attributes that most producers send have columns of their own; the others share one. */
const named = { product: '商品', store: '店舗', plan: 'プラン', region: '地域', journeyStep: '接点' } as const;

/**
 * Columns of enriched records. Labels are put together as `label:polarity`, several with `; ` between them.
 *
 * @param topicName name under which a topic is shown
 */
export function feedbackColumns(topicName: (topic: string) => string): readonly Column<EnrichedRecord>[] {
  return [
    text('id', 'ID', ({ id }) => id),
    time('occurredAt', '日時', ({ occurredAt }) => occurredAt),
    text('channel', 'チャネル', ({ channel }) => channel),
    text('customer', '顧客', ({ customer }) => customer),
    text('title', '件名', ({ title }) => title),
    text('text', '本文', (record) => record.text),
    text('status', '状態', ({ status }) => status),
    text('language', '言語', ({ language }) => language.code),
    text('sentiment', '感情', ({ sentiment }) => sentiment?.label),
    number('sentimentScore', '感情スコア', ({ sentiment }) => sentiment?.score),
    number('sentimentConfidence', '感情の確信度', ({ sentiment }) => sentiment?.confidence),
    text('topics', 'トピック', ({ topics }) =>
      listed(topics.map(({ id, polarity }) => `${topicName(id)}:${polarity}`)),
    ),
    text('intents', '意図', ({ intents }) => listed(intents.map(({ id }) => id))),
    text('emotion', '情緒', ({ emotion }) => emotion?.id),
    text('flags', '注意', ({ flags }) => listed(flags.map(({ id }) => id))),
    text('opinions', '意見', ({ opinions }) => listed(opinions.map(({ key }) => key))),
    number('rating', '評価', ({ rating }) => rating?.value),
    number('ratingMax', '評価の上限', ({ rating }) => rating?.max),
    text('surveyQuestion', '設問', ({ survey }) => survey?.question),
    text('surveyMetric', '調査指標', ({ survey }) => survey?.metric),
    number('surveyScore', '調査の回答', ({ survey }) => survey?.score),
    text('conversation', '会話', ({ conversation }) => conversation?.id),
    ...Object.entries(named).map(([name, heading]) =>
      text<EnrichedRecord>(name, heading, ({ attributes }) =>
        attributes?.[name] === undefined ? undefined : String(attributes[name]),
      ),
    ),
    text('attributes', 'その他の属性', ({ attributes = {} }) => {
      const others = Object.entries(attributes).filter(([name]) => !Object.hasOwn(named, name));
      return others.length === 0 ? undefined : JSON.stringify(Object.fromEntries(others));
    }),
    text('sourceSystem', '収集元', ({ source }) => source?.system),
    text('sourceUrl', 'URL', ({ source }) => source?.url),
    text('duplicateOf', '重複元', ({ duplicateOf }) => duplicateOf),
    number('revision', '改訂', ({ revision }) => revision),
    text('model', 'モデル', ({ provenance }) => provenance.model),
  ];
}

function listed(labels: readonly string[]): string | undefined {
  return labels.length === 0 ? undefined : [...new Set(labels)].join('; ');
}
