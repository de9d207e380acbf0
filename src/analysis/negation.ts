import type { Token } from '../text/tokenizer.ts';
import { joinsByContrast } from './contrast.ts';

const negators = new Set(['ない', 'ぬ', 'ん', 'ず', 'まい', '無い', 'なし', 'ゼロ']);

// Words a negation may reach back over: 満足して|い|ない, 良い|と|は|思わ|ない, 便利|な|わけ|で|は|ない.
const transparentLemmas = new Set(
  'する いる ある 言う いう 思う おもう 感じる なる 言える いえる 思える できる 出来る くれる もらえる いただける くださる わけ 訳 こと もの ほど はず とこ ところ の よう そう 限る られる れる せる させる だ です ます た て で もう 全然 ちっとも'.split(
    ' ',
  ),
);
const reach = 7;

/** Whether an expression is negated by what follows it, and the token after the last negation (or the expression). */
export interface Negation {
  readonly negated: boolean;
  readonly end: number;
}

/** Negation of the expression that ends before token `end`; two negations cancel out. */
export function negationAfter(tokens: readonly Token[], end: number): Negation {
  let negations = 0;
  let last = end;
  for (let index = end; index < Math.min(tokens.length, end + reach); index += 1) {
    const token = tokens[index];
    if (token === undefined) break;
    if (isNegator(token, tokens[index + 1])) {
      negations += 1;
      last = index + 1;
    } else if (!isTransparent(token)) break;
  }
  return { negated: negations % 2 === 1, end: last };
}

/** 美味しく|ない and いか|ん, but not the question 良く|ない|? among friends; ん is a noun in の|ん|だ. */
function isNegator(token: Token, next: Token | undefined): boolean {
  if (!negators.has(token.lemma)) return false;
  if (token.lemma === 'ん') return token.partOfSpeech === '助動詞';
  if (token.lemma === 'ない' && next?.surface === '?') return false;
  return true;
}

function isTransparent(token: Token): boolean {
  if (token.partOfSpeech === '助動詞') return true;
  if (token.partOfSpeech === '助詞') {
    if (token.detail === '終助詞') return false;
    return !joinsByContrast(token);
  }
  return transparentLemmas.has(token.lemma);
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
