import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { painPointTable } from '../../../src/cli/pain-point-table.ts';
import type { PainPointReport } from '../../../src/store/pain-point-query.ts';

const report = (changes: Partial<PainPointReport> = {}): PainPointReport => ({
  since: '2026-11-15T00:00:00.000Z',
  until: '2026-11-22T13:00:00.000Z',
  feedback: 260,
  isTenantKnown: true,
  previousFeedback: 0,
  hoursPending: 0,
  painPoints: [
    {
      topic: 'waiting',
      count: 23,
      negative: 21,
      negativeShare: 21 / 23,
      interval: [0.73, 0.98],
      sentiment: -0.5,
      previousNegative: 6,
      verbatim: {
        id: 'r-1',
        occurredAt: '2026-11-20T00:00:00.000Z',
        sentence: '\u001b[2J二時間並んで入園、三時間並んで乗って、四分で終わりでした。\u202e二度と行かないと思います。',
      },
    },
  ],
  ...changes,
});

/** Columns of a terminal: a Japanese character takes two. */
const width = (line: string) =>
  [...line].reduce((sum, character) => sum + (/[\u3000-\u9fff\uff00-\uff60]/.test(character) ? 2 : 1), 0);

test.each([80, 100, 126, 180])('fits into a terminal of %i columns', async (columns) => {
  const table = await painPointTable(report(), columns);
  for (const line of stripVTControlCharacters(table).split('\n')) expect(width(line)).toBeLessThanOrEqual(columns);
  expect(table).toContain('待ち時間');
  expect(table).toContain('二時間並んで');
});

test("customers' words do not steer the terminal", async () => {
  expect(await painPointTable(report(), 180)).not.toMatch(/[\u001b\u202e]/);
});

test('says what is still being counted, even if there is nothing else to say', async () => {
  const table = await painPointTable(report({ painPoints: [], hoursPending: 3 }), 180);
  expect(table).toBe(
    'No pain points in 260 pieces of feedback from 2026-11-15 00:00 to 2026-11-22 13:00 UTC\n' +
      '3 hours are still being counted by the workers; ask again soon\n',
  );
});
