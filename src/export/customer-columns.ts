import { contributionInWords, type WordLanguage } from '../insight/churn-words.ts';
import type { ScoredCustomer } from '../store/churn-risks.ts';
import type { CustomerSummary } from '../store/customer-list-query.ts';
import { type Column, number, text, time } from './table.ts';

/** Columns of customers. */
export const customerColumns: readonly Column<CustomerSummary>[] = [
  text('customer', '顧客', ({ customer }) => customer),
  time('firstAt', '期間内の最初の日時', ({ firstAt }) => firstAt),
  time('lastAt', '期間内の最後の日時', ({ lastAt }) => lastAt),
  number('feedback', '声の数', ({ feedback }) => feedback),
  number('negative', '否定的な声', ({ negative }) => negative),
  number('positive', '肯定的な声', ({ positive }) => positive),
  number('sentiment', '平均感情スコア', ({ sentiment }) => sentiment),
  number('recommendation', '直近の推奨度', ({ recommendation }) => recommendation),
  number('events', '行動の数', ({ events }) => events),
  number('amount', '購入額', ({ amount }) => amount),
  number('mrr', '月額収益', ({ mrr }) => mrr),
  time('leftAt', '解約日時', ({ leftAt }) => leftAt),
  number('risk', '30日以内の解約リスク', ({ risk }) => risk),
  number('quarterRisk', '90日以内の解約リスク', ({ quarterRisk }) => quarterRisk),
  text('band', 'リスク帯', ({ band }) => band),
];

const reasonsShown = 3;

/** Columns of churn risks, with the strongest reasons in words. */
export function churnColumns(
  language: WordLanguage,
  topicName: (topic: string) => string,
): readonly Column<ScoredCustomer>[] {
  return [
    text('customer', '顧客', ({ customer }) => customer),
    text('band', 'リスク帯', ({ band }) => band),
    number('risk', '30日以内の解約リスク', ({ risk }) => risk),
    number('quarterRisk', '90日以内の解約リスク', ({ quarterRisk }) => quarterRisk),
    number('mrr', '月額収益', ({ mrr }) => mrr),
    ...Array.from({ length: reasonsShown }, (_, at) =>
      text<ScoredCustomer>(`reason${at + 1}`, `理由${at + 1}`, ({ contributions }) => {
        const contribution = contributions[at];
        return contribution && contributionInWords(contribution, language, topicName);
      }),
    ),
    text('evidence', '根拠となる声', ({ contributions }) =>
      [...new Set(contributions.flatMap(({ evidence }) => evidence))].join('; '),
    ),
    text('model', 'モデル', ({ model }) => model),
    time('scoredAt', '算出日時', ({ scoredAt }) => scoredAt),
  ];
}
