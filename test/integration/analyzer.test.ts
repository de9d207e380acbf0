import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../src/app/analyzer.ts';
import { type AnalyzedText, type TextAnalyzer, textAnalysisSchema } from '../../src/domain/analysis.ts';
import { DependencyError } from '../../src/domain/dependency-error.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';

const modelDir = join(packageRoot(), 'models/encoder');
const defaults = { processes: 1, modelDir, textTimeoutMs: 20_000, pipelineVersion: '9.9.9' };
const opened: TextAnalyzer[] = [];

async function open(options: Partial<typeof defaults & { memoryLimitMb: number }> = {}): Promise<TextAnalyzer> {
  const analyzer = await createAnalyzer({ ...defaults, ...options });
  opened.push(analyzer);
  return analyzer;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((analyzer) => analyzer.close()));
});

/** Analyses texts of which none may fail. */
async function analyzed(analyzer: TextAnalyzer, texts: readonly string[]): Promise<readonly AnalyzedText[]> {
  const results = await analyzer.analyze(texts.map((text) => ({ text })));
  return results.map((result) => {
    if ('failure' in result) throw new Error(`${result.failure}: ${result.detail}`);
    textAnalysisSchema.parse(result.analysis);
    return result;
  });
}

describe('with the model', () => {
  let analyzer: TextAnalyzer;

  beforeAll(async () => {
    analyzer = await createAnalyzer({ ...defaults, processes: 2 });
  });

  afterAll(() => analyzer.close());

  test('names every version that decides an analysis', () => {
    const { model, pipeline, ...assets } = analyzer.versions;
    expect([model, pipeline]).toEqual(['koe-encoder@0.3.0', '9.9.9']);
    for (const version of Object.values(assets)) expect(version).toMatch(/\d/);
  });

  test('reads sentiment, topics and intents sentence by sentence', async () => {
    const text = 'スープがぬるくて残念でした。でも店員さんはとても親切でした！';
    const [result] = await analyzed(analyzer, [text]);
    expect(result?.analysis).toMatchObject({ status: 'analyzed', language: { code: 'ja' } });
    expect(result?.analysis.topics).toContainEqual(expect.objectContaining({ id: 'staff', polarity: 'positive' }));
    const words = result?.analysis.sentences.map(({ span }) => text.slice(span.start, span.end));
    expect(words).toEqual(['スープがぬるくて残念でした。', 'でも店員さんはとても親切でした！']);
    expect(result?.analysis.sentences.map(({ sentiment }) => sentiment.label)).toEqual(['negative', 'positive']);
  });

  test('praise stands though a question follows, and a question alone is neutral', async () => {
    const question = '定期便の日付はどこで変えられますか？';
    const results = await analyzed(analyzer, [`このアプリはとても使いやすくて大好きです。${question}`, question]);
    expect(results.map(({ analysis }) => analysis.sentiment?.label)).toEqual(['positive', 'neutral']);
  });

  test('a title tells of the whole, and no label points into it', async () => {
    const text = '昨日届いて、今日使いました。';
    const titles = [undefined, '最悪です', '最高です'];
    const results = await analyzer.analyze(titles.map((title) => ({ text, title })));
    const read = results.flatMap((result) => ('analysis' in result ? result.analysis : []));
    expect(read.map(({ sentiment }) => sentiment?.label)).toEqual(['neutral', 'negative', 'positive']);
    for (const { sentences, topics } of read) {
      const spans = [...sentences.map(({ span }) => span), ...topics.flatMap(({ spans }) => spans)];
      expect(spans.every(({ end }) => end <= text.length)).toBe(true);
    }
  });

  test('an analysis depends on its text alone, whatever is analysed beside it', async () => {
    const texts = Array.from(
      { length: 150 },
      (_, index) => `${index}番の席は${'とても'.repeat(index % 9)}寒かったです。`,
    );
    const together = await analyzed(analyzer, texts);
    for (const index of [0, 7, 80, 149]) {
      const [alone] = await analyzed(analyzer, texts.slice(index, index + 1));
      expect(alone).toEqual(together[index]);
    }
  });

  test('junk neither blocks nor kills, and its neighbours are analysed', async () => {
    const junk = [
      '😡'.repeat(5000),
      'w'.repeat(20_000),
      '\ud800'.repeat(1000),
      '\u0000',
      'ア'.repeat(20_000),
      '　',
      '',
    ];
    const texts = [
      '店員さんがとても親切で感動しました',
      ...junk,
      '二度と行きません',
      '今日はとても良い天気で、'.repeat(8334),
      Array.from({ length: 1000 }, (_, index) => `${index}番は品質が良い。`).join(''),
    ];
    const started = performance.now();
    const results = await analyzed(analyzer, texts);
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(results[0]?.analysis.sentiment?.label).toBe('positive');
    expect(results[8]?.analysis.sentiment?.label).toBe('negative');
    expect(results[9]?.analysis.status).toBe('analyzed');
    expect(results[10]?.analysis.sentences).toHaveLength(1000);
  });
});

test('without a model the lexicon decides, and the versions say so', async () => {
  const analyzer = await open({ modelDir: 'none' });
  expect(analyzer.versions.model).toBe('none');
  const [good, bad] = await analyzed(analyzer, ['料理がおいしい', '料理がまずい']);
  expect([good?.analysis.sentiment?.label, bad?.analysis.sentiment?.label]).toEqual(['positive', 'negative']);
});

test('a folder without a model is no model', async () => {
  const analyzer = await open({ modelDir: join(tmpdir(), 'koe-no-such-model') });
  expect(analyzer.versions.model).toBe('none');
});

test('a broken model stops the start with a sentence that says what is wrong', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'koe-model-'));
  try {
    await cp(modelDir, folder, { recursive: true });
    await writeFile(join(folder, 'tokenizer.json'), '{}');
    const starting = open({ modelDir: folder });
    await expect(starting).rejects.toThrow(/tokenizer\.json has SHA-256/);
    await expect(starting).rejects.toBeInstanceOf(DependencyError);
    await expect(starting).rejects.toMatchObject({ dependency: 'model', nature: 'permanent' });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the model can be loaded again after every process that had it is gone', async () => {
  const text = '接客が丁寧でした';
  const first = await open();
  const before = await analyzed(first, [text]);
  await first.close();
  expect(await analyzed(await open(), [text])).toEqual(before);
});

test('a text that takes too long fails alone, in a process that was replaced for it', async () => {
  const analyzer = await open({ textTimeoutMs: 1000 });
  const endless = Array.from({ length: 3000 }, (_, index) => `${index}回目の注文も届くのが遅かったです。`).join('');
  const texts = ['店員さんがとても親切で感動しました', endless, 'スープがぬるくて残念でした'];
  const [first, failed, last] = await analyzer.analyze(texts.map((text) => ({ text })));
  expect(failed).toMatchObject({ failure: 'timeout' });
  expect([first, last]).toMatchObject([
    { analysis: { sentiment: { label: 'positive' } } },
    { analysis: { sentiment: { label: 'negative' } } },
  ]);
});
