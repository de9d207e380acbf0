/** How fast the whole pipeline is, without and with the transformer. Needs the compiled koe; prints a Markdown table. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAnalyzer } from '../src/app/analyzer.ts';
import { packageRoot } from '../src/runtime/package-root.ts';
import { setStage, texts } from './load.ts';

const processes = 2;
const rounds = 3;

/** Messages per second from the first stored record to the last. */
async function measurePipeline(model: string, messages: number): Promise<number> {
  const stage = await setStage(messages);
  const worker = stage.startWorker(model, processes);
  let first = 0;
  while (first === 0) {
    await sleep(10);
    first = await stage.database.records.estimatedDocumentCount();
  }
  const started = performance.now();
  while ((await stage.database.records.estimatedDocumentCount()) < messages) await sleep(20);
  const seconds = (performance.now() - started) / 1000;
  await worker.kill('SIGTERM');
  await stage.close();
  return (messages - first) / seconds;
}

/** The analyzer on the same texts, as well as it can be fed: texts per second. */
async function measureModel(): Promise<number> {
  const modelDir = join(packageRoot(), 'models/encoder');
  const analyzer = await createAnalyzer({ modelDir, processes, textTimeoutMs: 60_000, pipelineVersion: 'bench' });
  const requested = texts.map((text) => ({ text }));
  await analyzer.analyze(requested);
  const times = 6;
  const started = performance.now();
  for (let time = 0; time < times; time++) await analyzer.analyze(requested);
  const seconds = (performance.now() - started) / 1000;
  await analyzer.close();
  return (times * texts.length) / seconds;
}

let without = 0;
let alone = 0;
let withModel = 0;
for (let round = 0; round < rounds; round++) {
  without = Math.max(without, await measurePipeline('none', 30_000));
  alone = Math.max(alone, await measureModel());
  withModel = Math.max(withModel, await measurePipeline('models/encoder', 6000));
}
console.log(
  [
    '| what | messages | messages per second |',
    '|---|--:|--:|',
    `| pipeline without the transformer | 30,000 | ${without.toFixed(0)} |`,
    `| pipeline with the transformer | 6,000 | ${withModel.toFixed(0)} |`,
    `| the model alone (analyzer, ${processes} processes) | | ${alone.toFixed(0)} |`,
    '',
    `With the transformer the pipeline reaches ${((100 * withModel) / alone).toFixed(0)} % of the model alone.`,
  ].join('\n'),
);
