import type { Token } from '../text/tokenizer.ts';

const negators = new Set(['ない', 'ぬ', 'ん', 'ず', 'まい', '無い', 'なし', 'ゼロ']);
const strong = new Set(
  'とても すごく 凄く すごい 非常に かなり 本当に ほんとに ほんと ほんとうに 本当 めちゃくちゃ めっちゃ 超 大変 実に 極めて 最も 一番 いちばん とにかく 圧倒的 あまりに あまりにも 全く まったく 断然 さらに さすが めちゃ むちゃくちゃ 相当 だいぶ 何より 心から'.split(
    ' ',
  ),
);
const weak = new Set(
  '少し すこし ちょっと やや 若干 多少 少々 ちょい 微妙に そこそこ まあまあ わりと 割と 比較的 ある程度'.split(' '),
);
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

// Words a negation may reach back over: 満足して|い|ない, 良い|と|は|思わ|ない, 便利|な|わけ|で|は|ない.
const transparentLemmas = new Set(
  'する いる ある 言う いう 思う おもう 感じる なる 言える いえる 思える できる 出来る くれる もらえる いただける くださる わけ 訳 こと もの ほど はず とこ ところ の よう そう 限る られる れる せる させる だ です ます た て で もう 全然 ちっとも'.split(
    ' ',
  ),
);
const reach = 7;

/** Whether the expression that ends before token `end` is negated by what follows it; two negations cancel out. */
export function isNegatedAfter(tokens: readonly Token[], end: number): boolean {
  let negations = 0;
  for (let index = end; index < Math.min(tokens.length, end + reach); index += 1) {
    const token = tokens[index];
    if (token === undefined) break;
    if (negators.has(token.lemma) && isNegator(token, tokens[index + 1])) negations += 1;
    else if (!isTransparent(token)) break;
  }
  return negations % 2 === 1;
}

/** 美味しく|ない and いか|ん, but not 何|でも|なし|で, and not the question 良く|ない|？ among friends. */
function isNegator(token: Token, next: Token | undefined): boolean {
  if (token.lemma === 'ん') return token.partOfSpeech === '助動詞';
  if (token.lemma === 'ない' && (next?.surface === '?' || next?.surface === '？')) return false;
  return true;
}

function isTransparent(token: Token): boolean {
  if (token.partOfSpeech === '助動詞') return true;
  if (token.partOfSpeech === '助詞') {
    if (token.detail === '終助詞') return false;
    return !contrasts.has(token.surface) || token.detail === '格助詞' || token.surface === 'でも';
  }
  return transparentLemmas.has(token.lemma);
}

/** Factor of the degree words right before token `first`: 1.3 for とても, 0.6 for 少し, 1 without any. */
export function intensityBefore(tokens: readonly Token[], first: number): number {
  for (let index = first - 1; index >= Math.max(0, first - 2); index -= 1) {
    const token = tokens[index];
    if (token === undefined || token.partOfSpeech === '記号') break;
    if (strong.has(token.surface)) return 1.3;
    if (weak.has(token.surface)) return 0.6;
  }
  return 1;
}

/** Whether a word turns the sentence: 安い|けど, 。|ただ. The が after a noun is the subject's. */
export function isContrast(token: Token): boolean {
  if (!contrasts.has(token.surface)) return false;
  return token.partOfSpeech === '接続詞' || token.detail === '接続助詞' || token.surface === 'ものの';
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
    if (token.lemma === 'たい' && token.partOfSpeech === '助動詞' && index > end) return true;
  }
  return false;
}
