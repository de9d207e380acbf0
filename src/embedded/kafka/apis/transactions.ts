import { checkMetadata } from '../coordinator/groups.ts';
import type { ProducerIdentity } from '../coordinator/transactions.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { Reader } from '../protocol/wire.ts';
import { type Api, attemptFor } from './api.ts';
import { readOffsets } from './groups.ts';

/** InitProducerId: an id for an idempotent producer, or the next epoch of a transactional one. */
export const initProducerId: Api = {
  key: 22,
  name: 'InitProducerId',
  versions: [0, 1],
  handle({ transactions }, request, input, output) {
    const id = input.nullableString();
    const timeoutMs = input.int32();
    const given = attemptFor(request, () => transactions.initProducer(id, timeoutMs));
    output.int32(0).int16(given.code);
    output.int64(given.value?.producerId ?? -1).int16(given.value?.producerEpoch ?? -1);
    return 'reply';
  },
};

/** AddPartitionsToTxn: all partitions or none. */
export const addPartitionsToTxn: Api = {
  key: 24,
  name: 'AddPartitionsToTxn',
  versions: [0, 2],
  handle({ transactions, topics }, request, input, output) {
    const id = input.string();
    const identity = readIdentity(input);
    const wanted = input.array(() => ({ topic: input.string(), partitions: input.array(() => input.int32()) }));
    const all = wanted.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
    const exists = (topic: string, partition: number) => topics.find(topic)?.partitions[partition] !== undefined;
    const complete = all.every(({ topic, partition }) => exists(topic, partition));
    const added = attemptFor(request, () => {
      if (complete) transactions.addPartitions(id, identity, all);
    });
    const codeOf = (topic: string, partition: number) => {
      if (complete) return fencedCode(added.code, request.version);
      return exists(topic, partition) ? ErrorCode.OPERATION_NOT_ATTEMPTED : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    };
    output.int32(0).array(wanted, ({ topic, partitions }) => {
      output.string(topic).array(partitions, (partition) => output.int32(partition).int16(codeOf(topic, partition)));
    });
    return 'reply';
  },
};

/** AddOffsetsToTxn: names a group whose commits the transaction will carry. */
export const addOffsetsToTxn: Api = {
  key: 25,
  name: 'AddOffsetsToTxn',
  versions: [0, 2],
  handle({ transactions }, request, input, output) {
    const id = input.string();
    const identity = readIdentity(input);
    const group = input.string();
    const done = attemptFor(request, () => transactions.addGroup(id, identity, group));
    output.int32(0).int16(fencedCode(done.code, request.version));
    return 'reply';
  },
};

/** TxnOffsetCommit: commits of a group that take effect when the transaction commits. */
export const txnOffsetCommit: Api = {
  key: 28,
  name: 'TxnOffsetCommit',
  versions: [0, 2],
  handle({ transactions, topics }, request, input, output) {
    const id = input.string();
    const group = input.string();
    const identity = readIdentity(input);
    const wanted = input.array(() => ({
      topic: input.string(),
      partitions: readOffsets(input, request.version >= 2),
    }));
    const done = attemptFor(request, () => {
      const commits = wanted.flatMap(({ topic, partitions }) => partitions.map((commit) => ({ topic, ...commit })));
      for (const commit of commits) {
        topics.partition(commit.topic, commit.partition);
        checkMetadata(commit);
      }
      transactions.addOffsets(id, identity, group, commits);
    });
    output.int32(0).array(wanted, ({ topic, partitions }) => {
      output.string(topic).array(partitions, ({ partition }) => output.int32(partition).int16(done.code));
    });
    return 'reply';
  },
};

/** EndTxn: commits or aborts; the markers are written when this is answered. */
export const endTxn: Api = {
  key: 26,
  name: 'EndTxn',
  versions: [0, 2],
  handle({ transactions }, request, input, output) {
    const id = input.string();
    const identity = readIdentity(input);
    const commit = input.boolean();
    const done = attemptFor(request, () => transactions.end(id, identity, commit));
    output.int32(0).int16(fencedCode(done.code, request.version));
    return 'reply';
  },
};

function readIdentity(input: Reader): ProducerIdentity {
  return { producerId: input.int64(), producerEpoch: input.int16() };
}

/** Since version 2 of these requests a fenced producer is told so by a code of its own (KIP-588). */
function fencedCode(code: number, version: number): number {
  return code === ErrorCode.INVALID_PRODUCER_EPOCH && version >= 2 ? ErrorCode.PRODUCER_FENCED : code;
}
