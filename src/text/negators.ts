import type { Token } from './tokenizer.ts';

const negators = new Set(['ない', 'ぬ', 'ん', 'まい', '無い', 'なし', 'ず', '無し']);

/** Whether the token denies what it follows: 美味しく|ない, いか|ん, 使え|ず; ん is a noun in の|ん|だ. */
export function isNegator(token: Token): boolean {
  if (!negators.has(token.lemma)) return false;
  if (token.lemma === 'ん' || token.lemma === 'ず') return token.partOfSpeech === '助動詞';
  return token.lemma !== 'ぬ' || token.partOfSpeech === '助動詞';
}

/**
 * Whether the token negates a verb as a statement of fact: 届か|ない, 出|ませ|ん. Not in かもしれない, しなければ, せずに and
 * the like, nor in すみません.
 */
export function isBareNegation(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  const before = tokens[index - 1];
  const next = tokens[index + 1];
  if (token === undefined || before === undefined) return false;
  if (token.partOfSpeech !== '助動詞' || !(token.lemma === 'ない' || token.lemma === 'ん' || token.lemma === 'ぬ')) {
    return false;
  }
  if (token.surface === 'ず' || token.conjugation === '仮定形') return false;
  const verb = before.lemma === 'ます' ? tokens[index - 2] : before;
  if (verb === undefined || polite.has(verb.lemma)) return false;
  if (verb.partOfSpeech !== '動詞') return false;
  return next === undefined || !softening.has(next.surface);
}

const polite = new Set(['すむ', '済む', 'しれる', '知れる', 'すいる', 'いける', 'なる', '構う', 'かまう']);
const softening = new Set([
  'でしょ',
  'ば',
  'と',
  'で',
  'ほど',
  'くらい',
  'ぐらい',
  'よう',
  'うち',
  'か',
  '?',
  '人',
  '方',
  '時',
  'とき',
  '場合',
  '程度',
]);
