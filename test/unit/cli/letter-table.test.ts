import { expect, test } from 'vitest';
import { letterTable, letterText } from '../../../src/cli/letter-table.ts';
import type { ShownLetter } from '../../../src/domain/shown-letter.ts';

const steering = 'a\u001b[2Jb\u009bc\u202ed\re';
const letter: ShownLetter = {
  letter: '0:1',
  at: '2026-11-01T01:00:00.000Z',
  status: 'waiting',
  code: steering,
  detail: steering,
  source: steering,
  redriveCount: 0,
  keyBytes: 1,
  valueBytes: 2,
  headers: { [steering]: [steering] },
  preview: steering,
};

test('nothing in a letter steers the terminal', () => {
  for (const shown of [letterText(letter), letterTable([letter], 200)]) {
    expect(shown).toContain('a�[2Jb�c�d�e');
    expect(shown).not.toMatch(/[\u001b\u009b\u202e\r]/);
  }
});
