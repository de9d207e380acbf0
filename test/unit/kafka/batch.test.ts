import type { EachBatchPayload } from 'kafkajs';
import { describe, expect, test } from 'vitest';
import { DependencyError } from '../../../src/domain/dependency-error.ts';
import type { OutgoingMessage } from '../../../src/domain/message.ts';
import { deadLetter, drop, ok, type Verdict } from '../../../src/domain/outcome.ts';
import { noTracer } from '../../../src/domain/tracing.ts';
import { CommitError, handleBatch } from '../../../src/kafka/batch.ts';
import { DeadLetterWindow } from '../../../src/kafka/dead-letter-limit.ts';
import type { Engine, Handle } from '../../../src/kafka/engine.ts';
import { Membership, RejoinError } from '../../../src/kafka/membership.ts';
import type { HandledChunk } from '../../../src/kafka/observer.ts';
import { Progress } from '../../../src/kafka/progress.ts';
import { Outage, OutageError } from '../../../src/kafka/retry.ts';
import { DeadLetterLimitError } from '../../../src/kafka/stop-reason.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {}, fatal() {} };
const away = new DependencyError('mongodb', 'transient', 'no primary');
const bad = deadLetter('KOE_NOT_JSON', 'x', 'decode');

function protocolError(type: string): Error {
  return Object.assign(new Error(type), { type });
}

interface Setup {
  readonly handle?: Handle;
  readonly messages?: number;
  readonly limit?: number;
  readonly commit?: () => Promise<void>;
  readonly send?: (letters: readonly OutgoingMessage[]) => Promise<void>;
  readonly heartbeat?: () => Promise<void>;
}

/** A batch on a stage: everything the engine does is written to `acts`; time passes only by waiting. */
function stage(setup: Setup) {
  const acts: string[] = [];
  const waits: number[] = [];
  const chunks: HandledChunk[] = [];
  const lines: object[] = [];
  const write = (fields: object, msg: string) => lines.push({ ...fields, msg });
  const clock = { ms: 0 };
  const now = () => clock.ms;
  const policy = { initialMs: 100, maxMs: 1_000, giveUpMs: 5_000 };
  const outage = new Outage(policy, now, () => 1);
  const ending = new AbortController();
  const aborted = new AbortController();
  const membership = new Membership(
    { heartbeatMs: 10, sessionTimeoutMs: 1_500, rebalanceTimeoutMs: 9_000 },
    now,
    silent,
  );
  membership.joined();
  const progress = new Progress(now, 60_000);
  progress.joined();
  const handle: Handle = setup.handle ?? (async (messages) => messages.map(() => ok(undefined)));
  const engine: Engine = {
    groupId: 'g',
    async handle(messages, signal) {
      acts.push(`handle ${messages.map(({ offset }) => offset)}`);
      return handle(messages, signal);
    },
    chunkLimits: { messages: 2, bytes: 1_000 },
    deadLetters: {
      topic: 'dlq',
      async send(letters) {
        acts.push(`divert ${letters.map(({ headers }) => headers?.['koe-source-offset'])}`);
        await setup.send?.(letters);
      },
      window: new DeadLetterWindow({ count: setup.limit ?? 100, windowMs: 60_000 }),
    },
    retry: policy,
    outageOf: () => outage,
    membership,
    progress,
    observer: {
      chunkHandled: (chunk) => chunks.push(chunk),
      retrying: ({ attempts }) => acts.push(`retry ${attempts}`),
      assigned() {},
      heartbeat() {},
      restarted() {},
    },
    logger: { ...silent, info: write, warn: write },
    tracer: noTracer,
    now,
    random: () => 1,
    async wait(ms) {
      waits.push(ms);
      clock.ms += ms;
    },
  };
  const payload = {
    batch: {
      topic: 't',
      partition: 0,
      highWatermark: '10',
      messages: Array.from({ length: setup.messages ?? 3 }, (_, at) => ({
        key: Buffer.from('k'),
        value: Buffer.from(String(at)),
        timestamp: '1',
        attributes: 0,
        offset: String(at),
        headers: {},
      })),
    },
    heartbeat: setup.heartbeat ?? (async () => {}),
    isStale: () => false,
    resolveOffset: (offset: string) => acts.push(`resolve ${offset}`),
    uncommittedOffsets: () => ({ topics: [] }),
    async commitOffsetsIfNecessary() {
      acts.push('commit');
      await setup.commit?.();
    },
  } as unknown as EachBatchPayload;
  const run = () => handleBatch(engine, payload, { ending: ending.signal, aborted: aborted.signal });
  return { acts, waits, chunks, lines, clock, ending, aborted, membership, progress, run };
}

