import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { voiceTable } from '../../../src/cli/voice-table.ts';
import type { VoiceReport } from '../../../src/store/voice-query.ts';

const report = (changes: Partial<VoiceReport> = {}): VoiceReport => ({
  stance: 'criticism',
  since: '2026-11-15T00:00:00.000Z',
  until: '2026-11-22T13:00:00.000Z',
  feedback: 260,
  isTenantKnown: true,
  previousFeedback: 250,
  hoursPending: 0,
  points: [
    {
      topic: 'waiting',
      count: 23,
      voices: 21,
      share: 21 / 23,
      interval: [0.73, 0.98],
      shrunkShare: 0.9,
      sentiment: -0.5,
      severity: 24.4,
      change: { previous: 6, growth: 3.4, pValue: 0.004, q: 0.02 },
      customers: { value: 1234, standardError: 54 },
      npsImpact: { points: -3.25, answers: 12 },
      revenueAtRisk: { value: 120_000, standardError: 0 },
      opinions: [{ key: '時間:長い:-', count: 12 }],
      channels: [],
      firstSeen: '2026-10-01T20:00:00.000Z',
      attribute: [{ value: '東京', count: 12, voices: 6, share: 0.5, interval: [0.25, 0.75] }],
      verbatims: [
        {
          id: 'r-1',
          occurredAt: '2026-11-20T00:00:00.000Z',
          channel: 'review',
          sentence:
            '\u001b[2J二時間並んで入園、三時間並んで乗って、四分で終わりでした。\u202e二度と行かないと思います。',
          highlights: [],
        },
      ],
    },
  ],
  ...changes,
});

/** Columns of a terminal: a Japanese character takes two. */
const width = (line: string) =>
  [...line].reduce((sum, character) => sum + (/[\u3000-\u9fff\uff00-\uff60]/.test(character) ? 2 : 1), 0);

test.each([80, 100, 126, 180])('fits into a terminal of %i columns', (columns) => {
  const [table = ''] = stripVTControlCharacters(voiceTable(report(), columns, 'Asia/Tokyo')).split('\n260 pieces');
  for (const line of table.split('\n')) expect(width(line)).toBeLessThanOrEqual(columns);
  expect(table).toContain('待ち時間');
  expect(table).toContain('二時間並んで');
  expect(table).toContain('時間:長い:- ×12');
});

test('tells everything where there is room, and the rarer figures give way first', () => {
  const wide = voiceTable(report(), 180, 'Asia/Tokyo');
  for (const figure of ['21/23', '91 % (73-98)', '6 ↑*', '24.4', '1,234 ±106', '−3.3', '120,000', 'since 2026-10-02'])
    expect(wide).toContain(figure);
  expect(wide).toContain('from 2026-11-15 09:00 to 2026-11-22 22:00 Asia/Tokyo');
  const narrow = voiceTable(report(), 80, 'Asia/Tokyo');
  expect(narrow).toContain('21/23');
  expect(narrow).not.toContain('120,000');
});

test("customers' words do not steer the terminal", () => {
  expect(voiceTable(report(), 180, 'UTC')).not.toMatch(/[\u001b\u202e]/);
});

test('says what is still being counted, even if there is nothing else to say', () => {
  expect(voiceTable(report({ points: [], hoursPending: 3 }), 180, 'UTC')).toBe(
    'No pain points in 260 pieces of feedback from 2026-11-15 00:00 to 2026-11-22 13:00 UTC\n' +
      '3 hours are still being counted by the workers; ask again soon\n',
  );
});

test('nothing to compare with is said so', () => {
  expect(voiceTable(report({ previousFeedback: 0 }), 180, 'UTC')).toContain('there is no feedback in the period');
  expect(voiceTable(report({ isTenantKnown: false }), 180, 'UTC')).toContain('is its name right?');
});
