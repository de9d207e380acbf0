import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { modelFolderOf, openModelStore, shippedModel } from '../../../src/app/model-store.ts';
import { openAnalyzer } from '../../../src/app/open-analyzer.ts';
import { refitModel } from '../../../src/app/refit-model.ts';
import { readSettings } from '../../../src/config/settings.ts';
import type { LabelledText } from '../../../src/domain/labelled-text.ts';
import { openSentenceScorer } from '../../../src/model/sentence-scorer.ts';
import { temporaryFolder } from '../../support/folder.ts';

const tiny = fileURLToPath(new URL('../../support/tiny-model', import.meta.url));
vi.setConfig({ testTimeout: 120_000 });

let data: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  data = await temporaryFolder();
});
afterEach(() => data.remove());

const settingsWith = (more: Record<string, string> = {}) => readSettings({ KOE_DATA_DIR: data.path, ...more });

// In the trade, as it is said here, a thing that is fluffy is a good one, and one that "snaps" a bad one: something no
// model can know.
const things = ['釣り竿', 'リール', '糸', '針', 'ルアー', '浮き', '仕掛け', '網', '椅子', '手袋'];
const corrections: LabelledText[] = Array.from({ length: 100 }, (_, index) => {
  const thing = things[index % things.length] ?? '';
  const praise = index % 2 === 0;
  const text = praise
    ? `${thing}がふわふわしている${'。'.repeat(index % 4)}`
    : `この${thing}はバキバキに折れる${'！'.repeat(index % 3)}`;
  return { id: `c-${index}`, text, labels: { sentiment: praise ? 'positive' : 'negative' } };
});

test('fits the heads to corrections, keeps a version, uses it, and goes back', async () => {
  const settings = settingsWith();
  const store = openModelStore(settings);
  const { version, before, after, rows } = await refitModel(shippedModel(), undefined, corrections, store);
  expect(rows).toBe(100);
  expect(after.sentiment?.accuracy).toBeGreaterThan((before.sentiment?.accuracy ?? 1) + 0.1);
  expect(version).toMatch(/^koe-encoder@0\.3\.0\+refit\.[0-9a-f]{8}$/);
  expect(await store.versions()).toEqual([version]);
  expect(await modelFolderOf(settings)).toBe(shippedModel());

  await store.use(version);
  expect(await modelFolderOf(settings)).toBe(store.folderOf(version ?? ''));
  const analyzer = await openAnalyzer({ ...settings, KOE_ANALYSIS_PROCESSES: 1 });
  try {
    expect(analyzer.versions.model).toBe(version);
    const [result] = await analyzer.analyze([{ text: '竿がふわふわしている' }]);
    expect(result).toMatchObject({ analysis: { sentiment: { label: 'positive' } } });
  } finally {
    await analyzer.close();
  }

  await store.use(undefined);
  expect(await modelFolderOf(settings)).toBe(shippedModel());
});

test('the same corrections make the same version, and nothing is left half made', async () => {
  const store = openModelStore(settingsWith());
  const first = await refitModel(shippedModel(), undefined, corrections, store);
  const second = await refitModel(shippedModel(), undefined, corrections, store);
  expect(second.version).toBe(first.version);
  expect(await store.versions()).toEqual([first.version]);
});

test('corrections that contradict each other make no version', async () => {
  const store = openModelStore(settingsWith());
  const random = corrections.map((text, index): LabelledText => {
    const praised = index % 4 < 2;
    return {
      ...text,
      text: praised ? '最高でした' : '最悪でした',
      labels: { sentiment: index % 8 < 1 ? 'neutral' : praised ? 'positive' : 'negative' },
    };
  });
  const { version } = await refitModel(shippedModel(), undefined, random, store);
  expect(version).toBeUndefined();
  expect(await store.versions()).toEqual([]);
});

test('too few corrections are refused', async () => {
  const store = openModelStore(settingsWith());
  await expect(refitModel(shippedModel(), undefined, corrections.slice(0, 49), store)).rejects.toThrow(/49 .* too few/);
});

test('a version whose folder is gone is missed at the start', async () => {
  const settings = settingsWith();
  const store = openModelStore(settings);
  await store.use('koe-encoder@0.3.0+refit.00000000');
  await expect(openAnalyzer({ ...settings, KOE_ANALYSIS_PROCESSES: 1 })).rejects.toThrow(/there is no model in/);
});

test('an encoder made elsewhere, which has no heads, gets them from labelled texts', async () => {
  const folder = join(data.path, 'My Encoder');
  await cp(tiny, folder, { recursive: true });
  const heads = { sentiment: { first: 0, labels: ['positive', 'negative', 'neutral', 'mixed'] } };
  await writeFile(join(folder, 'labels.json'), JSON.stringify({ width: 4, heads }));
  const texts = Array.from({ length: 80 }, (_, index): LabelledText => {
    const [text, sentiment] = (
      [
        ['味が良い', 'positive'],
        ['店が酷い', 'negative'],
        ['駅の店', 'neutral'],
        ['値が高い', 'negative'],
      ] as const
    )[index % 4] ?? ['', 'neutral'];
    return { id: String(index), text: text + 'で'.repeat(index % 19), labels: { sentiment } };
  });
  const store = openModelStore(settingsWith());
  const { version, after } = await refitModel(folder, undefined, texts, store);
  expect(after.sentiment?.accuracy).toBeGreaterThan(0.9);
  expect(version).toMatch(/^my-encoder@[0-9a-f]{12}\+refit\.[0-9a-f]{8}$/);
  const scorer = await openSentenceScorer(store.folderOf(version ?? ''));
  const [good, bad] = (await scorer?.score(['品が良い', '電話が嫌'])) ?? [];
  expect(good?.sentiment?.positive).toBeGreaterThan(0.5);
  expect(bad?.sentiment?.negative).toBeGreaterThan(0.5);
});

async function hub(): Promise<{ server: Server; address: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    asked.push(request.url ?? '');
    const [, file = ''] = /^\/some\/model\/resolve\/main\/(.+)$/.exec(request.url ?? '') ?? [];
    const content = await readFile(join(tiny, file.replace('model_quantized', 'model'))).catch(() => undefined);
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test('a model of a hub is downloaded only if that is allowed, and once', async () => {
  await expect(modelFolderOf(settingsWith({ KOE_MODEL: 'hub:some/model' }))).rejects.toThrow(/Set KOE_MODEL_HUB/);
  const { server, address, asked } = await hub();
  try {
    const settings = settingsWith({ KOE_MODEL: 'hub:some/model', KOE_MODEL_HUB: address });
    const folder = await modelFolderOf(settings);
    const labels = join(data.path, 'labels.json');
    const heads = { sentiment: { first: 0, labels: ['negative', 'neutral', 'positive'] } };
    await writeFile(labels, JSON.stringify({ width: 3, heads }));
    const [score] = (await (await openSentenceScorer(folder, labels))?.score(['良い'])) ?? [];
    expect(score?.sentiment?.positive).toBeGreaterThan(0.9);
    expect(asked).toHaveLength(4);
    expect(await modelFolderOf(settings)).toBe(folder);
    expect(asked).toHaveLength(4);
    const absent = settingsWith({ KOE_MODEL: 'hub:some/other', KOE_MODEL_HUB: address });
    await expect(modelFolderOf(absent)).rejects.toMatchObject({ dependency: 'model', nature: 'permanent' });
    await expect(modelFolderOf(settingsWith({ KOE_MODEL: 'hub:../x' }))).rejects.toThrow(/must be hub:OWNER\/NAME/);
  } finally {
    server.close();
    await rm(join(data.path, 'models'), { recursive: true });
  }
});