test('each chunk is handled, resolved and committed before the next', async () => {
  const { acts, run } = stage({});
  await run();
  expect(acts).toEqual(['handle 0,1', 'resolve 1', 'commit', 'handle 2', 'resolve 2', 'commit']);
});

test('dead letters are acknowledged before their offsets are resolved', async () => {
  const verdicts: Verdict[][] = [[ok(undefined), bad], [drop('tombstone')]];
  const { acts, chunks, run } = stage({ handle: async () => verdicts.shift() ?? [] });
  await run();
  expect(acts).toEqual(['handle 0,1', 'divert 1', 'resolve 1', 'commit', 'handle 2', 'resolve 2', 'commit']);
  expect(chunks).toMatchObject([
    { messages: 2, ok: 1, dropped: {}, deadLetters: { KOE_NOT_JSON: 1 }, lag: 8 },
    { messages: 1, ok: 0, dropped: { tombstone: 1 }, deadLetters: {}, lag: 7 },
  ]);
});

test('every line about a batch names it and its offsets, also without tracing', async () => {
  const batch = (firstOffset: string, lastOffset: string) => ({
    batch: expect.stringMatching(/^[0-9a-f-]{36}$/),
    topic: 't',
    partition: 0,
    firstOffset,
    lastOffset,
  });
  const verdicts: (readonly Verdict[] | Error)[] = [away, [ok(undefined), bad], new TypeError('defect')];
  const { lines, run } = stage({
    handle: async () => {
      const next = verdicts.shift() ?? [];
      if (next instanceof Error) throw next;
      return next;
    },
  });
  await expect(run()).rejects.toThrow('defect');
  expect(lines).toEqual([
    expect.objectContaining({ ...batch('0', '1'), dependency: 'mongodb', msg: 'mongodb is away, trying again' }),
    { ...batch('0', '1'), offset: '1', code: 'KOE_NOT_JSON', step: 'decode', msg: 'a message became a dead letter' },
    expect.objectContaining({ ...batch('0', '1'), ok: 1, msg: 'handled a batch' }),
    { ...batch('2', '2'), err: expect.any(TypeError), msg: 'a batch failed and is not committed' },
  ]);
  const names = lines.map((line) => (line as { batch: string }).batch);
  expect(new Set(names).size).toBe(2);
});

test('above the dead-letter limit nothing of the chunk is diverted, resolved or committed', async () => {
  const { acts, run } = stage({ limit: 1, handle: async (messages) => messages.map(() => bad) });
  await expect(run()).rejects.toThrow(DeadLetterLimitError);
  await expect(run()).rejects.toThrow(/More than 1 dead letters within 60 s.*t, partition 0, offset 0: KOE_NOT_JSON/);
  expect(acts).toEqual(['handle 0,1', 'handle 0,1']);
});

test('a handler that returns another number of verdicts is a defect', async () => {
  const { acts, run } = stage({ handle: async () => [ok(undefined)] });
  await expect(run()).rejects.toThrow('The handler returned 1 verdicts for 2 messages');
  expect(acts).toEqual(['handle 0,1']);
});

test('anything else that is thrown ends the consumer at once', async () => {
  const { acts, run } = stage({ handle: async () => Promise.reject(new TypeError('defect')) });
  await expect(run()).rejects.toThrow(TypeError);
  expect(acts).toEqual(['handle 0,1']);
});

test('a permanent refusal ends the consumer at once', async () => {
  const refusal = new DependencyError('mongodb', 'permanent', 'wrong password');
  const { acts, run } = stage({ handle: async () => Promise.reject(refusal) });
  await expect(run()).rejects.toBe(refusal);
  expect(acts).toEqual(['handle 0,1']);
});

