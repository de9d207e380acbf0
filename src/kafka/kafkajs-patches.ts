import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { firstFetchBytes, nextFetchBytes } from './fetch-window.ts';
import { payloadBytes } from './received-message.ts';

// kafkajs 2.2.4 is the last release and is pinned exactly, so its internals may be mended where they are broken.
// All of it is here; test/unit/kafka/kafkajs-patches.test.ts fails if a member named here no longer exists.

interface RequestQueue {
  pending: unknown[];
  push(request: PushedRequest): void;
  scheduleCheckPendingRequests(): void;
}
interface PushedRequest {
  readonly entry: { readonly apiKey: number };
  sendRequest: () => void;
}
interface Connection {
  connectionTimeout: number;
  connect(): Promise<true>;
}
interface Broker {
  isConnected(): boolean;
  connect(): Promise<void>;
}
interface Coordinator {
  isConnected(): boolean;
}
interface Cluster {
  findGroupCoordinator(group: { groupId: string }): Promise<Coordinator>;
}
interface TopicPartitions {
  readonly topic: string;
  readonly partitions: number[];
}
interface Batch {
  readonly rawMessages: readonly { readonly key: Buffer | null; readonly value: Buffer | null }[];
}
interface ConsumerGroup {
  maxBytes: number;
  maxBytesPerPartition: number;
  fetch(nodeId: string): Promise<Batch[]>;
  cluster: Cluster;
  groupId: string;
  coordinator: Coordinator | null;
  heartbeat(options: { interval: number }): Promise<void>;
  filterPartitionsByNode(nodeId: string, assigned: TopicPartitions[]): TopicPartitions[];
}
interface OffsetManager {
  cluster: Cluster;
  groupId: string;
  coordinator: Coordinator;
  getCoordinator(): Promise<Coordinator>;
}
interface Class<T> {
  readonly prototype: T;
}

const patched = Symbol.for('koe.kafkajs.patched');

/**
 * Mends kafkajs in place, once a process:
 * - between the call that sends messages and the moment at which they are written to the socket lies their compression:
 *   {@link guardProduce} runs a check right before that moment;
 * - its request queue re-arms a timer every millisecond while it has nothing to send (3 % of a core when idle);
 * - two requests that find a connection closed open two sockets, of which one is never closed and may be the one read;
 * - a broker counts as connected as soon as its socket is, before it knows the versions of its requests: whoever else
 *   uses it then gets an error that nobody expects ("Broker not connected"), and a producer gives up;
 * - a consumer whose coordinator connection broke keeps beating on the dead connection until it crashes;
 * - fetch requests always name the partitions in the same order, so that brokers, who fill a response in that order,
 *   starve the last partitions while the first have a backlog (KIP-74 asks clients to rotate them);
 * - it unpacks a whole fetch at once, however many messages that makes.
 */
export function patchKafkajs(): void {
  const load = createRequire(import.meta.url);
  const queue = (load('kafkajs/src/network/requestQueue/index.js') as Class<RequestQueue>).prototype;
  if (patched in queue) return;
  Object.defineProperty(queue, patched, { value: true });
  patchRequestQueue(queue);
  patchConnection((load('kafkajs/src/network/connection.js') as Class<Connection>).prototype);
  patchBroker((load('kafkajs/src/broker/index.js') as Class<Broker>).prototype);
  const group = (load('kafkajs/src/consumer/consumerGroup.js') as Class<ConsumerGroup>).prototype;
  patchHeartbeat(group);
  patchPartitionOrder(group);
  patchFetchSize(group);
  patchOffsetManager((load('kafkajs/src/consumer/offsetManager/index.js') as Class<OffsetManager>).prototype);
}

const produceKey = 0;
const guards = new AsyncLocalStorage<() => void>();

/** Runs work with a check right before each Produce request in it is written; the request fails with what it throws. */
export function guardProduce<T>(check: () => void, work: () => Promise<T>): Promise<T> {
  return guards.run(check, work);
}

