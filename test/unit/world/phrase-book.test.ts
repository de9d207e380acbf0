import { expect, test } from 'vitest';
import { diceFor } from '../../../src/world/dice.ts';
import { openPhraseBook, parsePhrases } from '../../../src/world/phrase-book.ts';

const text = 'theme\tstance\tphrase\nprice\t-\t高いです。\nprice\t-\tまた値上げです。\nprice\t+\t安いです。\n';

test('reads phrases, and names the line that is none', () => {
  expect(parsePhrases(text)).toHaveLength(3);
  expect(parsePhrases(text)[2]).toEqual({ theme: 'price', stance: '+', words: '安いです。' });
  expect(() => parsePhrases(`${text}price\t!\t何か\n`)).toThrow('line 5 is no phrase');
  expect(() => parsePhrases(`${text}price\t-\n`)).toThrow('line 5 is no phrase');
});

test('draws every phrase before one comes again, the same ones with the same dice', () => {
  const drawn = (seed: number) => {
    const [book, dice] = [openPhraseBook(parsePhrases(text)), diceFor(seed, 'test')];
    return Array.from({ length: 6 }, () => book.draw('price', '-', dice));
  };
  for (const seed of [1, 2, 3]) {
    const words = drawn(seed);
    expect(words).toEqual(drawn(seed));
    for (const at of [0, 2, 4]) expect(new Set(words.slice(at, at + 2)).size).toBe(2);
  }
});

test('there must be something to draw', () => {
  expect(() => openPhraseBook([]).draw('price', '-', diceFor(1, 'test'))).toThrow(RangeError);
});
