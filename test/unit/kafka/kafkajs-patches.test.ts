import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { guardProduce, patchKafkajs } from '../../../src/kafka/kafkajs-patches.ts';

const load = createRequire(import.meta.url);
beforeAll(() => {
  patchKafkajs();
  patchKafkajs();
});

test('the patches were written for the installed kafkajs', () => {
  expect(load('kafkajs/package.json')).toMatchObject({ version: '2.2.4' });
});

test('an idle request queue arms no timer, a busy one does', () => {
  const RequestQueue = load('kafkajs/src/network/requestQueue/index.js') as new (
    options: object,
  ) => { pending: unknown[]; scheduleCheckPendingRequests(): void; checkPendingRequests(): void; destroy(): void };
  vi.useFakeTimers();
  try {
    const queue = new RequestQueue({ maxInFlightRequests: 0, requestTimeout: 1_000, logger: { debug: () => {} } });
    queue.checkPendingRequests();
    expect(vi.getTimerCount()).toBe(0);
    queue.pending.push({});
    queue.scheduleCheckPendingRequests();
    expect(vi.getTimerCount()).toBe(1);
    queue.destroy();
  } finally {
    vi.useRealTimers();
  }
});

describe('a guarded request to produce', () => {
  const queue = () => {
    const RequestQueue = load('kafkajs/src/network/requestQueue/index.js') as new (
      options: object,
    ) => { push(request: object): void };
    return new RequestQueue({ requestTimeout: 1_000, logger: { debug: () => {} } });
  };
  const written: number[] = [];
  const request = (apiKey: number) => ({
    entry: { apiKey, correlationId: apiKey, resolve: () => {}, reject: () => {} },
    expectResponse: true,
    sendRequest: () => void written.push(apiKey),
  });
  const lost = new Error('lost');
  const push = (apiKey: number, check: () => void) =>
    guardProduce(check, async () => {
      // Compression comes before the request is written.
      await Promise.resolve();
      queue().push(request(apiKey));
    });

  test('is checked right before it is written, and not written when the check throws', async () => {
    written.length = 0;
    await push(0, () => expect(written).toEqual([]));
    expect(written).toEqual([0]);
    await expect(
      push(0, () => {
        throw lost;
      }),
    ).rejects.toBe(lost);
    expect(written).toEqual([0]);
  });

  test('leaves other requests alone', async () => {
    written.length = 0;
    await push(3, () => {
      throw lost;
    });
    expect(written).toEqual([3]);
  });
});

test('requests that meet a closed connection share one attempt to open it', async () => {
  const opened: { onConnect(): void }[] = [];
  const Connection = load('kafkajs/src/network/connection.js') as new (options: object) => { connect(): Promise<true> };
  const connection = new Connection({
    host: 'localhost',
    port: 1,
    connectionTimeout: 10_000,
    enforceRequestTimeout: false,
    logger: { namespace: () => ({ debug: () => {}, error: () => {} }) },
    socketFactory: (options: { onConnect(): void }) => {
      opened.push(options);
      return { on: () => {} };
    },
  });
  const both = [connection.connect(), connection.connect()];
  expect(opened).toHaveLength(1);
  opened[0]?.onConnect();
  expect(await Promise.all(both)).toEqual([true, true]);
});

test('a broker counts as connected only once it knows which requests its peer understands', async () => {
  const Broker = load('kafkajs/src/broker/index.js') as new (
    options: object,
  ) => { connect(): Promise<void>; isConnected(): boolean };
  const connection = { getSupportAuthenticationProtocol: () => true, authenticate: async () => {} };
  const connectionPool = { isConnected: () => true, getConnection: async () => connection, setVersions: () => {} };
  const broker = new Broker({ connectionPool, versions: {}, logger: { namespace: () => ({ debug: () => {} }) } });
  expect(broker.isConnected()).toBe(false);
  await Promise.all([broker.connect(), broker.connect()]);
  expect(broker.isConnected()).toBe(true);
  connectionPool.isConnected = () => false;
  expect(broker.isConnected()).toBe(false);
});

describe('a consumer group', () => {
  interface Group {
    coordinator: object;
    subscriptionState: { assign(assigned: object[]): void; assigned(): { topic: string; partitions: number[] }[] };
    heartbeat(options: { interval: number }): Promise<void>;
    filterPartitionsByNode(node: string, assigned: object[]): { topic: string; partitions: number[] }[];
  }
  const ConsumerGroup = load('kafkajs/src/consumer/consumerGroup.js') as new (options: object) => Group;
  const metadata = [0, 1, 2].map((partitionId) => ({ partitionId, leader: 1 }));

  function group(cluster: object): Group {
    return new ConsumerGroup({ groupId: 'g', cluster, logger: { namespace: () => ({ debug: () => {} }) } });
  }

  test('names every partition, each in turn as the first', () => {
    const member = group({ findTopicPartitionMetadata: () => metadata });
    const assigned = [
      { topic: 'a', partitions: [0, 1, 2] },
      { topic: 'b', partitions: [0] },
    ];
    const rounds = Array.from({ length: 6 }, () => member.filterPartitionsByNode('1', assigned));
    for (const round of rounds) {
      const sorted = round.map(({ topic, partitions }) => `${topic}${[...partitions].sort()}`).sort();
      expect(sorted).toEqual(['a0,1,2', 'b0']);
    }
    expect(new Set(rounds.map(([first]) => first?.topic))).toEqual(new Set(['a', 'b']));
    expect(new Set(rounds.map((round) => round.find(({ topic }) => topic === 'a')?.partitions[0]))).toEqual(
      new Set([0, 1, 2]),
    );
  });

  test('looks for its coordinator again when the connection to it is gone', async () => {
    const found = { isConnected: () => true };
    const member = group({ findGroupCoordinator: async () => found });
    member.coordinator = { isConnected: () => false };
    await member.heartbeat({ interval: 0 });
    expect(member.coordinator).toBe(found);
  });
});

test('offsets are committed to the coordinator of now', async () => {
  const OffsetManager = load('kafkajs/src/consumer/offsetManager/index.js') as new (
    options: object,
  ) => { getCoordinator(): Promise<object> };
  const found = { isConnected: () => true };
  const manager = new OffsetManager({
    cluster: { findGroupCoordinator: async () => found, committedOffsets: () => ({}) },
    coordinator: { isConnected: () => false },
    memberAssignment: {},
    groupId: 'g',
  });
  expect(await manager.getCoordinator()).toBe(found);
});