function patchRequestQueue(queue: RequestQueue): void {
  const { push, scheduleCheckPendingRequests: schedule } = queue;
  queue.push = function (this: RequestQueue, request) {
    // Without a limit of requests in flight, which koe does not set, pushing is writing.
    if (request.entry.apiKey === produceKey) guards.getStore()?.();
    push.call(this, request);
  };
  queue.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this);
  };
}

function patchConnection(connection: Connection): void {
  const attempts = new WeakMap<Connection, { readonly since: number; readonly connected: Promise<true> }>();
  const connect = connection.connect;
  connection.connect = function (this: Connection) {
    const running = attempts.get(this);
    // A peer that hangs up at the wrong moment leaves an attempt that never ends; it is not waited for.
    if (running !== undefined && performance.now() - running.since < this.connectionTimeout) return running.connected;
    const connected = connect.call(this).finally(() => attempts.delete(this));
    attempts.set(this, { since: performance.now(), connected });
    return connected;
  };
}

function patchBroker(broker: Broker): void {
  const greeted = new WeakSet<Broker>();
  const { connect, isConnected } = broker;
  broker.connect = async function (this: Broker) {
    await connect.call(this);
    greeted.add(this);
  };
  broker.isConnected = function (this: Broker) {
    return greeted.has(this) && isConnected.call(this);
  };
}

function patchHeartbeat(group: ConsumerGroup): void {
  const heartbeat = group.heartbeat;
  group.heartbeat = async function (this: ConsumerGroup, options) {
    if (this.coordinator !== null && !this.coordinator.isConnected()) {
      this.coordinator = await this.cluster.findGroupCoordinator({ groupId: this.groupId });
    }
    return heartbeat.call(this, options);
  };
}

function patchPartitionOrder(group: ConsumerGroup): void {
  const turns = new WeakMap<ConsumerGroup, number>();
  const filter = group.filterPartitionsByNode;
  group.filterPartitionsByNode = function (this: ConsumerGroup, nodeId, assigned) {
    const turn = (turns.get(this) ?? -1) + 1;
    turns.set(this, turn);
    const named = filter.call(this, nodeId, assigned);
    return rotate(
      named.map(({ topic, partitions }) => ({ topic, partitions: rotate(partitions, turn) })),
      turn,
    );
  };
}

function patchFetchSize(group: ConsumerGroup): void {
  const configured = new WeakMap<ConsumerGroup, { readonly bytes: number; readonly perPartition: number }>();
  const fetch = group.fetch;
  group.fetch = async function (this: ConsumerGroup, nodeId) {
    const limit = configured.get(this) ?? { bytes: this.maxBytes, perPartition: this.maxBytesPerPartition };
    const resize = (bytes: number) => {
      this.maxBytes = bytes;
      this.maxBytesPerPartition = Math.ceil(limit.perPartition * (bytes / limit.bytes));
    };
    if (!configured.has(this)) {
      configured.set(this, limit);
      resize(firstFetchBytes(limit.bytes));
    }
    const batches = await fetch.call(this, nodeId);
    let messages = 0;
    let bytes = 0;
    for (const { rawMessages } of batches) {
      messages += rawMessages.length;
      for (const message of rawMessages) bytes += payloadBytes(message);
    }
    resize(nextFetchBytes(this.maxBytes, { messages, bytes }, limit.bytes));
    return batches;
  };
}

function patchOffsetManager(offsets: OffsetManager): void {
  offsets.getCoordinator = async function (this: OffsetManager) {
    if (!this.coordinator.isConnected()) {
      this.coordinator = await this.cluster.findGroupCoordinator({ groupId: this.groupId });
    }
    return this.coordinator;
  };
}

function rotate<T>(list: readonly T[], turn: number): T[] {
  const first = list.length === 0 ? 0 : turn % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
}
