import { mkdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../../../../src/embedded/folder-lock.ts';
import { startEmbeddedKafka } from '../../../../src/embedded/kafka/broker.ts';
import type { FaultHook } from '../../../../src/embedded/kafka/faults.ts';
import { freshFolder } from '../../../support/kafka.ts';
import { readTopic, testClient } from '../../../support/kafka-client.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await freshFolder();
});
afterEach(() => rm(dataDir, { recursive: true }));

/** Sends 20 messages one by one through a broker with faults and returns what a reader finds afterwards. */
async function survive(faults: FaultHook, idempotent: boolean): Promise<string[]> {
  const broker = await startEmbeddedKafka({ dataDir, faults });
  try {
    const kafka = testClient([broker.address]);
    const producer = kafka.producer({ idempotent });
    await producer.connect();
    for (let index = 0; index < 20; index++) await producer.send({ topic: 't', messages: [{ value: `${index}` }] });
    await producer.disconnect();
    return (await readTopic(kafka, 't', 20)).map(({ value }) => value ?? '');
  } finally {
    await broker.close();
  }
}

const expected = Array.from({ length: 20 }, (_, index) => `${index}`);

/** Lets something happen the third time the hook is asked at a place, and the seventh. */
function sometimes(fault: ReturnType<FaultHook>, at: (point: Parameters<FaultHook>[0]) => boolean): FaultHook {
  let times = 0;
  return (point) => (at(point) && [3, 7].includes(++times) ? fault : undefined);
}

const isProduce = (point: Parameters<FaultHook>[0]) => point.at === 'request' && point.api === 'Produce';

describe('injected faults', () => {
  it('lose answers: an idempotent producer repeats itself, and the log has each message once', async () => {
    expect(await survive(sometimes({ closeConnection: 'after' }, isProduce), true)).toEqual(expected);
  });

  it('lose requests', async () => {
    expect(await survive(sometimes({ closeConnection: 'before' }, isProduce), true)).toEqual(expected);
  });

  it('refuse requests with an error code', async () => {
    expect(await survive(sometimes({ errorCode: 7 }, isProduce), false)).toEqual(expected);
  });

  it('refuse writes as a full disk does', async () => {
    expect(
      await survive(
        sometimes({ refuseWrite: true }, ({ at }) => at === 'append'),
        false,
      ),
    ).toEqual(expected);
  });

  it('answer late', async () => {
    let seen = 0;
    const started = performance.now();
    await survive((point) => (isProduce(point) && ++seen === 1 ? { delayMs: 200 } : undefined), false);
    expect(performance.now() - started).toBeGreaterThanOrEqual(200);
  });
});

describe('the lock of a folder', () => {
  it('of a process that is gone is taken over', async () => {
    const gone = [
      JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1' }), // no such process: beyond Linux's highest number
      ...(process.platform === 'linux' ? [JSON.stringify({ pid: process.pid, startedAt: '1' })] : []), // its number was given away
      '',
      'half a lo',
    ];
    for (const [index, content] of gone.entries()) {
      const folder = join(dataDir, String(index));
      mkdirSync(folder);
      await writeFile(join(folder, 'lock'), content);
      const unlock = lockFolder(folder);
      expect(() => lockFolder(folder)).toThrow(`in use by process ${process.pid}`);
      unlock();
      lockFolder(folder)();
    }
  });
});
