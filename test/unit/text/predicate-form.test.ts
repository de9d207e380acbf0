import { beforeAll, describe, expect, test } from 'vitest';
import { readForm } from '../../../src/text/form-reader.ts';
import type { PredicateForm } from '../../../src/text/predicate-form.ts';
import { loadTokenizer, type Tokenizer } from '../../../src/text/tokenizer.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await loadTokenizer();
});

/** Form of the predicate before the bar. */
function formOf(marked: string): PredicateForm {
  const bar = marked.indexOf('|');
  const tokens = tokenizer.tokenize(marked.replace('|', ''));
  return readForm(tokens, tokens.findIndex(({ span }) => span.end >= bar) + 1);
}

describe('negation', () => {
  test.each([
    '持た|ない',
    '持ち|ません',
    '持ち|ませんでした',
    '使え|ず',
    '便利|ではない',
    '便利|じゃなかった',
    '早く|はない',
    '満足|していない',
    '便利|なわけではない',
    '良い|とは言えない',
    '高い|というほどでもない',
    '快適|とは程遠い',
    '丁寧|とは言いがたい',
    '安い|はずがない',
    '使え|なくなった',
  ])('%s is denied', (marked) => {
    expect(formOf(marked)).toMatchObject({ negated: true, holds: false });
  });

  test.each([
    '高い|かもしれない',
    '便利|に違いない',
    '美味しく|なくはない',
    '満足|していないわけではない',
    '使いやすい|のではないか',
    '可愛く|てたまらない',
    '動か|ないと困る',
  ])('%s is not', (marked) => {
    expect(formOf(marked)).toMatchObject({ negated: false, holds: true });
  });

  test.each(['安けれ|ばいいのに', '静か|だったらなあ', '届く|はずだった', '届け|てほしかった'])(
    '%s is not the case',
    (marked) => {
      expect(formOf(marked)).toMatchObject({ negated: false, holds: false, contrary: true });
    },
  );

  test('what should not be so is so', () => {
    expect(formOf('高く|なければいいのに')).toMatchObject({ negated: false, holds: true, modality: 'wished' });
  });
});

describe('modality', () => {
  test.each([
    ['安く|してほしい', 'wished'],
    ['改善|をお願いします', 'wished'],
    ['安く|なるといいな', 'wished'],
    ['安けれ|ば買う', 'conditional'],
    ['壊れ|たら返品する', 'conditional'],
    ['高く|ても買う', 'conditional'],
    ['便利|ですか', 'questioned'],
    ['安い|かどうか分からない', 'questioned'],
    ['良い|と思う', 'stated'],
    ['安い|けど弱い', 'stated'],
  ])('%s is %s', (marked, modality) => {
    expect(formOf(marked).modality).toBe(modality);
  });
});

describe('joints', () => {
  test.each([
    ['使いにくい|画面', 'adnominal'],
    ['便利|な場所', 'adnominal'],
    ['安く|て良い', 'continues'],
    ['高い|が良い', 'contrast'],
    ['安い|割に良い', 'contrast'],
    ['届く|のが遅い', 'nominal'],
    ['不満|が残る', 'argument'],
    ['良い|です', 'end'],
  ])('%s: %s', (marked, joint) => {
    expect(formOf(marked).joint).toBe(joint);
  });
});

test('tense and voice are read', () => {
  expect(formOf('美味しかっ|た').tense).toBe('past');
  expect(formOf('無視|された')).toMatchObject({ passive: true, tense: 'past' });
  expect(formOf('教え|てくれた')).toMatchObject({ favour: true });
  expect(formOf('高|すぎる')).toMatchObject({ excessive: true });
  expect(formOf('安い|と聞いて').reported).toBe(true);
});