describe('while a dependency is away', () => {
  test('the same chunk is tried again, ever more slowly, and committed once', async () => {
    let failures = 3;
    const { acts, waits, progress, run } = stage({
      messages: 1,
      handle: async (messages) => {
        if (failures > 0) {
          failures -= 1;
          throw away;
        }
        expect(progress.health().ready).toBe(false);
        return messages.map(() => ok(undefined));
      },
    });
    await run();
    expect(waits).toEqual([100, 200, 400]);
    const tries = ['handle 0', 'retry 1', 'handle 0', 'retry 2', 'handle 0', 'retry 3'];
    expect(acts).toEqual([...tries, 'handle 0', 'resolve 0', 'commit']);
    expect(progress.health().ready).toBe(true);
  });

  test('it is given up in the end, with nothing committed', async () => {
    const { acts, clock, run } = stage({ handle: async () => Promise.reject(away) });
    await expect(run()).rejects.toThrow(OutageError);
    expect(clock.ms).toBe(5_000);
    expect(acts).not.toContain('commit');
  });

  test('only the dead letters are sent again when it is Kafka that is away, and they count once', async () => {
    let failures = 2;
    const { acts, run } = stage({
      messages: 1,
      limit: 1,
      handle: async () => [bad],
      send: async () => {
        failures -= 1;
        if (failures >= 0) throw new DependencyError('kafka', 'transient', 'away');
      },
    });
    await run();
    const letters = ['divert 0', 'retry 1', 'divert 0', 'retry 2', 'divert 0'];
    expect(acts).toEqual(['handle 0', ...letters, 'resolve 0', 'commit']);
  });

  test('stopping gives the chunk up instead of waiting on', async () => {
    const { acts, ending, run } = stage({
      handle: async () => {
        ending.abort();
        throw away;
      },
    });
    await run();
    expect(acts).toEqual(['handle 0,1', 'retry 1']);
  });
});

describe('when the group changes', () => {
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise((resolve) => setImmediate(resolve));
  };

  test('during a chunk, the chunk is finished and committed, then kafkajs joins again', async () => {
    const asked = protocolError('REBALANCE_IN_PROGRESS');
    const { acts, membership, run } = stage({
      heartbeat: async () => Promise.reject(asked),
      handle: async (messages) => {
        await until(() => membership.rejoinWanted.aborted);
        return messages.map(() => ok(undefined));
      },
    });
    await expect(run()).rejects.toMatchObject({ name: 'RejoinError', cause: asked });
    expect(acts).toEqual(['handle 0,1', 'resolve 1', 'commit']);
  });

  test('and has moved on without this member, the chunk is neither diverted nor committed', async () => {
    const { acts, membership, run } = stage({
      heartbeat: async () => Promise.reject(protocolError('UNKNOWN_MEMBER_ID')),
      handle: async (messages) => {
        await until(() => membership.rejoinWanted.aborted);
        return messages.map(() => bad);
      },
    });
    await expect(run()).rejects.toBeInstanceOf(RejoinError);
    expect(acts).toEqual(['handle 0,1']);
  });

  test('and a new assignment arrived meanwhile, the old chunk is dropped', async () => {
    const { acts, membership, run } = stage({
      handle: async (messages) => {
        membership.joined();
        return messages.map(() => bad);
      },
    });
    await run();
    expect(acts).toEqual(['handle 0,1']);
  });

  test('a heartbeat that is not answered changes nothing', async () => {
    let beats = 0;
    const { acts, run } = stage({
      messages: 1,
      heartbeat: async () => {
        beats += 1;
        throw new Error('connection lost');
      },
      handle: async (messages) => {
        await until(() => beats >= 2);
        return messages.map(() => ok(undefined));
      },
    });
    await run();
    expect(acts).toEqual(['handle 0', 'resolve 0', 'commit']);
  });
});

describe('a commit', () => {
  test('is tried again', async () => {
    let failures = 2;
    const { acts, run } = stage({
      messages: 1,
      commit: async () => {
        failures -= 1;
        if (failures >= 0) throw new Error('connection lost');
      },
    });
    await run();
    expect(acts).toEqual(['handle 0', 'resolve 0', 'commit', 'commit', 'commit']);
  });

  test('that never succeeds asks for a new consumer', async () => {
    const { run } = stage({ messages: 1, commit: async () => Promise.reject(new Error('connection lost')) });
    await expect(run()).rejects.toThrow(CommitError);
  });

  test('refused because of a rebalance asks to join again', async () => {
    const { run } = stage({ commit: async () => Promise.reject(protocolError('ILLEGAL_GENERATION')) });
    await expect(run()).rejects.toBeInstanceOf(RejoinError);
  });
});

describe('when stopping', () => {
  test('the chunk in flight is committed and no other begun', async () => {
    const { acts, ending, run } = stage({
      handle: async (messages) => {
        ending.abort();
        return messages.map(() => ok(undefined));
      },
    });
    await run();
    expect(acts).toEqual(['handle 0,1', 'resolve 1', 'commit']);
  });

  test('a chunk that took too long is not committed, whether its handler throws or returns', async () => {
    const thrown = stage({
      handle: async () => {
        thrown.aborted.abort();
        throw new Error('aborted');
      },
    });
    await thrown.run();
    const returned = stage({
      handle: async (messages) => {
        returned.aborted.abort();
        return messages.map(() => ok(undefined));
      },
    });
    await returned.run();
    expect([thrown.acts, returned.acts]).toEqual([['handle 0,1'], ['handle 0,1']]);
  });
});
