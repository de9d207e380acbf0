import type { Opinion } from '../domain/analysis.ts';
import type { Token } from '../text/tokenizer.ts';

const strong = new Set(
  'とても すごく すっごく 凄く すごい 非常に かなり 本当に ほんとに ほんと ほんとうに 本当 めちゃくちゃ めっちゃ 超 激 大変 大 実に 極めて 最も 一番 いちばん とにかく 圧倒的 あまりに あまりにも 全く まったく 全然 ちっとも 少しも 断然 さらに さすが めちゃ むちゃくちゃ 相当 だいぶ 何より 心から 一切 絶対 絶対に まるで 到底 二度と 断トツ ひどく やけに ずっと 何度も 毎回 いつも 常に 完全 完全に 抜群 最高 格段 格段に 異常 異常に 無駄に どうしても 一向に いちども 一度も'.split(
    ' ',
  ),
);
const weak = new Set(
  '少し すこし ちょっと やや 若干 多少 少々 ちょい 微妙に そこそこ まあまあ まぁまぁ わりと 割と 割に 比較的 ある程度 なんとなく 何となく どちらか それなり いくらか いささか あまり あんまり そんなに それほど さほど'.split(
    ' ',
  ),
);

/** Degree of the words right before token `first`: strong for とても, weak for 少し. */
export function intensityBefore(tokens: readonly Token[], first: number): Opinion['intensity'] {
  for (let index = first - 1; index >= Math.max(0, first - 3); index -= 1) {
    const token = tokens[index];
    if (token === undefined || token.partOfSpeech === '記号') break;
    const never = token.surface === '少し' && tokens[index + 1]?.surface === 'も';
    if (never || strong.has(token.surface)) return 'strong';
    if (weak.has(token.surface)) return 'weak';
  }
  return 'normal';
}

/** What a degree makes of a polarity. */
export const intensityFactor: Readonly<Record<Opinion['intensity'], number>> = { weak: 0.6, normal: 1, strong: 1.3 };
