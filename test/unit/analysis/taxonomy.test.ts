import { beforeAll, describe, expect, test } from 'vitest';
import { loadTaxonomy } from '../../../src/analysis/load-assets.ts';
import { parseTaxonomy } from '../../../src/analysis/taxonomy.ts';
import { findTopicKeywords } from '../../../src/analysis/topic-keywords.ts';
import { topicIds } from '../../../src/domain/labels.ts';
import { loadTokenizer, type Tokenizer } from '../../../src/text/tokenizer.ts';

const taxonomy = loadTaxonomy();
let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await loadTokenizer();
});

const topicsOf = (text: string) => findTopicKeywords(tokenizer.tokenize(text), taxonomy).map(({ id }) => id);

test('the taxonomy has every topic once', () => {
  expect(taxonomy.topics.map(({ id }) => id)).toEqual(topicIds);
});

describe.each(taxonomy.topics)('$id', ({ id, keywords, examples }) => {
  test.each(examples)('is found in %j', (example) => {
    expect(topicsOf(example)).toContain(id);
  });

  test('is found by each of its keywords, or by a longer one', () => {
    const missed = keywords.filter((keyword) => !topicsOf(keyword).includes(id));
    expect(missed).toEqual([]);
  });

  test('names no keyword twice', () => {
    expect(new Set(keywords).size).toBe(keywords.length);
  });
});

describe('a broken taxonomy is refused', () => {
  const good = { version: '1', topics: taxonomy.topics };

  test('with the name of the field', () => {
    const [first, ...rest] = taxonomy.topics;
    expect(() => parseTaxonomy({ ...good, topics: [{ ...first, keywords: [] }, ...rest] })).toThrow(
      /topics\.0\.keywords/,
    );
    expect(() => parseTaxonomy({ ...good, version: 1 })).toThrow(/version/);
  });

  test('when a topic is missing', () => {
    expect(() => parseTaxonomy({ ...good, topics: taxonomy.topics.slice(1) })).toThrow(/must be these/);
  });
});
