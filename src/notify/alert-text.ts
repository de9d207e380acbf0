import type { AlertChange } from '../domain/alert.ts';

/** An alert in words for a person. */
export interface AlertText {
  readonly subject: string;
  readonly lines: readonly string[];
}

type Language = 'ja' | 'en';

const happened: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  'alert.opened': { ja: '発生', en: 'opened' },
  'alert.reopened': { ja: '再発', en: 'opened again' },
  'alert.resolved': { ja: '解消', en: 'resolved' },
  'alert.withdrawn': { ja: '取り消し', en: 'withdrawn' },
  'alert.woken': { ja: '再通知', en: 'still open' },
};
const grave = {
  ja: { low: '低', medium: '中', high: '高', critical: '緊急' },
  en: { low: 'low', medium: 'medium', high: 'high', critical: 'critical' },
} as const;

/** Words of changes of one incident, the first one in the subject. At most 40 lines. */
export function alertText(changes: readonly AlertChange[], language: Language): AlertText {
  const [first] = changes;
  if (first === undefined) return { subject: '', lines: [] };
  const { tenant, severity, topic, channel, rule } = first.data;
  const about = [topic, channel].filter((part) => part !== undefined).join(' / ') || rule;
  const more = changes.length > 1 ? ` (+${changes.length - 1})` : '';
  const subject = `[koe ${grave[language][severity.level]}] ${tenant}: ${about} ${wordOf(first, language)}${more}`;
  return { subject, lines: changes.slice(0, 4).flatMap((change) => describe(change, language)) };
}

function wordOf({ type }: AlertChange, language: Language): string {
  return happened[type]?.[language] ?? type;
}

function describe(change: AlertChange, language: Language): string[] {
  const { id, rule, topic, channel, latest, evidence, owner } = change.data;
  const say = (ja: string, en: string) => (language === 'ja' ? ja : en);
  const { observed, total, expected, interval, q, window } = latest;
  const usual =
    expected === undefined
      ? ''
      : say(`、通常は${expected}`, `, usually ${expected}`) +
        (interval === undefined
          ? ''
          : say(`（95%区間 ${interval.join('〜')}）`, ` (95 % interval ${interval.join('–')})`));
  const { revenue } = evidence.customers;
  const paying = revenue === 0 ? '' : say(`（月額 ${revenue}）`, ` (paying ${revenue} a month)`);
  const segments = evidence.segments.map(({ term, count, before }) => `${term} ×${count} (${before})`).join(', ');
  const similar = evidence.similar.map((one) => `${one.from.slice(0, 10)} ${one.id} ${one.status}`).join(', ');
  const of = total === undefined ? '' : `/${total}`;
  const chance = q === undefined ? '' : ` q=${q.toPrecision(2)}`;
  return [
    `${wordOf(change, language)}: ${[rule, topic, channel].filter((part) => part !== undefined).join(' / ')} (${id})`,
    `${say('期間', 'window')}: ${window.from.slice(0, 16)}Z – ${window.until.slice(0, 16)}Z`,
    `${say('観測', 'observed')}: ${observed}${of}${usual}${chance}`,
    `${say('影響を受けた顧客', 'customers affected')}: ${evidence.customers.count}${paying}`,
    ...evidence.opinions.map(
      ({ term, count, before }) => `- ${term} ×${count} ${say('（前週', '(week before: ')}${before}${say('）', ')')}`,
    ),
    ...(evidence.segments.length === 0 ? [] : [`${say('目立つ属性', 'stands out')}: ${segments}`]),
    ...evidence.verbatims.slice(0, 3).map(({ sentence }) => `「${sentence}」`),
    ...(evidence.similar.length === 0 ? [] : [`${say('過去の類似', 'similar before')}: ${similar}`]),
    ...(owner === undefined ? [] : [`${say('担当', 'owner')}: ${owner}`]),
  ];
}
