import { beforeEach, describe, expect, test } from 'vitest';
import type { AnalysisFailure, AnalyzedText, TextAnalyzer } from '../../../src/domain/analysis.ts';
import { DependencyError } from '../../../src/domain/dependency-error.ts';
import { type EnrichedRecord, recordSchema } from '../../../src/domain/record.ts';
import type { SaveResult } from '../../../src/domain/record-store.ts';
import { topicNames } from '../../../src/domain/topics.ts';
import type { OtherTurn } from '../../../src/domain/turn.ts';
import { createEnricher } from '../../../src/pipeline/enricher.ts';
import { createPipeline } from '../../../src/pipeline/pipeline.ts';
import { createMasker } from '../../../src/text/personal-data/masker.ts';
import { loadPersonNames } from '../../../src/text/personal-data/person-names.ts';
import { message, rawFeedback } from '../../support/messages.ts';

const analysis: AnalyzedText = {
  analysis: {
    status: 'analyzed',
    language: { code: 'ja', confidence: 1 },
    sentiment: { label: 'negative', score: -0.9, confidence: 0.95 },
    topics: [],
    intents: [],
    flags: [],
    opinions: [],
    sentences: [],
  },
  truncated: false,
};
const versions = { model: 'none', taxonomy: '1', lexicon: '1', dictionary: 'd', pipeline: '0' };

const masker = createMasker(await loadPersonNames());

let saved: EnrichedRecord[];
let published: EnrichedRecord[];
let kept: OtherTurn[];
let ignored: number;
let texts: string[];
let onSave: (record: EnrichedRecord) => SaveResult;
let tooLargeToPublish: (record: EnrichedRecord) => boolean;
let onText: (text: string) => AnalyzedText | AnalysisFailure;

beforeEach(() => {
  saved = [];
  published = [];
  kept = [];
  ignored = 0;
  texts = [];
  onSave = () => 'created';
  tooLargeToPublish = () => false;
  onText = () => analysis;
});

function pipeline() {
  const analyzer: TextAnalyzer = {
    versions,
    analyze: async (batch) => {
      texts.push(...batch.map(({ text }) => text));
      return batch.map(({ text }) => onText(text));
    },
    close: async () => {},
  };
  return createPipeline({
    topics: topicNames('koe.'),
    maxMessageBytes: 100_000,
    maxTextLength: 1000,
    strictFields: false,
    enrich: createEnricher({
      analyzer,
      masker,
      pseudonymize: (tenant, customer) => `pseudonym of ${tenant} ${customer}`,
    }),
    store: {
      save: async (records) => {
        const results = records.map((record) => onSave(record));
        saved.push(...records);
        return results;
      },
    },
    publisher: {
      publish: async (records) => {
        published.push(...records.filter((record) => !tooLargeToPublish(record)));
        return records.filter(tooLargeToPublish);
      },
    },
    turns: {
      keep: async (turns) => {
        kept.push(...turns);
      },
    },
    observer: { stepTook: () => {}, saved: () => {}, fieldsIgnored: (count) => (ignored += count) },
    now: () => Date.UTC(2026, 10, 2),
  });
}

describe('one verdict per message, in order', () => {
  test('good, unwanted and bad messages side by side', async () => {
    const verdicts = await pipeline()([
      message(rawFeedback({ id: 'a' })),
      message('not JSON'),
      message(rawFeedback({ id: 'b' })),
      message(null),
      message(rawFeedback({ id: 'c', conversation: { id: 'x', author: 'agent' } })),
      message(rawFeedback({ id: 'd' })),
    ]);
    expect(verdicts.map((verdict) => verdict.kind)).toEqual(['ok', 'dead-letter', 'ok', 'drop', 'drop', 'ok']);
    expect(saved.map(({ id }) => id)).toEqual(['a', 'b', 'd']);
    expect(published).toEqual(saved);
  });

  test('of agents and bots it is kept when they spoke, and nothing of what they said', async () => {
    const said = { text: '担当の者です', occurredAt: '2026-11-01T10:05:00+09:00', channel: 'review' };
    const verdicts = await pipeline()([
      message(rawFeedback({ ...said, id: 't1', conversation: { id: 'x', turn: 1, author: 'agent' } })),
      message(rawFeedback({ ...said, id: 't2', conversation: { id: 'x', author: 'customer' } })),
    ]);
    expect(verdicts.map(({ kind }) => kind)).toEqual(['drop', 'ok']);
    expect(kept).toEqual([
      {
        ...{ tenant: 'shop', id: 't1', revision: 0, channel: 'review', conversation: 'x', turn: 1, author: 'agent' },
        occurredAt: '2026-11-01T01:05:00.000Z',
        receivedAt: '2026-11-01T02:00:00.000Z',
      },
    ]);
  });

  test('a batch without anything good touches neither store nor publisher', async () => {
    onSave = () => {
      throw new Error('must not be called');
    };
    expect(await pipeline()([message(null)])).toEqual([{ kind: 'drop', reason: 'tombstone' }]);
    expect(await pipeline()([])).toEqual([]);
  });

  test('a topic that carries no feedback', async () => {
    const verdicts = await pipeline()([message(rawFeedback(), { topic: 'koe.other.v1' })]);
    expect(verdicts).toMatchObject([{ kind: 'dead-letter', code: 'KOE_TOPIC_UNKNOWN' }]);
  });

  test('a text that the analyzer cannot take fails alone', async () => {
    onText = (text) => (text.includes('固まる') ? { failure: 'timeout', detail: 'after 10 s' } : analysis);
    const verdicts = await pipeline()([
      message(rawFeedback({ id: 'a', text: '固まる' })),
      message(rawFeedback({ id: 'b' })),
    ]);
    expect(verdicts).toMatchObject([{ kind: 'dead-letter', code: 'KOE_ANALYZER_TIMEOUT' }, { kind: 'ok' }]);
    expect(saved.map(({ id }) => id)).toEqual(['b']);
  });

  test('a record that lost against a newer one is counted and not published', async () => {
    onSave = ({ id }) => (id === 'old' ? 'superseded' : 'created');
    const verdicts = await pipeline()([message(rawFeedback({ id: 'old' })), message(rawFeedback({ id: 'new' }))]);
    expect(verdicts).toEqual([
      { kind: 'drop', reason: 'superseded' },
      { kind: 'ok', value: undefined },
    ]);
    expect(published.map(({ id }) => id)).toEqual(['new']);
  });

  test('a record that is too large fails alone and says where it is', async () => {
    onSave = ({ id }) => (id === 'b' ? 'too-large' : 'created');
    tooLargeToPublish = ({ id }) => id === 'c';
    const verdicts = await pipeline()(['a', 'b', 'c', 'd'].map((id) => message(rawFeedback({ id }))));
    const code = 'KOE_RECORD_TOO_LARGE';
    expect(verdicts).toMatchObject([
      { kind: 'ok' },
      { kind: 'dead-letter', code, step: 'store', detail: expect.stringMatching(/^not stored/) },
      { kind: 'dead-letter', code, step: 'publish', detail: expect.stringMatching(/^stored, not published/) },
      { kind: 'ok' },
    ]);
    expect(published.map(({ id }) => id)).toEqual(['a', 'd']);
  });

  test('a store that is away is thrown, not turned into verdicts', async () => {
    onSave = () => {
      throw new DependencyError('mongodb', 'transient', 'away');
    };
    await expect(pipeline()([message(rawFeedback())])).rejects.toThrow(DependencyError);
    expect(published).toEqual([]);
  });
});

