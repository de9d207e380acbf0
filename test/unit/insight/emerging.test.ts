import { expect, test } from 'vitest';
import { emergingTerms } from '../../../src/insight/emerging.ts';
import { poissonNumber, seededRandom } from '../../../src/insight/seeded-random.ts';

/** Counts of 200 terms with the same long-tailed frequencies in every draw. */
function draw(seed: number, scale: number): Map<string, number> {
  const random = seededRandom(seed);
  return new Map(
    Array.from({ length: 200 }, (_, at) => [`term ${at}`, poissonNumber((scale * 200) / (at + 1), random)] as const),
  );
}

test('a dozen texts about something new are found, and nothing else', () => {
  const current = draw(1, 1).set('new', 12);
  const found = emergingTerms(current, draw(2, 8));
  expect(found.map(({ term }) => term)).toEqual(['new']);
  expect(found[0]).toMatchObject({ count: 12, baselineCount: 0, growth: Number.POSITIVE_INFINITY });
});

test('a term that doubled is found with its growth', () => {
  const current = draw(1, 1).set('term 9', 60);
  const [found] = emergingTerms(current, draw(2, 8));
  expect(found?.term).toBe('term 9');
  expect(found?.growth).toBeGreaterThan(1.5);
});

test('without a change, few weeks have a false alarm', () => {
  let alarms = 0;
  for (let week = 0; week < 40; week++) alarms += emergingTerms(draw(100 + week, 1), draw(500 + week, 8)).length;
  expect(alarms).toBeLessThanOrEqual(4);
});

test('a handful of texts, and what fell, do not emerge', () => {
  expect(
    emergingTerms(
      new Map([
        ['a', 4],
        ['b', 100],
      ]),
      new Map([['b', 1000]]),
    ),
  ).toEqual([]);
  expect(
    emergingTerms(
      new Map([
        ['a', 10],
        ['b', 100],
      ]),
      new Map([
        ['a', 500],
        ['b', 500],
      ]),
    ).map(({ term }) => term),
  ).toEqual(['b']);
  expect(emergingTerms(new Map(), new Map())).toEqual([]);
});
