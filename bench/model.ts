/**
 * Sentences of 36 to 44 characters scored per second of processor time, each stage with all stages before it. Run by
 * `npx tsx bench/model.ts` on Linux; prints a Markdown table. The rounds of the stages take turns, so that whatever else the
 * machine does falls on all of them; the best round of each counts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import onnxruntime from 'onnxruntime-node';
import { createAnalyzer } from '../src/app/analyzer.ts';
import { openEncoder } from '../src/model/encoder.ts';
import { type BatchLimits, microBatches } from '../src/model/micro-batches.ts';
import { openModelFolder } from '../src/model/model-folder.ts';
import { batchLimits } from '../src/model/sentence-encoder.ts';
import { openSentenceScorer } from '../src/model/sentence-scorer.ts';
import { cleanupTableSchema, createTextCleanup } from '../src/model/text-cleanup.ts';
import { packageRoot } from '../src/runtime/package-root.ts';

const rounds = 8;
const modelDir = join(packageRoot(), 'models/encoder');
const lines = (await readFile(new URL('texts.jsonl', import.meta.url), 'utf8')).trim().split('\n');
const texts = lines.map((line) => (JSON.parse(line) as { text: string }).text);

interface Stage {
  readonly name: string;
  run(): Promise<unknown>;
}

/** The floor: batches made beforehand, nothing but the graph. */
async function bareRuntime(limits: BatchLimits): Promise<Stage> {
  const folder = await openModelFolder(modelDir);
  if (folder === undefined) throw new Error('the repository has no model');
  const cleanUp = createTextCleanup(folder.json('textnorm.json', cleanupTableSchema));
  const encoder = await openEncoder(folder, 'vector');
  const encoded = texts.map((text) => encoder.encode(cleanUp(text)));
  const session = await onnxruntime.InferenceSession.create(folder.graphPath, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const batches = microBatches(encoded, ({ pieces }) => pieces.length, limits).map((batch) => {
    const longest = Math.max(...batch.map(({ pieces }) => pieces.length));
    const ids = batch.flatMap(({ pieces }) => [...pieces, ...new Array<number>(longest - pieces.length).fill(1)]);
    const dimensions = [batch.length, longest];
    return {
      input_ids: new onnxruntime.Tensor('int64', BigInt64Array.from(ids.map(BigInt)), dimensions),
      attention_mask: new onnxruntime.Tensor(
        'int64',
        BigInt64Array.from(ids.map((id) => (id === 1 ? 0n : 1n))),
        dimensions,
      ),
    };
  });
  return {
    name: `onnxruntime alone, batches of ${limits.rows} and ${limits.tokens} pieces at most`,
    run: async () => {
      for (const batch of batches) await session.run(batch);
    },
  };
}

/** Processor time of this process and its children so far; of the children on Linux only, in steps of 10 ms. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  const children = readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  );
  const ticks = children.map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return Number(fields[11]) + Number(fields[12]);
  });
  return (user + system) / 1e6 + ticks.reduce((sum, used) => sum + used, 0) / 100;
}

/** Resident memory of this process in MB. */
const residentMb = () => process.memoryUsage().rss / 1e6;

async function main(): Promise<void> {
  const [startedLoading, idleMb] = [performance.now(), residentMb()];
  const scorer = await openSentenceScorer(modelDir);
  if (scorer === undefined) throw new Error('the repository has no model');
  const loadingSeconds = (performance.now() - startedLoading) / 1000;
  await scorer.score(texts);
  const scoringMb = residentMb() - idleMb;
  const pools = await Promise.all(
    [1, 2].map((processes) => createAnalyzer({ modelDir, processes, textTimeoutMs: 60_000, pipelineVersion: 'bench' })),
  );
  const [floor, ...stages] = [
    await bareRuntime(batchLimits),
    await bareRuntime({ rows: 1, tokens: 1 }),
    await bareRuntime({ rows: 8, tokens: 512 }),
    await bareRuntime({ rows: 16, tokens: 512 }),
    await bareRuntime({ rows: 64, tokens: 2048 }),
    { name: 'sentence scorer (clean-up, pieces, heads)', run: () => scorer.score(texts) },
    ...pools.map((pool, index) => ({
      name: `analyzer, ${index + 1} process${index === 0 ? '' : 'es'} (tokens, all layers)`,
      run: () => pool.analyze(texts.map((text) => ({ text }))),
    })),
  ];
  if (floor === undefined) return;
  const measured = new Map<Stage, { perCpuSecond: number; perSecond: number }>();
  for (let round = 0; round <= rounds; round++) {
    for (const stage of [floor, ...stages]) {
      const before = cpuSeconds();
      const started = performance.now();
      await stage.run();
      const seconds = (performance.now() - started) / 1000;
      const used = cpuSeconds() - before;
      if (round === 0) continue; // Warming up.
      const best = measured.get(stage);
      measured.set(stage, {
        perCpuSecond: Math.max(best?.perCpuSecond ?? 0, texts.length / used),
        perSecond: Math.max(best?.perSecond ?? 0, texts.length / seconds),
      });
    }
  }
  const whole = measured.get(floor)?.perCpuSecond ?? Number.NaN;
  const rows = [...measured].map(([{ name }, { perCpuSecond, perSecond }]) => {
    const share = ((100 * perCpuSecond) / whole).toFixed(0);
    return `| ${name} | ${perCpuSecond.toFixed(0)} | ${share} % | ${perSecond.toFixed(0)} |`;
  });
  console.log(
    ['| stage | sentences per CPU second | of the first row | per second |', '|---|--:|--:|--:|', ...rows].join('\n'),
  );
  console.log(
    `\nThe scorer loads in ${loadingSeconds.toFixed(2)} s and takes ${scoringMb.toFixed(0)} MB of resident memory once it ` +
      `has scored ${texts.length} sentences.`,
  );
  await Promise.all(pools.map((pool) => pool.close()));
}

await main();
