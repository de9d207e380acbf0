import { isEasy } from '../text/ease.ts';
import { readForm } from '../text/form-reader.ts';
import { deniedForm } from '../text/inflection.ts';
import type { Token } from '../text/tokenizer.ts';
import type { Uncounted } from './expression.ts';
import type { LexiconEntry } from './lexicon.ts';
import type { SentenceStructure } from './sentence-structure.ts';

/** An expression denied, by its last word and the one behind it: 高い → 高くない, 満足|する → 満足しない. */
export function denied(text: string, last: Token | undefined, next?: Token): string {
  if (last?.partOfSpeech === '名詞' && next?.partOfSpeech === '動詞') return `${text}しない`;
  if (last?.partOfSpeech === '名詞' && /^[はがもの]$/.test(next?.surface ?? '')) return `${text}がない`;
  if (last === undefined || !text.endsWith(last.lemma)) return `${text}ではない`;
  return text.slice(0, text.length - last.lemma.length) + deniedForm(last);
}

/** The expression of a 〜やすい or 〜にくい that covers the tokens `[first, end)`. */
export function withEase(
  structure: SentenceStructure,
  first: number,
  end: number,
  entries: readonly LexiconEntry[],
): Uncounted {
  const { tokens } = structure;
  const ease = tokens[end - 1];
  const stem = tokens.slice(first, end - 1);
  const lemma = stem.map(({ surface }) => surface).join('') + (ease?.lemma ?? '');
  const bad = entries.some(({ polarity, of }) => polarity < 0 && of === undefined);
  const good = isEasy(lemma) !== bad;
  return {
    ...{ first, end, form: readForm(tokens, end), entries: [] },
    ...{ phrase: structure.phraseOf[end - 1] ?? 0, lastPhrase: structure.phraseOf[end - 1] ?? 0 },
    ...{ lemma, base: lemma, deniedBase: denied(lemma, ease) },
    built: good ? 0.6 : -0.6,
  };
}
