import type { ChurnFeatureName } from './churn-features.ts';
import type { ChurnContribution } from './churn-model.ts';

/** Languages in which contributions are told. */
export const wordLanguages = ['ja', 'en'] as const;
export type WordLanguage = (typeof wordLanguages)[number];

type Words = (contribution: Pick<ChurnContribution, 'value' | 'evidence'>, topic: string) => string;

const percent = (share: number) => `${Math.round(Math.abs(share) * 100)}%`;
const months = (tenure: number) => Math.round(2 ** tenure - 1);
const days = (inactivity: number) => Math.round(inactivity * 30);

const words: Record<WordLanguage, Record<ChurnFeatureName, Words>> = {
  ja: {
    cancelIntent: ({ value }) => (value > 0 ? '30日以内に解約の意思を表明' : '解約の意思表明なし'),
    openComplaints: ({ value, evidence }, topic) =>
      value > 0 ? `未解決の${topic === '' ? '' : `${topic}の`}苦情が14日で${evidence.length}件` : '未解決の苦情なし',
    negativeShare: ({ value }) => `90日の否定的な声の割合 ${percent(value)}`,
    detractor: ({ value }) => `直近の推奨度 ${Math.round(7 - 7 * value)}`,
    downgraded: ({ value }) => (value > 0 ? '90日以内にプランを下げた' : 'プランの引き下げなし'),
    usageDrop: ({ value }) => `利用が${percent(value)}${value > 0 ? '減った' : '増えた'}`,
    inactivity: ({ value }) => `${days(value)}日間、利用なし`,
    tenure: ({ value }) => `利用開始から約${months(value)}か月`,
  },
  en: {
    cancelIntent: ({ value }) =>
      value > 0 ? 'said within 30 days that they want to leave' : 'no wish to leave stated',
    openComplaints: ({ value, evidence }, topic) =>
      value > 0
        ? `${evidence.length} open complaint${evidence.length === 1 ? '' : 's'}${topic === '' ? '' : ` about ${topic}`} in 14 days`
        : 'no open complaints',
    negativeShare: ({ value }) => `${percent(value)} of their feedback in 90 days is negative`,
    detractor: ({ value }) => `last recommendation ${Math.round(7 - 7 * value)}`,
    downgraded: ({ value }) => (value > 0 ? 'downgraded within 90 days' : 'no downgrade'),
    usageDrop: ({ value }) => `uses it ${percent(value)} ${value > 0 ? 'less' : 'more'}`,
    inactivity: ({ value }) => `did nothing for ${days(value)} days`,
    tenure: ({ value }) => `customer for about ${months(value)} months`,
  },
};

/**
 * A contribution in words, with the probability it adds: `未解決の請求の苦情が14日で2件 +0.21`.
 *
 * @param topicName name of the topic that the contribution is about, in the same language
 */
export function contributionInWords(
  contribution: ChurnContribution,
  language: WordLanguage,
  topicName: (topic: string) => string,
): string {
  const topic = contribution.topic === undefined ? '' : topicName(contribution.topic);
  const sign = contribution.added < 0 ? '−' : '+';
  return `${words[language][contribution.feature](contribution, topic)} ${sign}${Math.abs(contribution.added).toFixed(2)}`;
}
