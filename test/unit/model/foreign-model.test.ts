import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DependencyError } from '../../../src/domain/dependency-error.ts';
import { openSentenceScorer } from '../../../src/model/sentence-scorer.ts';
import { temporaryFolder } from '../../support/folder.ts';

const tiny = fileURLToPath(new URL('../../support/tiny-model', import.meta.url));
const sentimentMap = { width: 3, heads: { sentiment: { first: 0, labels: ['negative', 'neutral', 'positive'] } } };
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
  await cp(tiny, folder.path, { recursive: true });
});
afterEach(() => folder.remove());

const put = (file: string, value: unknown) => writeFile(join(folder.path, file), JSON.stringify(value));

test('a classifier made elsewhere scores by its label map', async () => {
  await put('labels.json', sentimentMap);
  const scorer = await openSentenceScorer(folder.path);
  const scores = await scorer?.score(['味が良い', '店が酷い', '駅の店', '良いが悪い']);
  const positives = scores?.map(({ sentiment }) => Math.round(100 * (sentiment?.positive ?? Number.NaN)));
  const negatives = scores?.map(({ sentiment }) => Math.round(100 * (sentiment?.negative ?? Number.NaN)));
  expect(positives).toEqual([100, 0, 21, 50]);
  expect(negatives).toEqual([0, 100, 21, 50]);
  expect(scores?.[0]?.topics).toBeUndefined();
});

test('its version is made of what its files hold', async () => {
  await put('labels.json', sentimentMap);
  const first = (await openSentenceScorer(folder.path))?.version;
  expect(first).toMatch(/^koe-test-\w+@[0-9a-f]{12}$/);
  expect((await openSentenceScorer(folder.path))?.version).toBe(first);
  await put('labels.json', {
    ...sentimentMap,
    heads: { sentiment: { first: 0, labels: ['negative', null, 'positive'] } },
  });
  expect((await openSentenceScorer(folder.path))?.version).not.toBe(first);
});

test('the label map may lie elsewhere', async () => {
  const elsewhere = await temporaryFolder();
  try {
    const file = join(elsewhere.path, 'map.json');
    await writeFile(file, JSON.stringify(sentimentMap));
    const [score] = (await (await openSentenceScorer(folder.path, file))?.score(['良い'])) ?? [];
    expect(score?.sentiment?.positive).toBeGreaterThan(0.9);
  } finally {
    await elsewhere.remove();
  }
});

test('what is longer than it reads is cut, and it says so', async () => {
  await put('labels.json', sentimentMap);
  const scorer = await openSentenceScorer(folder.path);
  const scores = await scorer?.score(['良い', '駅'.repeat(100), '駅'.repeat(62)]);
  expect(scores?.map(({ truncated }) => truncated)).toEqual([false, true, false]);
});

test.each([
  [
    'there is no label map',
    () => rm(join(folder.path, 'labels.json')),
    /labels\.json is missing; write what its outputs/,
  ],
  [
    'the label map is wider than the logits',
    () => put('labels.json', { ...sentimentMap, width: 4 }),
    /has 3 outputs, but labels\.json says 4/,
  ],
  [
    'the graph is missing',
    () => rm(join(folder.path, 'onnx/model.onnx')),
    /onnx\/model_quantized\.onnx or onnx\/model\.onnx is missing/,
  ],
  ['the tokenizer is missing', () => rm(join(folder.path, 'tokenizer.json')), /tokenizer\.json is missing/],
  ['the graph is no graph', () => writeFile(join(folder.path, 'onnx/model.onnx'), 'x'), /cannot be loaded/],
])('refuses to start if %s', async (_, spoil, problem) => {
  await put('labels.json', sentimentMap);
  await spoil();
  const opening = openSentenceScorer(folder.path);
  await expect(opening).rejects.toThrow(problem);
  await expect(opening).rejects.toBeInstanceOf(DependencyError);
});
