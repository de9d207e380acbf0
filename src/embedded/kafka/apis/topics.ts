import { ErrorCode, KafkaError } from '../protocol/errors.ts';
import type { Reader } from '../protocol/wire.ts';
import { type Api, attemptFor, NODE_ID } from './api.ts';

/** CreateTopics: with one replica each; -1 partitions mean the broker's default. */
export const createTopics: Api = {
  key: 19,
  name: 'CreateTopics',
  versions: [0, 4],
  handle({ topics, defaultPartitions }, request, input, output) {
    const { version } = request;
    const wanted = input.array(() => ({
      name: input.string(),
      partitions: input.int32(),
      replicationFactor: input.int16(),
      assignments: readAssignments(input),
      configs: input.array(() => ({ name: input.string(), value: input.nullableString() })),
    }));
    input.int32(); // the timeout: nothing here takes time
    const checkOnly = version >= 1 && input.boolean();
    if (version >= 2) output.int32(0);
    output.array(wanted, ({ name, partitions, replicationFactor, assignments, configs }) => {
      const done = attemptFor(request, () => {
        if (replicationFactor !== 1 && replicationFactor !== -1) {
          throw new KafkaError(ErrorCode.INVALID_REPLICATION_FACTOR, 'This broker is alone: one replica is possible.');
        }
        checkAssignments(assignments);
        const asked = partitions === -1 ? defaultPartitions : partitions;
        const count = assignments.length > 0 ? assignments.length : asked;
        if (checkOnly) topics.check(name, count, configs);
        else topics.create(name, count, configs);
      });
      output.string(name).int16(done.code);
      if (version >= 1) output.string(done.message);
    });
    return 'reply';
  },
};

/** DeleteTopics: with their records and all commits on them. */
export const deleteTopics: Api = {
  key: 20,
  name: 'DeleteTopics',
  versions: [0, 3],
  handle({ topics, groups }, request, input, output) {
    const names = input.array(() => input.string());
    input.int32(); // the timeout
    if (request.version >= 1) output.int32(0);
    output.array(names, (name) => {
      const done = attemptFor(request, () => {
        topics.delete(name, groups.offsets.removalsOf(name));
        groups.offsets.forgetTopic(name);
      });
      output.string(name).int16(done.code);
    });
    return 'reply';
  },
};

/** CreatePartitions: raises the number of partitions of existing topics. */
export const createPartitions: Api = {
  key: 37,
  name: 'CreatePartitions',
  versions: [0, 1],
  handle({ topics }, request, input, output) {
    const wanted = input.array(() => ({
      name: input.string(),
      count: input.int32(),
      assignments: input.nullableArray(() => input.array(() => input.int32())),
    }));
    input.int32(); // the timeout
    const checkOnly = input.boolean();
    output.int32(0).array(wanted, ({ name, count }) => {
      const done = attemptFor(request, () => topics.grow(name, count, checkOnly));
      output.string(name).int16(done.code).string(done.message);
    });
    return 'reply';
  },
};

/** DeleteRecords: moves the start of partitions. */
export const deleteRecords: Api = {
  key: 21,
  name: 'DeleteRecords',
  versions: [0, 1],
  handle({ topics }, request, input, output) {
    const wanted = input.array(() => ({
      topic: input.string(),
      partitions: input.array(() => ({ partition: input.int32(), offset: input.int64() })),
    }));
    input.int32(); // the timeout
    output.int32(0).array(wanted, ({ topic, partitions }) => {
      output.string(topic).array(partitions, ({ partition, offset }) => {
        const done = attemptFor(request, () => topics.deleteRecords(topic, partition, offset));
        output
          .int32(partition)
          .int64(done.value ?? -1)
          .int16(done.code);
      });
    });
    return 'reply';
  },
};

interface Assignment {
  readonly partition: number;
  readonly brokers: readonly number[];
}

function readAssignments(input: Reader): Assignment[] {
  return input.array(() => ({ partition: input.int32(), brokers: input.array(() => input.int32()) }));
}

function checkAssignments(assignments: readonly Assignment[]): void {
  const numbers = new Set(assignments.map(({ partition }) => partition));
  const consecutive = [...numbers].every((number) => number >= 0 && number < assignments.length);
  const here = assignments.every(({ brokers }) => brokers.length === 1 && brokers[0] === NODE_ID);
  if (numbers.size === assignments.length && consecutive && here) return;
  const message = `Partitions must be numbered from 0 and assigned to broker ${NODE_ID} alone.`;
  throw new KafkaError(ErrorCode.INVALID_REPLICA_ASSIGNMENT, message);
}
