import { expect, test } from 'vitest';
import { createLabelTally, isChanged, labelChange } from '../../../src/insight/label-diff.ts';
import { enrichedRecord, topic } from '../../support/records.ts';

const before = enrichedRecord();

test('confidences, scores and spans do not count', () => {
  const after = enrichedRecord({
    sentiment: { label: 'negative', score: -0.1, confidence: 0.2 },
    topics: [{ ...topic('quality', 'negative'), confidence: 0.3, by: 'rule', spans: [{ start: 0, end: 2 }] }],
  });
  expect(isChanged(labelChange(before, after))).toBe(false);
});

test('every layer of labels counts', () => {
  const after = enrichedRecord({
    sentiment: { label: 'mixed', score: 0, confidence: 0.9 },
    topics: [topic('delivery', 'negative')],
    intents: [{ id: 'complaint', confidence: 0.9 }],
    emotion: { id: 'anger', confidence: 0.9 },
    flags: [{ id: 'effort', confidence: 0.9 }],
  });
  expect(labelChange(before, after)).toEqual({
    from: 'negative',
    to: 'mixed',
    added: ['topic:delivery', 'intent:complaint', 'emotion:anger', 'flag:effort'],
    removed: ['topic:quality'],
    turned: [],
  });
});

test('a text that is no longer analysed has its status in place of a sentiment', () => {
  const { sentiment, ...rest } = before;
  const after = { ...rest, status: 'spam' as const, topics: [] };
  expect(labelChange(before, after)).toMatchObject({ from: 'negative', to: 'spam', removed: ['topic:quality'] });
});

test('a topic of which sentences disagree turns only when the set of its polarities does', () => {
  const both = enrichedRecord({ topics: [topic('quality', 'positive'), topic('quality', 'negative')] });
  const swapped = enrichedRecord({ topics: [topic('quality', 'negative'), topic('quality', 'positive')] });
  expect(isChanged(labelChange(both, swapped))).toBe(false);
  expect(labelChange(both, before)).toMatchObject({
    added: [],
    removed: [],
    turned: ['topic:quality negative+positive > negative'],
  });
});

test('a tally counts records once, labels each time, and keeps few examples', () => {
  const tally = createLabelTally(2);
  const after = enrichedRecord({ topics: [topic('delivery', 'negative')] });
  for (const id of ['a', 'b', 'c']) tally.add(id, labelChange(before, after));
  tally.add('d', labelChange(before, before));
  const report = tally.report();
  expect(report).toMatchObject({
    records: 4,
    changed: 3,
    transitions: [{ from: 'negative', to: 'negative', count: 4 }],
    added: [['topic:delivery', 3]],
    removed: [['topic:quality', 3]],
  });
  expect(report.examples.map(({ key }) => key)).toEqual(['a', 'b']);
});
