import type { Span } from '../../domain/span.ts';
import type { PersonalDataKind } from './placeholders.ts';

/** Finds one kind of personal data. */
export interface PersonalDataDetector {
  /** Name under which records count it. */
  readonly kind: PersonalDataKind;
  /** Ranges in a normalised text; in linear time, every quantifier is bounded. */
  find(text: string): Span[];
}

/** Where a pattern (with the flag g) matches. */
export function spansOf(text: string, pattern: RegExp): Span[] {
  return Array.from(text.matchAll(pattern), (match) => ({ start: match.index, end: match.index + match[0].length }));
}

// What stands between the name of a number and the number: 会員番号は「1234」, 免許証の番号: 1234, パスポートNo. TK...
const link =
  / ?(?:の|[をが][\p{Script=Han}\p{Script=Hiragana}]{1,6}、)?(?:番号|No\.?|ナンバー|ID|コード)? ?(?:は|が|を|も|として|、|:|=|→|←|「|『|\()? ?(?:、|:|「|『|\()?[ \n]?/iuy;

/**
 * Values that directly follow a label.
 *
 * @param label with the flag g
 * @param value with the flag y
 */
export function valuesAfter(text: string, label: RegExp, value: RegExp): Span[] {
  const spans: Span[] = [];
  for (const { index, 0: words } of text.matchAll(label)) {
    const span = valueAt(text, index + words.length, value);
    if (span !== undefined) spans.push(span);
  }
  return spans;
}

/** The value (a pattern with the flag y) at an index, or behind what links it with the label that ends there. */
export function valueAt(text: string, index: number, value: RegExp): Span | undefined {
  link.lastIndex = index;
  const start = index + (link.exec(text)?.[0].length ?? 0);
  value.lastIndex = start;
  const found = value.exec(text);
  return found === null ? undefined : { start, end: start + found[0].length };
}

/** The text right before an index, at most `length` UTF-16 units of it. */
export function before(text: string, index: number, length = 20): string {
  return text.slice(Math.max(0, index - length), index);
}

/** The ASCII digits of a text. */
export function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

// A number that is called an order, a parcel or a product is none of the customer's own.
const reference =
  /(?:(?:注文|受注|予約|管理|商品|受付|問い?合わ?せ|お?問合せ|契約|整理|製造|製品|配送|荷物|会員|ポイント|口座|案件|チケット|ケース|プロモ|クーポン)(?:伝票|受付)?(?:No\.?|ナンバー|番号|コード|ID)|(?:追跡|伝票|送り状|シリアル|ロット|エラー|型番|品番|JAN|ISBN)(?:No\.?|ナンバー|番号|コード)?)[はがのを:.#) 「(]{0,3}$/i;

/** Whether the number at an index is called an order, a parcel, a product or the like. */
export function isReference(text: string, index: number): boolean {
  return reference.test(before(text, index));
}
