import type { Span } from '../domain/span.ts';
import { emojiLengthAt } from './emoji.ts';
import { longestCut } from './long-stretch.ts';
import { type ProtectedRange, protectedRanges } from './protected-ranges.ts';
import { pauseLengthAt } from './sentence-pauses.ts';

const strongEnd = /[。｡！？!?‼⁉]/u;
// Signs that end a sentence as emoji do, when they stand after Japanese words: 美味しかった♪また来ます.
const softEnd = /[♪♫♬♡☆★]|[wｗ]{1,30}(?![a-zａ-ｚ.])/uy;
const closer = /[」』）)】〉》”"]/u;
const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}ー〜」）)]/u;
// What follows makes the emoji or sign a word of the running sentence: この🍣が美味しい, 👍です.
const goesOn = /[がをはのへ、,」）)]|に[はもつ]?|で(?!も|は、|すが)|も(?!う|っと|し)|だ|と(?:思|言|い[うえ])/y;
// What follows brackets that close after a full stop and makes them part of the sentence.
const quotationGoesOn =
  /[をがへ、,，・「『（(【」』）)】〉》”"。！？!?]|の(?!で、?|ち)|は(?!い|じめ|っきり)|も(?!う|っと|し|はや|ちろん|のすご)|に(?!こ)|で(?!も|は、|すが|すから)|と(?!ても|にかく|ころ|りあえず|ある|ころで)|って|など|なんて|とか|という|だ|です|ばかり|だけ|まで|より|から|くらい|ぐらい|しか|みたい|らしい|[風的式系]/y;
const horizontalSpace = /[^\S\n]/;

/**
 * Cuts a text into sentences: after 。！？ and their runs, at line breaks, after emoji, kaomoji and laughter, after an
 * ellipsis or white space behind a form that ends sentences, and never within matched brackets, decimals, URLs or mail
 * addresses. Spans are trimmed of white space, in order, do not overlap and
 * cover everything else; none is longer than 200 UTF-16 units unless one grapheme is.
 */
export function splitSentences(text: string): Span[] {
  const spans: Span[] = [];
  const ranges = protectedRanges(text);
  let next = 0;
  let start = 0;
  let index = 0;
  while (index < text.length) {
    while ((ranges[next]?.end ?? Number.POSITIVE_INFINITY) <= index) next += 1;
    const range = ranges[next];
    if (range?.kind === 'other' && index >= range.start) {
      index = range.end;
      continue;
    }
    const protectedHere = range?.start === index ? range : undefined;
    const found = sentenceEndAt(text, index, start, protectedHere);
    if (found > index) {
      const end = behindMarks(text, found);
      pushTrimmed(spans, text, start, end);
      start = end;
      index = end;
    } else {
      index = protectedHere?.end ?? index + Math.max(1, emojiLengthAt(text, index));
    }
  }
  pushTrimmed(spans, text, start, text.length);
  return spans;
}

/** What belongs to the character before it: accents, joiners, tags. */
const mark = /[\p{M}\p{Cf}]/u;

function behindMarks(text: string, end: number): number {
  let at = end;
  for (let code = text.codePointAt(at); code !== undefined; code = text.codePointAt(at)) {
    if (code < 0x300 || !mark.test(String.fromCodePoint(code))) break;
    at += code > 0xffff ? 2 : 1;
  }
  return at;
}

/** End of the run of sentence-ending signs at `index`, where `range` may begin, or `index` if the sentence goes on. */
function sentenceEndAt(text: string, index: number, start: number, range: ProtectedRange | undefined): number {
  const code = text.charCodeAt(index);
  if (range?.kind === 'full-stop') return quotationEnd(text, index, range.end);
  const pause = pauseLengthAt(text, index);
  if (pause === 0 && range === undefined && isWord(code)) return index;
  if (isName(text, index)) return index;
  if (code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029) return index + 1;
  let end = range?.end ?? index + pause;
  let strong = false;
  for (let length = markLength(text, end, start); length > 0; length = markLength(text, end, start)) {
    strong ||= strongEnd.test(text.slice(end, end + length));
    end += length;
  }
  if (end === index) return isFullStop(text, index) ? index + 1 : index;
  if (text.slice(start, index).trim() === '' && !strong) return index;
  while (strong && closer.test(text.charAt(end))) end += 1;
  if (!strong) {
    goesOn.lastIndex = end;
    if (goesOn.test(text)) return index;
  }
  return end;
}

/** End of a sentence whose full stop stands within brackets, or `index` if it goes on behind them: 「早く。」と言った. */
function quotationEnd(text: string, index: number, end: number): number {
  quotationGoesOn.lastIndex = end;
  return quotationGoesOn.test(text) ? index : end;
}

/** Kana, kanji and ASCII letters and digits, which are most characters, end nothing; w may be laughter. */
function isWord(code: number): boolean {
  return (
    (code >= 0x3041 && code <= 0x30ff) ||
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x61 && code <= 0x7a && code !== 0x77) ||
    (code >= 0x41 && code <= 0x5a)
  );
}

/** Length of one ending sign at `index`, with the spaces before it if an emoji follows them; 0 if there is none. */
function markLength(text: string, index: number, start: number): number {
  if (index >= text.length) return 0;
  if (strongEnd.test(text.charAt(index))) return 1;
  const emoji = emojiLengthAt(text, index);
  if (emoji > 0) return emoji;
  softEnd.lastIndex = index;
  const soft = softEnd.exec(text)?.[0];
  if (soft !== undefined && index > start && follows(text, index) && !/^[☆★]\d/.test(text.slice(index, index + 2))) {
    return soft.length;
  }
  if (horizontalSpace.test(text.charAt(index)) && index > start) {
    const spaced = emojiLengthAt(text, index + 1);
    return spaced > 0 ? 1 + spaced : 0;
  }
  return 0;
}

/** Whether the sign at `index` stands after Japanese words or another ending sign. */
function follows(text: string, index: number): boolean {
  const before = text.charAt(index - 1);
  return japanese.test(before) || /[。！？!?♪♫♬♡☆★]/u.test(before);
}

const namesBefore = /(?:yahoo|いきなり|モーニング娘|ゲスの極み乙女|ラブライブ)$/i;

/** The mark of a name such as Yahoo!ニュース or モーニング娘。 */
function isName(text: string, index: number): boolean {
  return /[!！。]/.test(text.charAt(index)) && namesBefore.test(text.slice(Math.max(0, index - 8), index));
}

/** A full stop written as a period: 美味しかった. また来ます */
function isFullStop(text: string, index: number): boolean {
  const mark = text.charAt(index);
  if (mark !== '.' && mark !== '．') return false;
  const before = text.charAt(index - 1);
  return japanese.test(before) && !/[A-Za-z0-9.．]/.test(text.charAt(index + 1));
}

/** Adds the range without white space around it, cut where it is too long for a model to read. */
function pushTrimmed(spans: Span[], text: string, start: number, end: number): void {
  let from = start;
  let to = end;
  while (from < to && /\s/.test(text.charAt(from))) from += 1;
  while (to > from && /\s/.test(text.charAt(to - 1))) to -= 1;
  while (from < to) {
    let cut = longestCut(text, from, to);
    const rest = cut;
    while (cut > from && /\s/.test(text.charAt(cut - 1))) cut -= 1;
    if (cut > from) spans.push({ start: from, end: cut });
    from = rest;
    while (from < to && /\s/.test(text.charAt(from))) from += 1;
  }
}
