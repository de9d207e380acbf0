import { createHash } from 'node:crypto';
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { SentenceScorer, SentenceScores } from '../../../src/analysis/sentence-scores.ts';
import { DependencyError } from '../../../src/domain/dependency-error.ts';
import { openSentenceScorer } from '../../../src/model/sentence-scorer.ts';
import { packageRoot } from '../../../src/runtime/package-root.ts';

const encoder = join(packageRoot(), 'models/encoder');
const folders: string[] = [];
let scorer: SentenceScorer;

beforeAll(async () => {
  const opened = await openSentenceScorer(encoder);
  if (opened === undefined) throw new Error('the repository has no model');
  scorer = opened;
});

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

async function copyOfModel(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'koe-model-'));
  folders.push(folder);
  await cp(encoder, folder, { recursive: true });
  return folder;
}

/** Changes a JSON file of a model folder, and the manifest so that it names the changed file. */
async function edit(folder: string, file: string, from: string | RegExp, to: string): Promise<void> {
  const text = (await readFile(join(folder, file), 'utf8')).replace(from, to);
  await writeFile(join(folder, file), text);
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  manifest.files[file] = createHash('sha256').update(text).digest('hex');
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

test('names the model as records store it', () => {
  expect(scorer.version).toBe('koe-encoder@0.1.0');
});

test('scores do not depend on the sentences beside them, nor on their order', async () => {
  const sentences = [
    '最高',
    'スープがぬるかった',
    '😭😭',
    '',
    '店員さんの対応がとても丁寧で、また来たいと思いました。'.repeat(4),
    ...Array.from({ length: 30 }, (_, index) => `${index}時間待たされました${'。'.repeat(index % 3)}`),
  ];
  const together = await scorer.score(sentences);
  const reversed = (await scorer.score(sentences.toReversed())).toReversed();
  for (const [index, sentence] of sentences.entries()) {
    const [alone] = await scorer.score([sentence]);
    expectAlike(together[index], alone);
    expectAlike(reversed[index], alone);
  }
});

/** Equal up to the rounding of sums that are added up in another order: far below anything a label could turn on. */
function expectAlike(scores: SentenceScores | undefined, expected: SentenceScores | undefined): void {
  const difference = numbers(scores).map((value, index) => Math.abs(value - (numbers(expected)[index] ?? Number.NaN)));
  expect(difference).toHaveLength(128);
  expect(Math.max(...difference)).toBeLessThan(1e-5);
}

function numbers(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbers) : [];
}

test('says when a sentence was longer than the model reads, and still reads its beginning', async () => {
  const start = '味噌ラーメンがまずい。';
  const [short, long, endless] = await scorer.score([start, start.repeat(60), start.repeat(9000)]);
  expect([short?.truncated, long?.truncated, endless?.truncated]).toEqual([false, true, true]);
  expect(short?.topics.taste).toBeGreaterThan(0.5);
  expect(long?.topics.taste).toBeGreaterThan(0.5);
  expectAlike(endless, long);
});

test('hears emoji and kaomoji, and reads half-width kana like full-width', async () => {
  const texts = ['届きました😊', '届きました😡', '届いた(^^)', '届いた(T_T)', 'ｻｰﾋﾞｽ最悪', 'サービス最悪'];
  const [glad, angry, smile, tears, halfWidth, fullWidth] = await scorer.score(texts);
  expect(angry?.sentiment.negative).toBeGreaterThan((glad?.sentiment.negative ?? 1) + 0.1);
  expect(tears?.sentiment.negative).toBeGreaterThan((smile?.sentiment.negative ?? 1) + 0.1);
  expectAlike(halfWidth, fullWidth);
});

test('neither blocks nor dies on junk', async () => {
  const junk = ['', ' ', '\ud83d', '\udc00\ud800', '<s></s><mask>', '\u0000'.repeat(1000), '🤖'.repeat(50_000)];
  for (const unit of ['w', 'あ', 'ア', '漢', '1', ' ', '。', '𠮷', 'é', '\ud800', '今日は'])
    junk.push(unit.repeat(100_000));
  const started = performance.now();
  const scores = await scorer.score(junk);
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(scores).toHaveLength(junk.length);
  for (const { sentiment } of scores) {
    expect(Object.values(sentiment).reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1);
  }
});

test('computes on one core', async () => {
  const sentences = Array.from({ length: 200 }, (_, index) => `注文してから届くまでに${index}日もかかりました`);
  const before = process.cpuUsage();
  const started = performance.now();
  await scorer.score(sentences);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000 / (performance.now() - started)).toBeLessThan(1.5);
});

test('no folder, or a folder without a manifest, is no model', async () => {
  const folder = await copyOfModel();
  await rm(join(folder, 'manifest.json'));
  expect(await openSentenceScorer(folder)).toBeUndefined();
  expect(await openSentenceScorer(join(folder, 'absent'))).toBeUndefined();
});

test.each([
  ['a file is missing', (folder: string) => rm(join(folder, 'tokenizer.json')), /tokenizer\.json is missing/],
  ['a file is altered', (folder: string) => appendFile(join(folder, 'onnx/model_quantized.onnx'), 'x'), /SHA-256/],
  [
    'the manifest is torn',
    (folder: string) => writeFile(join(folder, 'manifest.json'), '{'),
    /manifest\.json is not JSON/,
  ],
  ['the manifest names nothing', (folder: string) => writeFile(join(folder, 'manifest.json'), '{}'), /does not fit/],
  [
    'a label is unknown to koe',
    (folder: string) => edit(folder, 'labels.json', 'sarcasm', 'irony'),
    /labels\.json does not fit/,
  ],
  [
    'the label map is narrower',
    (folder: string) => edit(folder, 'labels.json', '"width": 128', '"width": 129'),
    /128 outputs/,
  ],
  [
    'another tokenizer is named',
    (folder: string) => edit(folder, 'tokenizer_config.json', 'XLMRoberta', 'Bert'),
    /does not fit/,
  ],
  ['the vocabulary is not one', (folder: string) => edit(folder, 'tokenizer.json', /^.*$/s, '{}'), /cannot be loaded/],
])('refuses to start if %s', async (_, spoil, problem) => {
  const folder = await copyOfModel();
  await spoil(folder);
  const opening = openSentenceScorer(folder);
  await expect(opening).rejects.toThrow(problem);
  await expect(opening).rejects.toBeInstanceOf(DependencyError);
  await expect(opening).rejects.toMatchObject({ dependency: 'model', nature: 'permanent' });
});
