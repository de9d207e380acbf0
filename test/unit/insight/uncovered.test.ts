import { expect, test } from 'vitest';
import { type UncoveredText, uncoveredIssues } from '../../../src/insight/uncovered.ts';

const text = (id: number, said: string, opinions: string[] = []): UncoveredText => ({
  id: String(id),
  occurredAt: '2026-11-01T00:00:00Z',
  text: said,
  opinions,
});

test('groups are named by the opinions and words that set them apart, and shown by the most typical', () => {
  const bicycles = ['駐輪場が狭いです', '駐輪場が足りません', '駐輪場に置けない', '駐輪場が満車', '駐輪場を広く'];
  const music = ['音楽がうるさい', '音楽が大きい', '音楽で話せない', '音楽は要らない', '音楽を止めて', '音楽が好み'];
  const texts = [
    ...bicycles.map((said, at) => text(at, said, ['駐輪場:狭い:-'])),
    ...music.map((said, at) => text(at + 5, said)),
    text(11, 'こんにちは'),
  ];
  const vectors = texts.map((_, at) =>
    Float32Array.of(at < 5 ? 5 : 0, at >= 5 && at < 11 ? 5 : 0, at === 11 ? 9 : 0, at / 100),
  );
  const issues = uncoveredIssues(texts, vectors);
  expect(issues.map(({ names, count }) => ({ names, count }))).toEqual([
    { names: ['音楽'], count: 6 },
    { names: ['駐輪場:狭い:-'], count: 5 },
  ]);
  expect(issues[0]?.examples).toHaveLength(3);
  expect(issues[0]?.examples.every(({ text: said }) => said.includes('音楽'))).toBe(true);
});

test('fewer than five that say the same are no issue', () => {
  const texts = ['一', '二', '三', '四'].map((said, at) => text(at, said));
  expect(
    uncoveredIssues(
      texts,
      texts.map(() => Float32Array.of(1, 0)),
    ),
  ).toEqual([]);
});
