import type { Span } from '../domain/span.ts';
import {
  type CharacterKind,
  folded,
  isJapanese,
  isKatakana,
  isVoicedHalfWidth,
  kindOf,
  mayAttachNext,
  pictureAt,
  voicedHalfWidth,
} from './characters.ts';

/**
 * A text made uniform for analysis, with the way back to the customer's own words. Made by {@link alignText}.
 */
export interface AlignedText {
  readonly original: string;
  /**
   * NFKC by grapheme with half-width kana composed, dashes and tildes unified, invisible and control characters
   * removed, white space collapsed (to a line break if it held one), and runs of one character cut to three (digits
   * are never cut). Where words are joined, a space within a word (ホット ケーキ, と て も) is removed.
   */
  readonly normalized: string;
  /** Range in the original (UTF-16, never inside a grapheme) that a range of `normalized` was made from. */
  toOriginal(span: Span): Span;
}

const longestRun = 3;
const graphemes = new Intl.Segmenter('ja', { granularity: 'grapheme' });

/**
 * Normalises a text in linear time and remembers where every character came from.
 *
 * @param joinWords remove spaces within words: between katakana, and between letters that stand alone
 */
export function alignText(text: string, { joinWords = false } = {}): AlignedText {
  if (isPlain(text, joinWords)) return new Unchanged(text);
  const builder = new Builder(text, joinWords);
  let index = 0;
  while (index < text.length) {
    const kind = kindOf(text.charCodeAt(index));
    const next = index + 1;
    if (kind.standsAlone && (next === text.length || !mayAttach(text, next))) {
      builder.append(kind, index, next);
      index = next;
    } else if (isVoicedHalfWidth(text, index) && (next + 1 === text.length || !mayAttach(text, next + 1))) {
      builder.append(voicedHalfWidth(text, index), index, next + 1);
      index = next + 1;
    } else {
      const picture = pictureAt(text, index);
      if (picture !== undefined && standsFree(text, index + 2)) {
        builder.append(picture, index, index + 2);
        index += 2;
      } else index = appendGraphemes(builder, text, index);
    }
  }
  return builder.finish();
}

/** Whether a new grapheme begins for certain at `index`, behind an emoji. */
function standsFree(text: string, index: number): boolean {
  return index === text.length || !mayAttach(text, index) || pictureAt(text, index) !== undefined;
}

/** Whether the character at `index` may belong to the grapheme before it. */
function mayAttach(text: string, index: number): boolean {
  return !kindOf(text.charCodeAt(index)).standsAlone;
}

/** Appends the graphemes from `start` up to the next place that is a grapheme boundary for certain. */
function appendGraphemes(builder: Builder, text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && (mayAttach(text, end) || mayAttachNext(text, end - 1))) end += 1;
  for (const { segment, index } of graphemes.segment(text.slice(start, end))) {
    const from = start + index;
    builder.append(folded(segment), from, from + segment.length);
  }
  return end;
}

/** Kana, kanji and ASCII words that normalising would leave as they are; the common case. */
function isPlain(text: string, joinWords: boolean): boolean {
  let run = 0;
  let last = -1;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const kind = kindOf(code);
    if (!kind.standsAlone || kind.text.charCodeAt(0) !== code || isMeantOtherwise(kind, text, index)) return false;
    if (kind.space && joinWords && code !== 0x0a) return false;
    if (kind.space && index > 0 && kindOf(last).space) return false;
    run = code === last && !kind.digit ? run + 1 : 1;
    if (run > longestRun) return false;
    last = code;
  }
  return true;
}

/** Whether a dash or tilde is to be read as a Japanese one there. */
function isMeantOtherwise({ stroke }: CharacterKind, text: string, index: number): boolean {
  return stroke && isJapanese(text.charCodeAt(index - 1));
}

class Unchanged implements AlignedText {
  readonly original: string;
  readonly normalized: string;

  constructor(text: string) {
    this.original = text;
    this.normalized = text;
  }

  toOriginal(span: Span): Span {
    return { start: span.start, end: span.end };
  }
}

