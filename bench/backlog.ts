/** What a long backlog does to a worker's memory. Needs the compiled koe; prints a Markdown table. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { setStage } from './load.ts';

const handled = 40_000;

/** The largest resident set of a worker until it has handled its first 40,000 messages, in MB. Linux only. */
async function peakMemory(queued: number): Promise<number> {
  const stage = await setStage(queued);
  const worker = stage.startWorker('none', 1);
  let peak = 0;
  while ((await stage.database.records.estimatedDocumentCount()) < handled) {
    const status = await readFile(`/proc/${worker.child.pid}/status`, 'utf8');
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1000);
    await sleep(100);
  }
  await worker.kill('SIGKILL');
  await stage.close();
  return peak;
}

const short = await peakMemory(handled);
const long = await peakMemory(1_000_000);
console.log(
  [
    '| messages waiting | largest resident set |',
    '|--:|--:|',
    `| ${handled.toLocaleString('en')} | ${short.toFixed(0)} MB |`,
    `| 1,000,000 | ${long.toFixed(0)} MB |`,
  ].join('\n'),
);
