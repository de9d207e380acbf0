import type { Token } from './tokenizer.ts';

const ease = /^(?:やすい|易い|にくい|づらい|ずらい|辛い|難い|がたい)$/;
const suffix = /.(?:やすい|易い|にくい|づらい|ずらい|難い)$/;

/**
 * End of a verb's 〜やすい or 〜にくい when its own words end before token `end`, or undefined where there is none:
 * 操作|し|にくい, 壊れ|やすい, and 見やすい, which is one word.
 */
export function easeEnd(tokens: readonly Token[], end: number): number | undefined {
  const last = tokens[end - 1];
  if (last?.partOfSpeech === '形容詞') {
    const before = tokens[end - 2];
    const joins = before?.conjugation?.startsWith('連用') === true || before?.partOfSpeech === '名詞';
    if (suffix.test(last.lemma) || (joins && ease.test(last.lemma))) return end;
  }
  const noun = last?.partOfSpeech === '名詞' && tokens[end]?.lemma === 'する';
  const at = noun ? end + 1 : end;
  const word = tokens[at];
  const joined = noun || (last?.partOfSpeech === '動詞' && last.conjugation === '連用形');
  // 使い is a noun to the dictionary.
  if (last?.partOfSpeech === '名詞' && /^(?:にくい|づらい|ずらい)$/.test(tokens[end]?.lemma ?? '')) return end + 1;
  if (
    last?.partOfSpeech === '名詞' &&
    tokens[end]?.surface.startsWith('やす') &&
    /[いきしちにみりえけせてねめれ]$/.test(last.surface)
  )
    return end + 1;
  return joined && word?.partOfSpeech === '形容詞' && ease.test(word.lemma) ? at + 1 : undefined;
}

/** Whether 〜やすい and not 〜にくい. */
export function isEasy(lemma: string): boolean {
  return /(?:やすい|易い)$/.test(lemma);
}

/** Whether 〜やすい or 〜にくい at all. */
export function tellsEase(lemma: string): boolean {
  return suffix.test(lemma) || /.(?:辛い|がたい)$/.test(lemma);
}
