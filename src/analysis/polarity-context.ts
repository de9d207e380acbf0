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

/** The token after the last negation that reaches back to the expression ending before `end`. */
export function negationEnd(tokens: readonly Token[], end: number): number {
  let last = end;
  for (let index = end; index < Math.min(tokens.length, end + reach); index += 1) {
    const token = tokens[index];
    if (token === undefined) break;
    if (negators.has(token.lemma)) last = index + 1;
    else if (!isTransparent(token)) break;
  }
  return last;
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
    if (token.lemma === 'たい' && token.partOfSpeech === '助動詞') return true;
  }
  return false;
}
