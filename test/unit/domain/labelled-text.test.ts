import { expect, test } from 'vitest';
import { parseLabelledJsonLines, parseLabelledTsv } from '../../../src/domain/labelled-text.ts';

test('reads the columns of the annotation guide', () => {
  const file = '\ufeffa-1\tm\ttaste+,staff-,price0\tcomplaint,praise\tnone\teffort\t味は良いのに店員が…\r\n\n';
  expect(parseLabelledTsv(file)).toEqual({
    problems: [],
    texts: [
      {
        id: 'a-1',
        text: '味は良いのに店員が…',
        labels: {
          sentiment: 'mixed',
          topics: [
            { id: 'taste', polarity: 'positive' },
            { id: 'staff', polarity: 'negative' },
            { id: 'price', polarity: 'neutral' },
          ],
          intents: ['complaint', 'praise'],
          emotion: 'none',
          flags: ['effort'],
        },
      },
    ],
  });
});

test('reads JSON lines with any of the labels', () => {
  const lines = [
    '{"text":"高い","topics":["price-",{"id":"taste","polarity":"positive"}]}',
    '{"id":"b","text":"最高","sentiment":"positive","emotion":"joy","intents":[]}',
  ];
  expect(parseLabelledJsonLines(lines.join('\n')).texts).toEqual([
    {
      id: 'line-1',
      text: '高い',
      labels: {
        topics: [
          { id: 'price', polarity: 'negative' },
          { id: 'taste', polarity: 'positive' },
        ],
      },
    },
    { id: 'b', text: '最高', labels: { sentiment: 'positive', emotion: 'joy', intents: [] } },
  ]);
});

test.each([
  ['a\tp\tnone\tnone\tnone\t高い', /line 1: there are 6 columns and not the 7/],
  ['a\tx\tnone\tnone\tnone\tnone\t高い', /line 1: sentiment: /],
  ['a\tp\tcost-\tnone\tnone\tnone\t高い', /line 1: topics\.0\.id: /],
  ['a\tp\tprice\tnone\tnone\tnone\t高い', /line 1: topics\.0: must be a topic and its sign/],
  ['a\tp\tnone\tbuy\tnone\tnone\t高い', /line 1: intents\.0: /],
])('names line and field of a bad row, but not its text', (row, problem) => {
  const { problems, texts } = parseLabelledTsv(row);
  expect(texts).toEqual([]);
  expect(problems).toEqual([expect.stringMatching(problem)]);
  expect(problems.join()).not.toContain('高い');
});

test.each([
  ['{"text":"高い"', /line 2: it is not JSON/],
  ['{"text":"高い"}', /line 2: there is no label/],
  ['{"text":"","sentiment":"positive"}', /line 2: text: /],
  ['{"text":"高い","sentiment":"bad"}', /line 2: sentiment: /],
  ['{"text":"高い","mood":"bad"}', /line 2: .*mood/],
])('names line and field of a bad JSON line', (line, problem) => {
  const { problems, texts } = parseLabelledJsonLines(`{"text":"良い","sentiment":"positive"}\n${line}`);
  expect(texts).toHaveLength(1);
  expect(problems).toEqual([expect.stringMatching(problem)]);
  expect(problems.join()).not.toContain('高い');
});
