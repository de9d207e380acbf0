import { expect, test } from 'vitest';
import { type AnswerCount, scoreSurveys } from '../../../src/insight/survey-scores.ts';

const answers = (metric: AnswerCount['metric'], min: number, max: number, counts: Record<number, number>) =>
  Object.entries(counts).map(([score, count]): AnswerCount => ({ metric, min, max, score: Number(score), count }));

test('NPS counts answers on 0 to 10, over several surveys, and leaves others out with a reason', () => {
  const { nps, excluded } = scoreSurveys([
    ...answers('nps', 0, 10, { 0: 5, 6: 5, 7: 3, 8: 2, 9: 4, 10: 6 }),
    ...answers('nps', 0, 10, { 10: 5 }),
    ...answers('nps', 1, 10, { 10: 30 }),
    ...answers('nps', 1, 5, { 5: 7, 1: 1 }),
  ]);
  expect(nps).toMatchObject({ answers: 30, promoters: 15, passives: 5, detractors: 10 });
  expect(nps?.score).toBeCloseTo(100 / 6, 10);
  expect(excluded).toMatchObject([
    { min: 1, max: 10, answers: 30, reason: expect.stringContaining('defined on 0–10') },
    { min: 1, max: 5, answers: 8 },
  ]);
});

test.each([
  ['csat', 1, 5, { 3: 2, 4: 3, 5: 5 }, 8],
  ['csat', 0, 10, { 7: 4, 8: 6 }, 6],
  ['ces', 1, 7, { 4: 5, 5: 3, 7: 2 }, 5],
  ['dwb', 1, 5, { 4: 9, 5: 1 }, 1],
] as const)('%s on %d to %d', (metric, min, max, counts, top) => {
  const score = scoreSurveys(answers(metric, min, max, counts))[metric];
  expect(score).toMatchObject({ answers: 10, top, share: top / 10 });
  expect(score?.interval[0]).toBeLessThan(top / 10);
});

test('scales of one metric are merged by their ends', () => {
  const { csat } = scoreSurveys([...answers('csat', 1, 5, { 5: 1 }), ...answers('csat', 0, 10, { 0: 1 })]);
  expect(csat).toMatchObject({ answers: 2, top: 1, mean: 0.5 });
});

test('no answers, no scores', () => {
  expect(scoreSurveys([])).toEqual({ excluded: [] });
});
