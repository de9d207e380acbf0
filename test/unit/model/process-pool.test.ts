import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import type { TextAnalyzer } from '../../../src/domain/analysis.ts';
import { DependencyError } from '../../../src/domain/dependency-error.ts';
import { startProcessPool } from '../../../src/model/process-pool.ts';
import { startChildAt } from '../../../src/runtime/child-process.ts';

const entry = new URL('../../support/faulty-analysis-process.ts', import.meta.url);
const started: ChildProcess[] = [];
const pools: TextAnalyzer[] = [];

function startChild(...behaviour: string[]): ChildProcess {
  const child = startChildAt(entry, { arguments: behaviour, heapMb: 64 });
  started.push(child);
  return child;
}

interface PoolOptions {
  processes?: number;
  textTimeoutMs?: number;
  startTimeoutMs?: number;
  start?: () => ChildProcess;
}

async function pool(options: PoolOptions = {}): Promise<TextAnalyzer> {
  const { processes = 1, textTimeoutMs = 20_000, startTimeoutMs = 20_000, start = startChild } = options;
  const timing = { textTimeoutMs, startTimeoutMs };
  const opened = await startProcessPool({ processes, startChild: () => start(), ...timing, pipelineVersion: '9.9.9' });
  pools.push(opened);
  return opened;
}

/** What became of each text, in a word. */
async function fates(analyzer: TextAnalyzer, texts: readonly string[]): Promise<string[]> {
  const results = await analyzer.analyze(texts.map((text) => ({ text })));
  return results.map((result) => ('failure' in result ? result.failure : result.analysis.language.code));
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((opened) => opened.close()));
  // Whatever the test did, close() left no process behind.
  for (const { exitCode, signalCode } of started.splice(0)) expect(exitCode ?? signalCode).not.toBeNull();
});

test('answers in the order of the texts, however they were split', async () => {
  const analyzer = await pool({ processes: 2 });
  const texts = Array.from({ length: 300 }, (_, index) => `text ${index} ${'x'.repeat((index * 7919) % 400)}`);
  expect(await fates(analyzer, texts)).toEqual(texts);
  expect(await fates(analyzer, [])).toEqual([]);
});

test('serves several batches at once', async () => {
  const analyzer = await pool({ processes: 2 });
  const batches = Array.from({ length: 20 }, (_, batch) => [`${batch}/1`, `${batch}/2`, `${batch}/3`]);
  expect(await Promise.all(batches.map((texts) => fates(analyzer, texts)))).toEqual(batches);
});

test('names the versions of the assets and of the pipeline', async () => {
  const analyzer = await pool();
  const assets = { model: 'none', taxonomy: '1', lexicon: '1', dictionary: '1' };
  expect(analyzer.versions).toEqual({ ...assets, pipeline: '9.9.9' });
});

test('a text that hangs comes back as a timeout, its neighbours come back analysed', async () => {
  const analyzer = await pool({ textTimeoutMs: 1000 });
  expect(await fates(analyzer, ['a', '[hang]', 'b'])).toEqual(['a', 'timeout', 'b']);
  expect(await fates(analyzer, ['c'])).toEqual(['c']);
});

test.each(['[out of memory]', '[exit]', '[throw]'])(
  'a text that ends the process (%s) is told from its neighbours',
  async (guilty) => {
    const analyzer = await pool({ processes: 2 });
    expect(await fates(analyzer, ['a', 'b', guilty, 'c', 'd'])).toEqual(['a', 'b', 'timeout', 'c', 'd']);
    expect(await fates(analyzer, ['e', 'f'])).toEqual(['e', 'f']);
  },
);

test('says why a process was lost', async () => {
  const analyzer = await pool({ textTimeoutMs: 1000 });
  const details = await analyzer.analyze([{ text: '[hang]' }, { text: '[throw]' }]);
  expect(details).toEqual([
    { failure: 'timeout', detail: 'The analysis process gave no answer within 1000 ms.' },
    { failure: 'timeout', detail: 'The analysis process ended with code 1: Error: thrown in the process.' },
  ]);
});

test('a process that died idle is replaced before it gets work', async () => {
  const analyzer = await pool();
  const [first] = started;
  if (first === undefined) throw new Error('nothing was started');
  first.kill('SIGKILL');
  await once(first, 'close');
  expect(await fates(analyzer, ['a'])).toEqual(['a']);
  expect(started).toHaveLength(2);
});

test('rejects with the dependency error of the assets if it cannot start', async () => {
  const starting = pool({ processes: 2, start: () => startChild('broken') });
  await expect(starting).rejects.toThrow(new DependencyError('model', 'permanent', 'The model is broken.'));
  await expect(starting).rejects.toBeInstanceOf(DependencyError);
});

test('rejects if a process crashes or hangs at its start', async () => {
  await expect(pool({ start: () => startChild('crash') })).rejects.toThrow('could not start');
  await expect(pool({ start: () => startChild('hang'), startTimeoutMs: 1000 })).rejects.toThrow('could not start');
});

test('rejects if a replacement does not start, or loads other versions than the pool promised', async () => {
  for (const { later, error } of [
    { later: ['broken'], error: 'The model is broken.' },
    { later: ['crash'], error: 'could not start' },
    { later: ['', '2'], error: 'changed while koe was running' },
  ]) {
    const before = started.length;
    const analyzer = await pool({ start: () => (started.length === before ? startChild() : startChild(...later)) });
    await expect(analyzer.analyze([{ text: 'a' }, { text: '[exit]' }])).rejects.toThrow(error);
  }
});

test('close ends work in flight and refuses new work', async () => {
  const analyzer = await pool();
  const hanging = analyzer.analyze([{ text: '[hang]' }]);
  const refused = expect(hanging).rejects.toThrow('closed');
  await analyzer.close();
  await refused;
  await expect(analyzer.analyze([{ text: 'a' }])).rejects.toThrow('closed');
});
