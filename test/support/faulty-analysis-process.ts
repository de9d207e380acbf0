import { DependencyError } from '../../src/domain/dependency-error.ts';
import type { TextResult } from '../../src/model/process-messages.ts';
import { serveAnalysis } from '../../src/model/process-server.ts';

/** An analysis process that misbehaves on marked texts and answers all others with their own text as language code. */
const [start, lexicon = '1'] = process.argv.slice(2);
await serveAnalysis(process, async () => {
  if (start === 'broken') throw new DependencyError('model', 'permanent', 'The model is broken.');
  if (start === 'crash') throw new Error('no such assets');
  if (start === 'hang') await new Promise(() => setInterval(() => undefined, 1000));
  const versions = { model: 'none', taxonomy: '1', lexicon, dictionary: '1' };
  return { versions, analyze: async (texts) => texts.map(({ text }) => analyze(text)) };
});

function analyze(text: string): TextResult {
  if (text.includes('[hang]')) for (;;);
  if (text.includes('[exit]')) process.exit(3);
  if (text.includes('[throw]')) throw new Error('thrown in the process');
  if (text.includes('[out of memory]')) fillMemory();
  if (text.includes('[defect]')) return { failure: 'defect', detail: 'a step threw' };
  const empty = { topics: [], intents: [], flags: [], opinions: [], sentences: [] };
  return {
    analysis: { status: 'analyzed', language: { code: text, confidence: 1 }, ...empty },
    truncated: false,
  };
}

function fillMemory(): never {
  const kept: number[][] = [];
  for (;;) kept.push(Array.from({ length: 10_000 }, (_, index) => index + kept.length));
}
