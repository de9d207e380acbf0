import { beforeAll, expect, test } from 'vitest';
import { chunk } from '../../../src/text/chunking.ts';
import { dependencies, root } from '../../../src/text/dependencies.ts';
import { loadTokenizer, type Tokenizer } from '../../../src/text/tokenizer.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await loadTokenizer();
});

/** Each bunsetsu with the one it depends on. */
function parse(text: string): string[] {
  const tokens = tokenizer.tokenize(text);
  const phrases = chunk(tokens, new Set());
  const surface = (index: number) =>
    tokens
      .slice(phrases[index]?.first, phrases[index]?.end)
      .map((token) => token.surface)
      .join('');
  return dependencies(phrases, tokens).map((head, index) =>
    head === root ? surface(index) : `${surface(index)}>${surface(head)}`,
  );
}

test.each([
  ['画面が見にくい', ['画面が>見にくい', '見にくい']],
  ['店員の丁寧な対応', ['店員の>対応', '丁寧な>対応', '対応']],
  ['味の濃いスープ', ['味の>濃い', '濃い>スープ', 'スープ']],
  ['スタッフが丁寧な対応をした', ['スタッフが>した', '丁寧な>対応を', '対応を>した', 'した']],
  ['対応は早くはないが丁寧だ', ['対応は>早くはないが', '早くはないが>丁寧だ', '丁寧だ']],
  ['味と香りが良い', ['味と>香りが', '香りが>良い', '良い']],
])('%s', (text, expected) => {
  expect(parse(text)).toEqual(expected);
});

test('every bunsetsu depends on a later one, and together they are the sentence', () => {
  const tokens = tokenizer.tokenize('昨日届いた荷物の箱が潰れていて、中の皿も割れていたので返品したい。');
  const phrases = chunk(tokens, new Set());
  expect(phrases.flatMap(({ first, end }) => tokens.slice(first, end))).toEqual(tokens);
  for (const [index, head] of dependencies(phrases, tokens).entries()) {
    if (head !== root) expect(head).toBeGreaterThan(index);
  }
});
