import type { Token } from '../text/tokenizer.ts';

const strong = new Set(
  'とても すごく 凄く すごい 非常に かなり 本当に ほんとに ほんと ほんとうに 本当 めちゃくちゃ めっちゃ 超 大変 実に 極めて 最も 一番 いちばん とにかく 圧倒的 あまりに あまりにも 全く まったく 断然 さらに さすが めちゃ むちゃくちゃ 相当 だいぶ 何より 心から'.split(
    ' ',
  ),
);
const weak = new Set(
  '少し すこし ちょっと やや 若干 多少 少々 ちょい 微妙に そこそこ まあまあ わりと 割と 比較的 ある程度'.split(' '),
);

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
