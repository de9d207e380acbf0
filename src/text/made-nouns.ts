import type { Token } from './tokenizer.ts';

/**
 * Whether a verb or an adjective at `index` is a noun there: 減り|が, 履き|心地, 電池|持ち|悪い, 高|さ. What the
 * lexicon says of the word is not true of such a noun.
 */
export function isMadeNoun(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  const next = tokens[index + 1];
  if (token === undefined) return false;
  if (token.partOfSpeech === '形容詞') return token.conjugation === 'ガル接続' && next?.surface === 'さ';
  if (token.partOfSpeech !== '動詞' || token.conjugation !== '連用形' || token.detail !== '自立') return false;
  if (next === undefined) return false;
  if (/^[がのをもは]$/.test(next.surface) && next.detail !== '接続助詞')
    return /^[がの]$/.test(next.surface) || !isNegatedAfter(tokens, index + 2);
  if (next.partOfSpeech === '名詞')
    return (
      next.detail !== '非自立' &&
      next.detail !== '副詞可能' &&
      /^(?:心地|方|具合|味|応え|ごこち|勝手)$/.test(next.surface)
    );
  return tokens[index - 1]?.partOfSpeech === '名詞' && next.partOfSpeech === '形容詞' && next.detail === '自立';
}

/** 見え|は|し|ない denies the verb. */
function isNegatedAfter(tokens: readonly Token[], index: number): boolean {
  return tokens[index]?.lemma === 'する';
}
