import { fuzz } from './fuzz.ts';
import { recordFrames } from './recorder.ts';
import { kafkaTarget, mongoTarget } from './targets.ts';

// Throws 100,000 frames, or as many as the first argument says, at each embedded server. The seed, the second
// argument, is printed; the same one gives the same frames.

const [frames = '100000', seed = String(Date.now() % 2 ** 32)] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);
say(`seed ${seed}`);
for (const open of [kafkaTarget, mongoTarget]) {
  const target = await open();
  const { protocol, port } = target;
  try {
    const recorded = await recordFrames(protocol, port, target.session);
    const begun = performance.now();
    const { defects, ...result } = await fuzz({ protocol, port, recorded, frames: Number(frames), seed: Number(seed) });
    const seconds = Math.round((performance.now() - begun) / 1000);
    const rss = Math.round(process.memoryUsage().rss / 1e6);
    say(`${protocol.name}: ${JSON.stringify({ recorded: recorded.length, ...result, seconds, rssMb: rss })}`);
    for (const defect of [...defects, ...target.defects]) {
      process.exitCode = 1;
      say(`${protocol.name}: ${defect instanceof Error ? defect.stack : defect}`);
    }
    await target.check();
  } finally {
    await target.close();
  }
}
