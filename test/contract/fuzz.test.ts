import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, test } from 'vitest';
import { fuzz } from '../fuzz/fuzz.ts';
import { recordFrames } from '../fuzz/recorder.ts';
import { kafkaTarget, mongoTarget, type Target } from '../fuzz/targets.ts';

const seed = 20_261_123;
const mostKeptBytes = 64 * 1024 * 1024;

let target: Target | undefined;
afterEach(() => target?.close());

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function bytesInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test.each([
  ['Kafka', kafkaTarget],
  ['MongoDB', mongoTarget],
])(
  'an embedded %s serves others, keeps its data and its size whatever it is sent',
  { timeout: 120_000 },
  async (_, open) => {
    target = await open();
    const { protocol, port } = target;
    const recorded = await recordFrames(protocol, port, target.session);
    expect(recorded.length).toBeGreaterThan(20);
    const before = bytesInUse();
    const result = await fuzz({ protocol, port, recorded, frames: 2_500, seed });
    expect(result.defects).toEqual([]);
    expect(target.defects).toEqual([]);
    // Otherwise the frames are so bad, or the server so strict, that nothing is tried.
    expect(result.answered).toBeGreaterThan(100);
    expect(result.closed).toBeGreaterThan(100);
    expect(bytesInUse() - before).toBeLessThan(mostKeptBytes);
    await target.check();
  },
);
