import type { StatusReason, TextAnalysis } from '../domain/analysis.ts';
import type { Span } from '../domain/span.ts';
import { isAdvertisement } from '../text/advertisement.ts';
import { type AlignedText, alignText } from '../text/aligned-text.ts';
import { guessLanguage, type Language } from '../text/language.ts';
import { lackOfMeaning } from '../text/meaning.ts';
import { withoutPlaceholders } from '../text/personal-data/placeholders.ts';
import { splitSentences } from '../text/sentences.ts';
import type { Token, Tokenizer } from '../text/tokenizer.ts';
import { passagesOf, underTitle } from './passages.ts';

/** One sentence, ready for the model and the rules. */
export interface PreparedSentence {
  /** Range in the text. */
  readonly span: Span;
  /** The customer's own words at that range: what the model reads. */
  readonly text: string;
  /** The same words normalised: what rules read. */
  readonly normalized: string;
  /** Words of the normalised sentence; their spans point into the text. */
  readonly tokens: readonly Token[];
  /** Range in the text of a range of `normalized`. */
  toOriginal(span: Span): Span;
}

/** A text cut into what is analysed. Texts that are not analysed have no sentences. */
export interface PreparedText {
  readonly status: TextAnalysis['status'];
  readonly statusReason?: StatusReason;
  readonly language: Language;
  readonly sentences: readonly PreparedSentence[];
  /** Neighbouring sentences in the customer's own words, the first under the title; none where all is one sentence. */
  readonly passages: readonly string[];
}

const nothing = { sentences: [], passages: [] };

/** With what a text is prepared. */
export interface PreparationOptions {
  readonly tokenizer: Tokenizer;
  /** What stands above the text, masked. */
  readonly title?: string | undefined;
}

/** Language, meaning, sentences and words of a (masked) text. */
export function prepareText(text: string, { tokenizer, title }: PreparationOptions): PreparedText {
  const words = withoutPlaceholders(text);
  const language = guessLanguage(words);
  const aligned = alignText(text, { joinWords: true });
  const lack = lackOfMeaning(withoutPlaceholders(aligned.normalized));
  if (lack !== undefined) return { status: 'not-meaningful', statusReason: lack, language, ...nothing };
  // A text without letters that means something is made of emoji, which need no language.
  if (language.code !== 'ja' && language.code !== 'und')
    return { status: 'unsupported-language', language, ...nothing };
  if (isAdvertisement(aligned.normalized))
    return { status: 'spam', statusReason: 'advertisement', language, ...nothing };
  const spans = withoutWordless(wholeCharacters(splitSentences(aligned.normalized), aligned), aligned.normalized);
  const distinct = withoutRepeated(spans, aligned.normalized);
  const sentences = distinct.map((span) => prepareSentence(aligned, span, tokenizer));
  const passages =
    distinct.length === spans.length
      ? passagesOf(sentences.map(({ span }) => span)).map(({ start, end }) => text.slice(start, end))
      : passagesOfDistinct(sentences);
  return { status: 'analyzed', language, sentences, passages: underTitle(title, passages, text) };
}

/** Sentences that meet within one character of the original (ﷺ is four words) are one. */
function wholeCharacters(spans: readonly Span[], aligned: AlignedText): Span[] {
  const whole: Span[] = [];
  let end = 0;
  for (const span of spans) {
    const previous = whole.at(-1);
    const original = aligned.toOriginal(span);
    if (previous !== undefined && original.start < end) {
      whole[whole.length - 1] = { start: previous.start, end: span.end };
    } else whole.push(span);
    end = original.end;
  }
  return whole;
}

/** A sentence of nothing but placeholders (a telephone number under a complaint) belongs to the one before it. */
function withoutWordless(spans: readonly Span[], text: string): Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const words = withoutPlaceholders(text.slice(span.start, span.end));
    const previous = joined.at(-1);
    if (previous !== undefined && words.length < span.end - span.start && !/[\p{L}\p{N}]/u.test(words)) {
      joined[joined.length - 1] = { start: previous.start, end: span.end };
    } else joined.push(span);
  }
  return joined;
}

/** A sentence of fewer letters than this may be said up to three times and mean it: 美味しい！美味しい！ */
const shortestRepeated = 6;
const mostOften = 3;

/** Sentences without those that were said before in the same words: a copied line is one opinion. */
function withoutRepeated(spans: readonly Span[], text: string): readonly Span[] {
  const said = new Map<string, number>();
  return spans.filter(({ start, end }) => {
    const words = text.slice(start, end).replace(/[\p{P}\p{S}\s]/gu, '');
    const times = (said.get(words) ?? 0) + 1;
    said.set(words, times);
    return times <= (words.length < shortestRepeated ? mostOften : 1);
  });
}

/** Passages of sentences between which others were left out: their words behind one another. */
function passagesOfDistinct(sentences: readonly PreparedSentence[]): string[] {
  const words = sentences.map(({ text }) => text).join('\n');
  let end = -1;
  const spans = sentences.map(({ text }) => {
    const start = end + 1;
    end = start + text.length;
    return { start, end };
  });
  return passagesOf(spans).map((passage) => words.slice(passage.start, passage.end));
}

function prepareSentence(aligned: AlignedText, within: Span, tokenizer: Tokenizer): PreparedSentence {
  const span = aligned.toOriginal(within);
  const normalized = aligned.normalized.slice(within.start, within.end);
  const toOriginal = ({ start, end }: Span) =>
    aligned.toOriginal({ start: within.start + start, end: within.start + end });
  const tokens = tokenizer
    .tokenize(normalized)
    .map(({ surface, lemma, partOfSpeech, detail, inflection, conjugation, reading, span: found }) => {
      return { surface, lemma, partOfSpeech, detail, inflection, conjugation, reading, span: toOriginal(found) };
    });
  return { span, text: aligned.original.slice(span.start, span.end), normalized, tokens, toOriginal };
}
