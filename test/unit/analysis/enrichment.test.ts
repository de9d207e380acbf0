import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type EnrichmentAssets, finishAnalysis, prepareText } from '../../../src/analysis/enrichment.ts';
import { loadEnrichmentAssets } from '../../../src/analysis/load-assets.ts';
import type { Decision, SentenceScores, TextScores } from '../../../src/analysis/sentence-scores.ts';
import { type TextAnalysis, textAnalysisSchema } from '../../../src/domain/analysis.ts';
import { emotionIds, flagIds, intentIds, polarities, topicIds } from '../../../src/domain/labels.ts';
import type { Span } from '../../../src/domain/span.ts';
import { plainRollUp } from '../../../src/model/roll-up-weights.ts';

let assets: EnrichmentAssets;
beforeAll(async () => {
  assets = await loadEnrichmentAssets();
});

const decision: Decision = {
  thresholds: {
    topics: filled(topicIds, 0.5, { safety: 0.2 }),
    intents: filled(intentIds, 0.5),
    flags: filled(flagIds, 0.5),
  },
  rollUp: plainRollUp,
};
const textScores = (sentences: SentenceScores[]): TextScores => ({ sentences, passages: [], decision });
const analyze = (text: string, scores?: SentenceScores[]) =>
  finishAnalysis(prepareText(text, assets), scores && textScores(scores), assets);

function filled<K extends string, V>(ids: readonly K[], value: V, more: Partial<Record<K, V>> = {}): Record<K, V> {
  return { ...(Object.fromEntries(ids.map((id) => [id, value])) as Record<K, V>), ...more };
}

interface Said {
  readonly sentiment?: Required<SentenceScores>['sentiment'];
  readonly topics?: Partial<Required<SentenceScores>['topics']>;
  readonly intents?: Partial<Required<SentenceScores>['intents']>;
  readonly emotion?: Partial<Required<SentenceScores>['emotion']>;
  readonly flags?: Partial<Required<SentenceScores>['flags']>;
  readonly truncated?: boolean;
}

function scoresOf(said: Said): SentenceScores {
  return {
    sentiment: said.sentiment ?? { positive: 0.1, negative: 0.7, neutral: 0.15, mixed: 0.05 },
    topics: filled(topicIds, 0.01, said.topics),
    polarities: filled(topicIds, filled(polarities, 0.1, { negative: 0.8 })),
    intents: filled(intentIds, 0.02, said.intents),
    emotion: filled(['none', ...emotionIds], 0.05, { none: 0.7, ...said.emotion }),
    flags: filled(flagIds, 0.01, said.flags),
    truncated: said.truncated ?? false,
  };
}

function allSpans(analysis: TextAnalysis): Span[] {
  return [analysis, ...analysis.sentences].flatMap((layers) => [
    ...('span' in layers ? [layers.span] : []),
    ...layers.topics.flatMap((topic) => topic.spans),
    ...layers.intents.flatMap((intent) => intent.spans ?? []),
    ...layers.flags.flatMap((flag) => flag.spans ?? []),
  ]);
}

describe('what is analysed', () => {
  test.each([
    ['配送が遅いです', 'analyzed'],
    ['😡', 'analyzed'],
    ['最悪', 'analyzed'],
    ['[電話番号]に電話しても出ない', 'analyzed'],
    ['特になし', 'not-meaningful'],
    ['ああああ', 'not-meaningful'],
    ['[メールアドレス]', 'not-meaningful'],
    ['12345', 'not-meaningful'],
    ['The delivery was late and nobody answered.', 'unsupported-language'],
    ['Please call me back at [電話番号].', 'unsupported-language'],
    ['这个产品质量很差', 'unsupported-language'],
  ])('%j is %s', (text, status) => {
    const { analysis } = analyze(text);
    expect(analysis.status).toBe(status);
    if (status === 'analyzed') expect(analysis.sentiment).toBeDefined();
    else
      expect(analysis).toEqual({
        status,
        ...(status === 'not-meaningful' && { statusReason: expect.any(String) }),
        language: analysis.language,
        topics: [],
        intents: [],
        flags: [],
        opinions: [],
        sentences: [],
      });
  });
});

describe('a prepared text', () => {
  test('has the sentences in the customer’s own words and tokens in uniform ones', () => {
    const { sentences } = prepareText('ﾃﾞｻﾞｲﾝが　良い！！！！\n二行目👍🏻', assets);
    expect(sentences.map(({ text }) => text)).toEqual(['ﾃﾞｻﾞｲﾝが　良い！！！！', '二行目👍🏻']);
    expect(sentences[0]?.tokens[0]).toMatchObject({ surface: 'デザイン', span: { start: 0, end: 6 } });
  });
});

describe('without a model', () => {
  test('topics come from keywords, with the words as ranges', () => {
    const text = '料理は美味しいけど、ｽﾀｯﾌの態度が最悪でした。';
    const { analysis } = analyze(text);
    const staff = analysis.topics.find(({ id }) => id === 'staff');
    expect(staff).toMatchObject({ polarity: 'negative', by: 'rule' });
    expect(staff?.spans.map(({ start, end }) => text.slice(start, end))).toContain('ｽﾀｯﾌ');
    expect(analysis.topics.find(({ id }) => id === 'taste')).toMatchObject({ polarity: 'positive' });
    expect(analysis.sentiment?.label).toBe('mixed');
  });

  test('no emotion is invented, and only the words of a rule raise a flag', () => {
    const { analysis } = analyze('何度電話しても繋がらず最悪。怒りしかない😡');
    expect(analysis.emotion).toBeUndefined();
    expect(analysis.flags).toMatchObject([{ id: 'effort', spans: [{ start: 0, end: 4 }] }]);
  });
});