describe('the record', () => {
  test('is what its schema says', async () => {
    const raw = rawFeedback({
      customerId: 'customer-1',
      title: 'がっかり',
      rating: { value: 1, min: 1, max: 5 },
      attributes: { product: 'kettle' },
      source: { system: 'shop' },
    });
    await pipeline()([message(raw)]);
    expect(saved).toHaveLength(1);
    expect(recordSchema.parse(saved[0])).toEqual({
      id: 'review-1',
      tenant: 'shop',
      revision: 0,
      channel: 'review',
      occurredAt: '2026-11-01T01:00:00.000Z',
      receivedAt: '2026-11-01T02:00:00.000Z',
      customer: 'pseudonym of shop customer-1',
      title: 'がっかり',
      text: '電池がすぐ切れます。',
      ...analysis.analysis,
      personalData: {},
      rating: { value: 1, min: 1, max: 5 },
      attributes: { product: 'kettle' },
      source: { system: 'shop' },
      provenance: { ...versions, topic: 'koe.feedback.review.v1', partition: 0, offset: '7', truncated: false },
    });
  });

  test('personal data is masked before the text is analysed, and counted', async () => {
    const text = '連絡は090-1234-5678かtaro@example.comまで。';
    await pipeline()([message(rawFeedback({ text, title: 'hanako@example.com' }))]);
    expect(texts).toEqual(['連絡は[電話番号]か[メールアドレス]まで。']);
    expect(saved[0]).toMatchObject({ text: texts[0], title: '[メールアドレス]', personalData: { phone: 1, mail: 2 } });
  });

  test('personal data is masked wherever customers and systems put it', async () => {
    const raw = rawFeedback({
      text: '担当の田中さんがよかったです。',
      survey: { question: '090-1234-5678でのご案内はいかがでしたか' },
      attributes: {
        product: 'kettle',
        note: '山田と申します',
        customerName: '誰か',
        phone: 312345678,
        vip: true,
        size: 3,
      },
      source: { system: 'shop', url: 'https://example.com/r?id=7&token=abcdef0123456789' },
    });
    await pipeline()([message(raw)]);
    expect(saved[0]).toMatchObject({
      text: '担当の[氏名]さんがよかったです。',
      survey: { question: '[電話番号]でのご案内はいかがでしたか' },
      attributes: {
        product: 'kettle',
        note: '[氏名]と申します',
        customerName: '[氏名]',
        phone: '[電話番号]',
        vip: true,
        size: 3,
      },
      source: { system: 'shop', url: 'https://example.com/r?id=7&token=[認証情報]' },
      personalData: { name: 3, phone: 2, secret: 1 },
    });
    expect(recordSchema.safeParse(saved[0]).success).toBe(true);
  });

  test('a lone surrogate becomes U+FFFD', async () => {
    await pipeline()([message(rawFeedback({ text: 'だめ\ud83d。' }))]);
    expect(saved[0]?.text).toBe('だめ\ufffd。');
  });

  test('ignored fields are counted', async () => {
    await pipeline()([message(rawFeedback({ mood: 1, weather: 2 }))]);
    expect(ignored).toBe(2);
  });
});