class Changed implements AlignedText {
  readonly original: string;
  readonly normalized: string;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;

  constructor(original: string, normalized: string, starts: Uint32Array, ends: Uint32Array) {
    this.original = original;
    this.normalized = normalized;
    this.#starts = starts;
    this.#ends = ends;
  }

  toOriginal(span: Span): Span {
    const start = this.#starts[span.start] ?? this.original.length;
    if (span.end <= span.start) return { start, end: start };
    return { start, end: this.#ends[span.end - 1] ?? this.original.length };
  }
}

/** Collects normalised pieces; cutting of runs and of white space happens as they are appended. */
class Builder {
  readonly #original: string;
  #starts: Uint32Array;
  #ends: Uint32Array;
  #text = '';
  #length = 0;
  #last = '';
  #run = 0;
  readonly #joinWords: boolean;
  /** Where a space between letters that stand alone was removed last: と|て. */
  #joinedAt = 0;

  constructor(original: string, joinWords: boolean) {
    this.#original = original;
    this.#joinWords = joinWords;
    this.#starts = new Uint32Array(original.length + 16);
    this.#ends = new Uint32Array(original.length + 16);
  }

  append(piece: CharacterKind, start: number, end: number): void {
    let text = piece.text;
    if (text === '') return;
    if (piece.space && this.#isSpace(this.#last)) {
      if (text === '\n' && this.#last === ' ') this.#replaceLastSpace();
      this.#ends[this.#length - 1] = end;
      return;
    }
    if (this.#joinWords && text === ' ' && this.#isWithinWord(end)) return;
    if (piece.stroke) text = this.#strokeFor(text, end);
    this.#run = text === this.#last && !piece.digit ? this.#run + 1 : 1;
    if (this.#run > longestRun) {
      this.#ends.fill(end, this.#length - text.length, this.#length);
      return;
    }
    this.#last = text;
    this.#write(text, start, end);
  }

  #isSpace(text: string): boolean {
    return text === ' ' || text === '\n';
  }

  #strokeFor(text: string, end: number): string {
    if (text === '~') return isJapanese(this.#last.charCodeAt(0)) ? '〜' : text;
    return this.#isBetweenKatakana(end) ? 'ー' : text;
  }

  #isBetweenKatakana(end: number): boolean {
    return isKatakana(this.#last.charCodeAt(0)) && isKatakana(this.#original.charCodeAt(end));
  }

  #isWithinWord(end: number): boolean {
    if (this.#isBetweenKatakana(end) || (this.#last === 'ー' && isKatakana(this.#original.charCodeAt(end))))
      return true;
    const startsAlone = this.#length === 1 || this.#joinedAt === this.#length - 1 || this.#text.at(-2) === ' ';
    if (!startsAlone || !/[ \u3000]/.test(this.#original.charAt(end + 1) || ' ')) return false;
    if (!isJapanese(this.#last.charCodeAt(0)) || !isJapanese(this.#original.charCodeAt(end))) return false;
    this.#joinedAt = this.#length;
    return true;
  }

  #replaceLastSpace(): void {
    this.#text = `${this.#text.slice(0, -1)}\n`;
    this.#last = '\n';
  }

  #write(text: string, start: number, end: number): void {
    const length = this.#length + text.length;
    if (length > this.#starts.length) this.#grow(length);
    for (let unit = this.#length; unit < length; unit += 1) {
      this.#starts[unit] = start;
      this.#ends[unit] = end;
    }
    this.#text += text;
    this.#length = length;
  }

  #grow(least: number): void {
    const size = Math.max(least, this.#starts.length * 2);
    const starts = new Uint32Array(size);
    const ends = new Uint32Array(size);
    starts.set(this.#starts);
    ends.set(this.#ends);
    this.#starts = starts;
    this.#ends = ends;
  }

  finish(): AlignedText {
    return new Changed(
      this.#original,
      this.#text,
      this.#starts.subarray(0, this.#length),
      this.#ends.subarray(0, this.#length),
    );
  }
}
