import { expect, test } from 'vitest';
import { trainTfidf } from '../../../bench/eval/tfidf.ts';
import type { LabelledText } from '../../../src/domain/labelled-text.ts';

const rows = ['味', '店', '席', '音', '画面', '箱'].flatMap((thing, index): LabelledText[] => [
  {
    id: `p${index}`,
    text: `${thing}が最高でした`,
    labels: { sentiment: 'positive', topics: [], intents: ['praise'], emotion: 'joy', flags: [] },
  },
  {
    id: `n${index}`,
    text: `${thing}の値段が高すぎる`,
    labels: {
      sentiment: 'negative',
      topics: [{ id: 'price', polarity: 'negative' }],
      intents: ['complaint'],
      emotion: 'none',
      flags: [],
    },
  },
]);

test('finds in unseen texts what the rows taught it', () => {
  const find = trainTfidf(rows);
  expect(find('靴が最高でした')).toMatchObject({
    sentiment: { label: 'positive' },
    topics: [],
    intents: [{ id: 'praise' }],
    emotion: { id: 'joy' },
  });
  expect(find('靴の値段が高すぎる')).toMatchObject({
    sentiment: { label: 'negative' },
    topics: [{ id: 'price', polarity: 'negative' }],
    intents: [{ id: 'complaint' }],
  });
  expect(find('靴の値段が高すぎる').emotion).toBeUndefined();
});
