import { ErrorCode, KafkaError, unknownPartition } from '../protocol/errors.ts';
import type { Writer } from '../protocol/wire.ts';
import type { PartitionLog } from '../storage/partition-log.ts';
import type { AbortedTransaction } from '../storage/producer-states.ts';
import { type Api, attemptFor, type BrokerParts, LEADER_EPOCH, type Outcome, type RequestInfo } from './api.ts';

const LARGEST_RESPONSE_BYTES = 50 * 1024 * 1024;
const READ_COMMITTED = 1;
const EMPTY = Buffer.alloc(0);

interface Wanted {
  readonly topic: string;
  readonly partitions: readonly WantedPartition[];
}

interface WantedPartition {
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly offset: number;
  readonly maxBytes: number;
}

interface Limits {
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly readCommitted: boolean;
}

interface Found {
  readonly code: number;
  readonly records: Buffer;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly startOffset: number;
  readonly aborted: readonly AbortedTransaction[] | null;
}

type FoundTopic = { readonly topic: string; readonly partitions: (Found & { readonly partition: number })[] };

/**
 * Fetch: waits until there is enough to read or the time is up; sessions (KIP-227) are never made.
 *
 * The first batch is returned even when it is larger than the limits, so that a consumer always gets on (KIP-74).
 */
export const fetch: Api = {
  key: 1,
  name: 'Fetch',
  versions: [4, 11],
  async handle(parts, request, input, output): Promise<Outcome> {
    const { version } = request;
    input.int32(); // replica id
    const maxWaitMs = input.int32();
    const minBytes = input.int32();
    const maxBytes = Math.min(input.int32(), LARGEST_RESPONSE_BYTES);
    const readCommitted = input.int8() === READ_COMMITTED;
    const sessionId = version >= 7 ? input.int32() : 0;
    if (version >= 7) input.int32(); // session epoch
    const wanted = input.array(
      (): Wanted => ({
        topic: input.string(),
        partitions: input.array(() => {
          const partition = input.int32();
          const leaderEpoch = version >= 9 ? input.int32() : -1;
          const offset = input.int64();
          if (version >= 5) input.int64(); // log start offset of a follower
          return { partition, leaderEpoch, offset, maxBytes: input.int32() };
        }),
      }),
    );
    output.int32(0);
    if (sessionId !== 0) {
      output
        .int16(ErrorCode.FETCH_SESSION_ID_NOT_FOUND)
        .int32(0)
        .array([], () => {});
      return 'reply';
    }
    const limits = { minBytes, maxBytes, readCommitted };
    const deadline = performance.now() + maxWaitMs;
    let found = readAll(parts, request, wanted, limits);
    for (let left = maxWaitMs; left > 0 && !isEnough(found, limits) && !request.gone.aborted; ) {
      await appended(logsOf(parts, wanted), left, request.gone);
      found = readAll(parts, request, wanted, limits);
      left = deadline - performance.now();
    }
    if (version >= 7) output.int16(ErrorCode.NONE).int32(0);
    output.array(found, ({ topic, partitions }) => {
      output.string(topic).array(partitions, (partition) => writePartition(output, version, partition));
    });
    return 'reply';
  },
};

function readAll(parts: BrokerParts, request: RequestInfo, wanted: readonly Wanted[], limits: Limits): FoundTopic[] {
  let left = limits.maxBytes;
  let nothingYet = true;
  return wanted.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((each) => {
      const found = readOne(parts, request, topic, each, limits.readCommitted, left, nothingYet);
      left = Math.max(0, left - found.records.length);
      nothingYet &&= found.records.length === 0;
      return { partition: each.partition, ...found };
    }),
  }));
}

function readOne(
  { topics }: BrokerParts,
  request: RequestInfo,
  topic: string,
  { partition, leaderEpoch, offset, maxBytes }: WantedPartition,
  readCommitted: boolean,
  left: number,
  evenIfLarger: boolean,
): Found {
  const log = topics.find(topic)?.partitions[partition];
  const read = attemptFor(request, () => {
    if (log === undefined) throw unknownPartition();
    if (leaderEpoch > LEADER_EPOCH) {
      throw new KafkaError(ErrorCode.UNKNOWN_LEADER_EPOCH, 'The leader epoch is newer than the one of this broker.');
    }
    const limit = readCommitted ? log.lastStableOffset : log.endOffset;
    const records = log.read(offset, Math.min(maxBytes, left), limit, evenIfLarger);
    return { records, aborted: readCommitted ? log.abortedIn(offset, records) : null };
  });
  return {
    code: read.code,
    records: read.value?.records ?? EMPTY,
    highWatermark: log?.endOffset ?? -1,
    lastStableOffset: log?.lastStableOffset ?? -1,
    startOffset: log?.startOffset ?? -1,
    aborted: read.value?.aborted ?? null,
  };
}

/** Whether the answer can go: it has the bytes asked for, or an error its client should know of now. */
function isEnough(found: readonly FoundTopic[], { minBytes }: Limits): boolean {
  let bytes = 0;
  for (const { partitions } of found) {
    for (const { code, records } of partitions) {
      if (code !== ErrorCode.NONE) return true;
      bytes += records.length;
    }
  }
  return bytes >= minBytes;
}

function logsOf({ topics }: BrokerParts, wanted: readonly Wanted[]): PartitionLog[] {
  return wanted.flatMap(({ topic, partitions }) =>
    partitions.flatMap(({ partition }) => topics.find(topic)?.partitions[partition] ?? []),
  );
}

/** Resolves at the next append to any of the logs, when the time is up, or when the client is gone. */
function appended(logs: readonly PartitionLog[], ms: number, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
      gone.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    const stops = logs.map((log) => log.onAppend(wake));
    gone.addEventListener('abort', wake);
  });
}

function writePartition(output: Writer, version: number, found: Found & { readonly partition: number }): void {
  output.int32(found.partition).int16(found.code).int64(found.highWatermark).int64(found.lastStableOffset);
  if (version >= 5) output.int64(found.startOffset);
  output.array(found.aborted, ({ producerId, firstOffset }) => output.int64(producerId).int64(firstOffset));
  if (version >= 11) output.int32(-1); // no preferred replica
  output.bytes(found.records);
}
