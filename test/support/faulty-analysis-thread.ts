import { parentPort, workerData } from 'node:worker_threads';
import { DependencyError } from '../../src/domain/dependency-error.ts';
import type { TextResult } from '../../src/model/thread-messages.ts';
import { serveAnalysis } from '../../src/model/thread-server.ts';

/** An analysis thread that misbehaves on marked texts and answers all others with their own text as language code. */
if (parentPort === null) throw new Error('this is a thread');
await serveAnalysis(parentPort, async () => {
  if (workerData?.start === 'broken') throw new DependencyError('model', 'permanent', 'The model is broken.');
  if (workerData?.start === 'crash') throw new Error('no such assets');
  if (workerData?.start === 'hang') await new Promise(() => setInterval(() => undefined, 1000));
  const versions = { model: 'none', taxonomy: '1', lexicon: workerData?.lexicon ?? '1', dictionary: '1' };
  return { versions, analyze: async (texts) => texts.map(analyze) };
});

function analyze(text: string): TextResult {
  if (text.includes('[hang]')) for (;;);
  if (text.includes('[exit]')) process.exit(3);
  if (text.includes('[throw]')) throw new Error('thrown in the thread');
  if (text.includes('[out of memory]')) fillMemory();
  if (text.includes('[defect]')) return { failure: 'defect', detail: 'a step threw' };
  const empty = { topics: [], intents: [], flags: [], sentences: [] };
  return {
    analysis: { status: 'analyzed', language: { code: text, confidence: 1 }, ...empty },
    truncated: false,
  };
}

function fillMemory(): never {
  const kept: number[][] = [];
  for (;;) kept.push(Array.from({ length: 10_000 }, (_, index) => index + kept.length));
}
