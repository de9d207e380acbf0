import type { Token } from '../text/tokenizer.ts';

const contrasts = new Set([
  'が',
  'けど',
  'けれど',
  'けれども',
  'ものの',
  'のに',
  'でも',
  'しかし',
  'ただ',
  'ただし',
  'だが',
  'ですが',
  'だけど',
  'とはいえ',
  '一方',
  'それでも',
  'けども',
]);

/** Whether a word turns the sentence: 安い|けど, 。|ただ. The が after a noun is the subject's. */
export function isContrast(token: Token): boolean {
  if (!contrasts.has(token.surface)) return false;
  return token.partOfSpeech === '接続詞' || token.detail === '接続助詞' || token.surface === 'ものの';
}
