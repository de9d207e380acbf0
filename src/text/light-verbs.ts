import type { Token } from './tokenizer.ts';

/** Verbs by which something is done for the customer: 〜て|くれる. */
export const favours = new Set(
  'くれる くださる 下さる もらう 貰う もらえる 貰える いただく 頂く いただける 頂ける'.split(' '),
);
/** Verbs that only carry form after another word: 満足して|いる, 静かに|なる, 良いと|思う. */
export const light = new Set(
  'する いたす 致す なさる いる おる ある ござる なる できる 出来る くれる くださる 下さる もらう 貰う もらえる 貰える いただく 頂く いただける 頂ける しまう ちゃう じゃう てる とる ておる くる 来る いく 行く みる おく 続ける 始める れる られる せる させる さす すぎる 過ぎる 思う おもう 感じる 感じられる 思える 思われる 言う いう 言える いえる 言い切れる 言いきれる 断言 呼べる 認める 見える 限る がる ほしい'.split(
    ' ',
  ),
);
/** Light verbs that follow a noun through は or が only where they deny or affirm it: 不満はない, 返品ができない. */
export const existence = new Set(['ある', 'ござる', 'する', 'できる', '出来る', 'いたす']);
/** Particles that set a clause against the next. */
export const contrasts = new Set([
  'が',
  'けど',
  'けれど',
  'けれども',
  'けども',
  'のに',
  'ものの',
  'つつも',
  'ながらも',
]);

/** Whether the light verb belongs to the form: not the する of 美味しい|する nor the ある of a new clause. */
export function connects(token: Token, before: Token): boolean {
  if (token.detail === '非自立' || token.detail === '接尾') return true;
  if (before.partOfSpeech === '助詞') return /^(?:に|と|とは|は|も|が|を|って|の|まで)$/.test(before.surface);
  if (before.partOfSpeech === '名詞') return /^(?:する|いたす|致す|なさる|できる|出来る|ある)$/.test(token.lemma);
  if (before.partOfSpeech === '副詞') return token.lemma === 'する';
  if (before.partOfSpeech === '助動詞')
    return before.surface === 'で' || before.surface === 'なく' || before.surface === 'ず';
  return before.conjugation?.startsWith('連用') === true || before.conjugation === 'ガル接続';
}
