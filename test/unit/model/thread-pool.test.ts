import type { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import type { TextAnalyzer } from '../../../src/domain/analysis.ts';
import { DependencyError } from '../../../src/domain/dependency-error.ts';
import { startThreadPool } from '../../../src/model/thread-pool.ts';
import { startThreadAt } from '../../../src/runtime/thread.ts';

const entry = new URL('../../support/faulty-analysis-thread.ts', import.meta.url);
const started: Worker[] = [];
const pools: TextAnalyzer[] = [];

function startWorker(workerData: unknown = {}): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: 64 };
  const worker = startThreadAt(entry, { resourceLimits, workerData });
  started.push(worker);
  return worker;
}

async function pool(options: { threads?: number; textTimeoutMs?: number; start?: () => Worker } = {}) {
  const { threads = 1, textTimeoutMs = 20_000, start = startWorker } = options;
  const timing = { textTimeoutMs, startTimeoutMs: 20_000 };
  const opened = await startThreadPool({ threads, startWorker: () => start(), ...timing, pipelineVersion: '9.9.9' });
  pools.push(opened);
  return opened;
}

/** What became of each text, in a word. */
async function fates(analyzer: TextAnalyzer, texts: readonly string[]): Promise<string[]> {
  const results = await analyzer.analyze(texts);
  return results.map((result) => ('failure' in result ? result.failure : result.analysis.language.code));
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((opened) => opened.close()));
  // A terminated worker has thread id −1: whatever the test did, close() left no thread behind.
  expect(started.splice(0).map((worker) => worker.threadId)).toSatisfy((ids: number[]) => ids.every((id) => id === -1));
});

test('answers in the order of the texts, however they were split', async () => {
  const analyzer = await pool({ threads: 2 });
  const texts = Array.from({ length: 300 }, (_, index) => `text ${index} ${'x'.repeat((index * 7919) % 400)}`);
  expect(await fates(analyzer, texts)).toEqual(texts);
  expect(await fates(analyzer, [])).toEqual([]);
});

test('serves several batches at once', async () => {
  const analyzer = await pool({ threads: 2 });
  const batches = Array.from({ length: 20 }, (_, batch) => [`${batch}/1`, `${batch}/2`, `${batch}/3`]);
  expect(await Promise.all(batches.map((texts) => fates(analyzer, texts)))).toEqual(batches);
});

test('names the versions of the assets and of the pipeline', async () => {
  const analyzer = await pool();
  const assets = { model: 'none', taxonomy: '1', lexicon: '1', dictionary: '1' };
  expect(analyzer.versions).toEqual({ ...assets, pipeline: '9.9.9' });
});

test('a text that hangs comes back as a timeout, its neighbours come back analysed', async () => {
  const analyzer = await pool({ textTimeoutMs: 300 });
  expect(await fates(analyzer, ['a', '[hang]', 'b'])).toEqual(['a', 'timeout', 'b']);
  expect(await fates(analyzer, ['c'])).toEqual(['c']);
});

test.each(['[out of memory]', '[exit]', '[throw]'])(
  'a text that ends the thread (%s) is told from its neighbours',
  async (guilty) => {
    const analyzer = await pool({ threads: 2 });
    expect(await fates(analyzer, ['a', 'b', guilty, 'c', 'd'])).toEqual(['a', 'b', 'timeout', 'c', 'd']);
    expect(await fates(analyzer, ['e', 'f'])).toEqual(['e', 'f']);
  },
);

test('says why a thread was lost', async () => {
  const analyzer = await pool({ textTimeoutMs: 300 });
  const details = await analyzer.analyze(['[hang]', '[throw]']);
  expect(details).toEqual([
    { failure: 'timeout', detail: 'The analysis thread gave no answer within 300 ms.' },
    { failure: 'timeout', detail: 'The analysis thread ended with an error: thrown in the thread.' },
  ]);
});

test('a thread that died idle is replaced before it gets work', async () => {
  const analyzer = await pool();
  const [first] = started;
  await first?.terminate();
  expect(await fates(analyzer, ['a'])).toEqual(['a']);
  expect(started).toHaveLength(2);
});

test('rejects with the dependency error of the assets if it cannot start', async () => {
  const starting = pool({ threads: 2, start: () => startWorker({ start: 'broken' }) });
  await expect(starting).rejects.toThrow(new DependencyError('model', 'permanent', 'The model is broken.'));
  await expect(starting).rejects.toBeInstanceOf(DependencyError);
});

test('rejects if a thread crashes or hangs at its start', async () => {
  await expect(pool({ start: () => startWorker({ start: 'crash' }) })).rejects.toThrow('could not start');
  const hanging = startThreadPool({
    threads: 1,
    startWorker: () => startWorker({ start: 'hang' }),
    textTimeoutMs: 1000,
    startTimeoutMs: 1000,
    pipelineVersion: '9.9.9',
  });
  await expect(hanging).rejects.toThrow('could not start');
});

test('rejects if a replacement does not start, or loads other versions than the pool promised', async () => {
  for (const { later, error } of [
    { later: { start: 'broken' }, error: 'The model is broken.' },
    { later: { start: 'crash' }, error: 'could not start' },
    { later: { lexicon: '2' }, error: 'changed while koe was running' },
  ]) {
    const before = started.length;
    const analyzer = await pool({ start: () => startWorker(started.length === before ? {} : later) });
    await expect(analyzer.analyze(['a', '[exit]'])).rejects.toThrow(error);
  }
});

test('close ends work in flight and refuses new work', async () => {
  const analyzer = await pool();
  const hanging = analyzer.analyze(['[hang]']);
  const refused = expect(hanging).rejects.toThrow('closed');
  await analyzer.close();
  await refused;
  await expect(analyzer.analyze(['a'])).rejects.toThrow('closed');
});
