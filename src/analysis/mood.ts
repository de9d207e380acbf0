import type { Token } from '../text/tokenizer.ts';
import { isContrast } from './contrast.ts';

/** Whether the sentence asks: it ends in か or a question mark. */
export function isQuestion(tokens: readonly Token[]): boolean {
  for (let index = tokens.length - 1; index >= 0; index -= 1) {
    const token = tokens[index];
    if (token === undefined) return false;
    if (token.surface === '?') return true;
    if (token.partOfSpeech !== '記号') return token.surface === 'か';
  }
  return false;
}

/** Whether the sentence ends in a request: お願い|し|ます, て|ください. */
export function isRequest(tokens: readonly Token[]): boolean {
  const end = tokens.slice(-6);
  return end.some(
    ({ lemma, conjugation }) =>
      lemma === 'お願い' || (lemma === 'くださる' && conjugation?.startsWith('命令') === true),
  );
}

/** Whether the expression that ends before `end` is an order: 教え|て|ください. */
export function isImperative(tokens: readonly Token[], end: number): boolean {
  const last = tokens[end - 1];
  if (last === undefined) return false;
  return last.conjugation?.startsWith('命令') === true;
}

const wishes = new Set([
  'ほしい',
  '欲しい',
  'もらいたい',
  'くださる',
  '下さる',
  'いただきたい',
  'お願い',
  '希望',
  '要望',
  'べき',
]);
const conditionals = new Set(['ば', 'たら', 'と', 'なら', 'れば']);
const granted = new Set([
  '嬉しい',
  'うれしい',
  '助かる',
  'ありがたい',
  '有り難い',
  'いい',
  '良い',
  'よい',
  '幸い',
  '最高',
  '完璧',
  '便利',
  '満足',
  '使いやすい',
  '有難い',
  '喜ぶ',
]);

/**
 * Whether the expression is something the customer would like to have: 改善|し|て|ほしい, 大きい|と|嬉しい|です,
 * 安けれ|ば. Past tense tells what did happen (嬉しかった).
 */
export function isWish(tokens: readonly Token[], first: number, end: number): boolean {
  const before = tokens[first - 1];
  const expression = tokens[end - 1];
  const after = tokens[end];
  if (after?.surface === 'ば' || expression?.conjugation === '仮定形') return true;
  const conditional =
    before !== undefined &&
    conditionals.has(before.surface) &&
    (before.detail === '接続助詞' || before.conjugation === '仮定形');
  if (conditional && expression !== undefined && granted.has(expression.lemma)) {
    const past = tokens.slice(end, end + 3).some((token) => token.lemma === 'た');
    if (!past) return true;
  }
  for (let index = end; index < Math.min(tokens.length, end + 6); index += 1) {
    const token = tokens[index];
    if (token === undefined || token.partOfSpeech === '記号' || isContrast(token)) break;
    if (wishes.has(token.lemma)) return true;
    if (token.lemma === 'たい' && token.partOfSpeech === '助動詞') return true;
  }
  return false;
}
