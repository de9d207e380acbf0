import type { Span } from '../domain/span.ts';

/** A range within which no sentence ends. */
export interface ProtectedRange extends Span {
  /**
   * What it may do behind itself: a `face` ends the sentence as an emoji does, brackets that close after a full stop
   * (「確認します。」) end one unless it goes on, anything else does nothing.
   */
  readonly kind: 'face' | 'full-stop' | 'other';
}

const addresses = /https?:\/\/[!-~]{1,500}|[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g;
const brackets: Readonly<Record<string, string>> = { '」': '「', '』': '『', ')': '(', '）': '（', '】': '【' };
const marks = /[「『(（【」』)）】\n]/g;
const openers = new Set(Object.values(brackets));
/** Quotations longer than this, in UTF-16 units, are read sentence by sentence. */
const longestQuotation = 120;
const deepest = 20;
const face = /^[(（][^\p{Script=Han}\n]{1,14}[)）]$/u;
const features = /[\^´`ω∀▽д゚;・_≧≦><°*￣Д∇T;ー]/u;
const laughter = /^[(（](?:笑|泣|汗|爆|怒|涙)[)）]$/;
const word = /[\p{Script=Hiragana}\p{Script=Katakana}ー]{3}|[A-Za-z0-9]{2}/u;

/** Addresses, matched brackets of one line, and kaomoji; in order, without overlaps. */
export function protectedRanges(text: string): ProtectedRange[] {
  const ranges = bracketRanges(text);
  if (text.includes('://') || text.includes('@')) {
    for (const match of text.matchAll(addresses)) {
      ranges.push({ start: match.index, end: match.index + match[0].length, kind: 'other' });
    }
  }
  ranges.sort((a, b) => a.start - b.start || b.end - a.end);
  const outermost: ProtectedRange[] = [];
  for (const range of ranges) {
    if (range.start >= (outermost.at(-1)?.end ?? 0)) outermost.push(range);
  }
  return outermost;
}

function bracketRanges(text: string): ProtectedRange[] {
  const ranges: ProtectedRange[] = [];
  const open: { readonly mark: string; readonly index: number }[] = [];
  for (const { 0: mark, index } of text.matchAll(marks)) {
    if (mark === '\n') open.length = 0;
    else if (openers.has(mark)) {
      open.push({ mark, index });
      // Nobody nests this deep; without a limit a wall of brackets takes quadratic time.
      if (open.length > deepest) open.shift();
    } else if (mark in brackets) {
      const opened = open.findLastIndex((bracket) => bracket.mark === brackets[mark]);
      const start = open[opened]?.index;
      if (start === undefined) continue;
      open.length = opened;
      if (index + 1 - start <= longestQuotation) {
        ranges.push(
          isFace(text.slice(start, index + 1)) ? faceAt(text, start, index + 1) : quotation(text, start, index + 1),
        );
      }
    }
  }
  return ranges;
}

function quotation(text: string, start: number, end: number): ProtectedRange {
  return { start, end, kind: text[end - 2] === '。' ? 'full-stop' : 'other' };
}

/** A face with its arms: ヽ(^o^)丿, m(_ _)m. */
function faceAt(text: string, start: number, end: number): ProtectedRange {
  const before = text[start - 1] ?? '';
  const after = text[end] ?? '';
  const mirrored = /[mob]/.test(before) && before === after;
  const left = mirrored || /[ヽヾ＼\\٩щ]/.test(before);
  const right = mirrored || /[/ﾉ丿ゞ彡۶]/.test(after) || (after === 'ノ' && !/[ァ-ヶー]/.test(text[end + 1] ?? ''));
  return { start: left ? start - 1 : start, end: right ? end + 1 : end, kind: 'face' };
}

function isFace(text: string): boolean {
  return isKaomoji(text) || laughter.test(text);
}

/** Whether a bracketed piece is a face such as (^_^) or (´・ω・`). */
export function isKaomoji(text: string): boolean {
  return text.length <= 16 && face.test(text) && features.test(text) && !word.test(text);
}
