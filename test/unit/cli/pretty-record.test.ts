import { expect, test } from 'vitest';
import { prettyRecord } from '../../../src/cli/pretty-record.ts';
import type { Opinion } from '../../../src/domain/analysis.ts';
import { enrichedRecord } from '../../support/records.ts';

const opinion: Opinion = {
  target: { surface: '電池', lemma: '電池', span: { start: 0, end: 2 } },
  expression: { surface: '持たない', lemma: '持つ', span: { start: 5, end: 9 } },
  polarity: 'negative',
  negated: true,
  intensity: 'strong',
  tense: 'present',
  modality: 'stated',
  by: 'lexicon',
  key: '電池:持たない:-',
};

test('targets and expressions are underlined, expressions in the colour of their polarity', () => {
  const pretty = prettyRecord(enrichedRecord({ text: '電池が全然持たない', opinions: [opinion] }), true);
  expect(pretty).toContain('\u001b[4m電池\u001b[0mが全然\u001b[4;31m持たない\u001b[0m');
  expect(pretty).toContain('電池 → 持たない (negated, strong)  電池:持たない:-');
});

test('without colour no control characters are written, not even those of the text', () => {
  const pretty = prettyRecord(enrichedRecord({ text: '\u001b[2J電池', opinions: [opinion] }), false);
  expect(pretty).not.toContain('\u001b');
  expect(pretty).toContain('�[2J電池');
});
