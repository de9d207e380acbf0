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

/** Changes a text file of a model folder, and the manifest so that it names the changed file. */
function edit(folder: string, file: string, from: string | RegExp, to: string): Promise<void> {
  return rewrite(folder, file, (bytes) => Buffer.from(bytes.toString('utf8').replace(from, to)));
}

async function rewrite(folder: string, file: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  const bytes = change(await readFile(join(folder, file)));
  await writeFile(join(folder, file), bytes);
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  manifest.files[file] = createHash('sha256').update(bytes).digest('hex');
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

test('names the model as records store it', () => {
  expect(scorer.version).toBe('koe-encoder@0.3.0');
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
  expect(short?.topics?.taste).toBeGreaterThan(0.5);
  expect(long?.topics?.taste).toBeGreaterThan(0.5);
  expectAlike(endless, long);
});

test('hears emoji and kaomoji, and reads half-width kana like full-width', async () => {
  const texts = ['届きました😊', '届きました😡', '届いた(^^)', '届いた(T_T)', 'ｻｰﾋﾞｽ最悪', 'サービス最悪'];
  const [glad, angry, smile, tears, halfWidth, fullWidth] = await scorer.score(texts);
  expect(angry?.sentiment?.negative).toBeGreaterThan((glad?.sentiment?.negative ?? 1) + 0.1);
  expect(tears?.sentiment?.negative).toBeGreaterThan((smile?.sentiment?.negative ?? 1) + 0.1);
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
    expect(Object.values(sentiment ?? {}).reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1);
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

test('no folder, or a folder with something else in it, is no model', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'koe-model-'));
  folders.push(folder);
  await writeFile(join(folder, 'README.md'), 'no model');
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
  ['the manifest is missing', (folder: string) => rm(join(folder, 'manifest.json')), /manifest\.json is missing/],
  ['the manifest names nothing', (folder: string) => writeFile(join(folder, 'manifest.json'), '{}'), /does not fit/],
  [
    'a label is unknown to koe',
    (folder: string) => edit(folder, 'labels.json', 'sarcasm', 'irony'),
    /labels\.json does not fit/,
  ],
  [
    'the label map is narrower',
    (folder: string) => edit(folder, 'labels.json', '"width": 128', '"width": 129'),
    /heads\.bin has 197120 bytes, which are not the 129 × \(384 \+ 1\)/,
  ],
  [
    'there is a column fewer than the heads have',
    (folder: string) =>
      edit(folder, 'labels.json', /,\s*"safety"\s*\]/, ']').then(() =>
        edit(folder, 'labels.json', '"width": 128', '"width": 127'),
      ),
    /heads\.bin has 197120 bytes/,
  ],
  ['the heads are altered', (folder: string) => appendFile(join(folder, 'heads.bin'), 'x'), /heads\.bin has SHA-256/],
  [
    'the heads are not numbers',
    (folder: string) => rewrite(folder, 'heads.bin', (bytes) => bytes.fill(0xff)),
    /finite numbers/,
  ],
  [
    'a temperature is no number',
    (folder: string) => edit(folder, 'calibration.json', /"sentiment": [\d.]+/, '"sentiment": 0'),
    /calibration\.json does not fit/,
  ],
  [
    'an unknown tokenizer is named',
    (folder: string) => edit(folder, 'tokenizer_config.json', 'XLMRoberta', 'Mecab'),
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
