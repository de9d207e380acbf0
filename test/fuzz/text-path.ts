import fc from 'fast-check';
import { type EnrichmentAssets, finishAnalysis, prepareText } from '../../src/analysis/enrichment.ts';
import type { Feedback } from '../../src/domain/feedback.ts';
import { mask } from '../../src/pipeline/mask.ts';
import type { Masker } from '../../src/text/personal-data/masker.ts';

/** What the text path works with. */
export interface TextPathAssets {
  readonly assets: EnrichmentAssets;
  readonly masker: Masker;
}

const pieces = fc.oneof(
  fc.constantFrom(
    ...[
      '配送が遅い',
      '美味しくなかった',
      '対応は早くはないが丁寧',
      '解約したい',
      '使いにくい画面',
      'ホット ケーキ',
      '特になし',
    ],
    ...[
      'スマホ',
      'ロイヤリティ',
      'LINE',
      'No.1',
      '4.5',
      '090-1234-5678',
      'taro@example.com',
      'https://example.com/?a=1',
    ],
    ...[
      '。',
      '！？',
      '…',
      '「',
      '」',
      '（',
      ')',
      '【',
      '\n',
      '\r\n',
      '　',
      ' ',
      '、',
      '・',
      'ー',
      '〜',
      '~',
      '-',
      '―',
      'w',
      '笑',
    ],
    ...['👍🏻', '👨‍👩‍👧', '🇯🇵', '1️⃣', '(^_^;)', '㍿', 'ｶﾞ', 'か\u3099', '\u3099', '𠮷', '㎏', '①', 'ﷺ', '゛', 'ｰ'],
    ...[
      '\u0000',
      '\u200b',
      '\u200e',
      '\u202e',
      '\ufeff',
      '\ud83d',
      '\udc4d',
      '\u0301',
      '\u0600',
      '[電話番号]',
      '[氏名]',
    ],
    ...[
      '한국어',
      'Очень',
      'สินค้า',
      'العربية',
      '这个产品',
      'the product is',
      'é',
      'ß',
      'İ',
      'ﬁ',
      '½',
      '٣',
      '\u2028',
      '\u0085',
    ],
  ),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc
    .tuple(
      fc.constantFrom('あ', 'w', '漢', 'ア', '1', '!', '👍', '\u0301', '「', '(', 'です', 'ない', 'が、', '。\n'),
      fc.nat(120),
    )
    .map(([unit, times]) => unit.repeat(times)),
);

/** Texts as nobody writes them. */
export const strangeTexts = fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join(''));

/**
 * Takes a text through masking and all layers without the model.
 *
 * @throws Error when a span is no range of whole characters of the masked text, or something is lost on the way
 */
export function checkTextPath(text: string, { assets, masker }: TextPathAssets): void {
  const feedback: Feedback = { id: '1', tenant: 't', channel: 'review', occurredAt: '2026-11-01T00:00:00Z', text };
  const masked = mask(feedback, masker).feedback.text;
  if (!masked.isWellFormed()) throw new Error('the masked text is not well-formed');
  const prepared = prepareText(masked, assets);
  let last = 0;
  for (const { span, tokens, text: words } of prepared.sentences) {
    checkSpan(span, masked);
    if (span.start < last) throw new Error(`a sentence begins at ${span.start}, before the last one ends at ${last}`);
    if (masked.slice(span.start, span.end) !== words) throw new Error('a sentence is not what its span says');
    last = span.end;
    for (const token of tokens) {
      checkSpan(token.span, masked);
      if (token.span.start < span.start || token.span.end > span.end) throw new Error('a word leaves its sentence');
    }
  }
  const { analysis } = finishAnalysis(prepared, undefined, assets);
  for (const span of spansIn(analysis)) checkSpan(span, masked);
  if (JSON.stringify(analysis) !== JSON.stringify(JSON.parse(JSON.stringify(analysis)))) throw new Error('not JSON');
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function checkSpan({ start, end }: Range, text: string): void {
  if (!(start >= 0 && start <= end && end <= text.length)) throw new Error(`span ${start}-${end} of ${text.length}`);
  for (const at of [start, end]) {
    const isSplit = /[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at));
    if (isSplit) throw new Error(`span ${start}-${end} splits a surrogate pair`);
  }
}

function* spansIn(value: unknown): Iterable<Range> {
  if (typeof value !== 'object' || value === null) return;
  if ('start' in value && 'end' in value) yield value as Range;
  else for (const part of Object.values(value)) yield* spansIn(part);
}
