import { ErrorCode, KafkaError } from '../protocol/errors.ts';
import { type Api, attemptFor, type BrokerParts, LEADER_EPOCH } from './api.ts';

const LATEST = -1;
const EARLIEST = -2;
const READ_COMMITTED = 1;

/** ListOffsets: the first offset, the end, or the first record not older than a time (-1, -1 when all are older). */
export const listOffsets: Api = {
  key: 2,
  name: 'ListOffsets',
  versions: [1, 5],
  handle(parts, request, input, output) {
    const { version } = request;
    input.int32(); // replica id
    const readCommitted = version >= 2 && input.int8() === READ_COMMITTED;
    const wanted = input.array(() => ({
      topic: input.string(),
      partitions: input.array(() => {
        const partition = input.int32();
        if (version >= 4) input.int32(); // current leader epoch
        return { partition, timestamp: input.int64() };
      }),
    }));
    if (version >= 2) output.int32(0);
    output.array(wanted, ({ topic, partitions }) => {
      output.string(topic).array(partitions, ({ partition, timestamp }) => {
        const found = attemptFor(request, () => lookUp(parts, topic, partition, timestamp, readCommitted));
        output.int32(partition).int16(found.code);
        output.int64(found.value?.timestamp ?? -1).int64(found.value?.offset ?? -1);
        if (version >= 4) output.int32(found.value === undefined || found.value.offset < 0 ? -1 : LEADER_EPOCH);
      });
    });
    return 'reply';
  },
};

/** OffsetForLeaderEpoch: where the only epoch ends, which is the end of the log. */
export const offsetForLeaderEpoch: Api = {
  key: 23,
  name: 'OffsetForLeaderEpoch',
  versions: [0, 3],
  handle({ topics }, request, input, output) {
    const { version } = request;
    if (version >= 3) input.int32(); // replica id
    const wanted = input.array(() => ({
      topic: input.string(),
      partitions: input.array(() => {
        const partition = input.int32();
        if (version >= 2) input.int32(); // current leader epoch
        return { partition, epoch: input.int32() };
      }),
    }));
    if (version >= 2) output.int32(0);
    output.array(wanted, ({ topic, partitions }) => {
      output.string(topic).array(partitions, ({ partition, epoch }) => {
        const found = attemptFor(request, () => topics.partition(topic, partition).endOffset);
        const known = found.value !== undefined && epoch === LEADER_EPOCH;
        output.int16(found.code).int32(partition);
        if (version >= 1) output.int32(known ? LEADER_EPOCH : -1);
        output.int64(known ? (found.value ?? -1) : -1);
      });
    });
    return 'reply';
  },
};

function lookUp(
  { topics }: BrokerParts,
  topic: string,
  partition: number,
  timestamp: number,
  readCommitted: boolean,
): { offset: number; timestamp: number } {
  const log = topics.partition(topic, partition);
  const end = readCommitted ? log.lastStableOffset : log.endOffset;
  if (timestamp === LATEST) return { offset: end, timestamp: -1 };
  if (timestamp === EARLIEST) return { offset: log.startOffset, timestamp: -1 };
  if (timestamp < 0) throw new KafkaError(ErrorCode.UNSUPPORTED_VERSION, 'This kind of offset is not known here.');
  return log.findTime(timestamp, end) ?? { offset: -1, timestamp: -1 };
}