describe('with a model', () => {
  test('a telephone number under a complaint is no sentence of its own', () => {
    const text = '電話がつながりません。\n[電話番号]';
    const { analysis } = analyze(text, [scoresOf({})]);
    expect(analysis.sentences.map(({ span }) => text.slice(span.start, span.end))).toEqual([text]);
  });

  test('labels are its most probable ones, numbers rounded to four decimals', () => {
    const { analysis } = analyze('配送が遅いです', [
      scoresOf({
        sentiment: { positive: 0.0612345, negative: 0.9112345, neutral: 0.0175, mixed: 0.01 },
        topics: { delivery: 0.91234567, price: 0.49 },
        intents: { complaint: 0.88 },
        emotion: { anger: 0.8, none: 0.1 },
        flags: { effort: 0.5 },
      }),
    ]);
    const whole = [{ start: 0, end: 7 }];
    expect(analysis).toMatchObject({
      sentiment: { label: 'negative', score: -0.85, confidence: 0.9112 },
      topics: [
        { id: 'delivery', polarity: 'negative', confidence: 0.9123, by: 'model', spans: [{ start: 0, end: 2 }] },
      ],
      intents: [{ id: 'complaint', spans: whole }],
      emotion: { id: 'anger', confidence: 0.8 },
      flags: [{ id: 'effort', confidence: 0.5, spans: whole }],
    });
    expect(analysis.topics).toHaveLength(1);
  });

  test('a topic without a keyword has the range of its sentence', () => {
    const { analysis } = analyze('はい。三日かかりました。', [scoresOf({}), scoresOf({ topics: { delivery: 0.9 } })]);
    expect(analysis.topics[0]?.spans).toEqual([{ start: 3, end: 12 }]);
  });

  test('truncation of any sentence is told', () => {
    expect(analyze('良い。悪い。', [scoresOf({}), scoresOf({ truncated: true })]).truncated).toBe(true);
    expect(analyze('良い。悪い。', [scoresOf({}), scoresOf({})]).truncated).toBe(false);
  });

  test('spam is what is spam in every sentence; it keeps flags and no other label', () => {
    const spam = scoresOf({ flags: { spam: 0.95 }, topics: { price: 0.9 } });
    const { analysis } = analyze('今日の天気は晴れです。明日は雨でしょう。', [spam, spam]);
    expect(analysis).toMatchObject({
      status: 'spam',
      statusReason: 'model',
      topics: [],
      intents: [],
      opinions: [],
      sentences: [],
    });
    expect(analysis.flags[0]).toMatchObject({ id: 'spam' });
    expect(analysis.sentiment).toBeUndefined();
    expect(analyze('副業で月収百万。対応が遅い。', [spam, scoresOf({})]).analysis.status).toBe('analyzed');
  });

  test('as many scores as sentences are demanded', () => {
    expect(() => analyze('良い。悪い。', [scoresOf({})])).toThrow('1 scores for 2 sentences');
  });
});

describe('for any text', () => {
  const pieces = fc.oneof(
    fc.constantFrom(
      '配送が遅い',
      'ﾃﾞｻﾞｲﾝは良いけど',
      '👍🏻',
      '👨‍👩‍👧',
      '。',
      '！？',
      '\n',
      '「',
      '」',
      'ｗｗｗｗ',
      '[電話番号]',
      '返金してください',
      '値段',
      '𠮷',
      '解約したい',
      '㈱',
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  const texts = fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(''));

  function check(analysis: TextAnalysis, text: string): void {
    expect(() => textAnalysisSchema.parse(analysis)).not.toThrow();
    for (const { start, end } of allSpans(analysis)) {
      expect(end).toBeGreaterThan(start);
      expect(end).toBeLessThanOrEqual(text.length);
      // No range begins or ends inside a surrogate pair.
      for (const edge of [start, end])
        expect(text.slice(edge - 1, edge + 1)).not.toMatch(/^[\ud800-\udbff][\udc00-\udfff]$/);
    }
  }

  test('the analysis by rules is valid and its ranges lie in the text', () => {
    fc.assert(
      fc.property(texts, (text) => check(analyze(text).analysis, text)),
      { numRuns: 200 },
    );
  });

  test('so is the analysis by a model', () => {
    const said = scoresOf({ topics: { delivery: 0.9, price: 0.6 }, intents: { request: 0.7 }, flags: { effort: 0.6 } });
    fc.assert(
      fc.property(texts, (text) => {
        const prepared = prepareText(text, assets);
        const sentences = prepared.sentences.map(() => said);
        const passages = prepared.passages.map(() => said);
        check(finishAnalysis(prepared, { sentences, passages, decision }, assets).analysis, text);
      }),
      { numRuns: 200 },
    );
  });

  test('the threshold of a label decides whether it is stated, its own where it has one', () => {
    const { analysis } = analyze('煙が出ました', [scoresOf({ topics: { safety: 0.25, defect: 0.25 } })]);
    expect(analysis.topics.map(({ id, confidence }) => ({ id, confidence }))).toEqual([
      { id: 'safety', confidence: 0.25 },
    ]);
  });

  test('what a model does not judge is read by rules', () => {
    const sentiment = { positive: 0.05, negative: 0.05, neutral: 0.85, mixed: 0.05 };
    const { analysis } = analyze('送料が高すぎるので安くしてほしいです', [{ sentiment, truncated: false }]);
    expect(analysis.sentiment?.label).toBe('neutral');
    expect(analysis.topics).toContainEqual(expect.objectContaining({ id: 'price', by: 'rule' }));
    expect(analysis.intents.map(({ id }) => id)).toContain('request');
    expect(analysis.emotion).toBeUndefined();
  });

  test('the same text gives the same analysis', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(analyze(text)).toEqual(analyze(text));
      }),
      { numRuns: 50 },
    );
  });
});
