import { ErrorCode, KafkaError } from '../protocol/errors.ts';
import type { Appended } from '../storage/partition-log.ts';
import { BATCH_HEADER_BYTES, readBatchHeader } from '../storage/record-batch.ts';
import { type Api, attemptFor, type BrokerParts } from './api.ts';

/**
 * Produce: batches are stored as they come, and acknowledged when they are written.
 *
 * Versions below 3 are listed because older librdkafka takes their absence for a broker without compression (as Kafka
 * 4 does, KIP-896); they carry message formats that are refused.
 */
export const produce: Api = {
  key: 0,
  name: 'Produce',
  versions: [0, 8],
  handle(parts, request, input, output) {
    const { version } = request;
    const transactionalId = version >= 3 ? input.nullableString() : null;
    const acks = input.int16();
    input.int32(); // the timeout: there are no followers to wait for
    const topics = input.array(() => ({
      topic: input.string(),
      partitions: input.array(() => ({ partition: input.int32(), records: input.nullableBytes() })),
    }));
    let refused = false;
    output.array(topics, ({ topic, partitions }) => {
      output.string(topic).array(partitions, ({ partition, records }) => {
        const done = attemptFor(request, () => {
          if (acks < -1 || acks > 1) throw new KafkaError(ErrorCode.INVALID_REQUIRED_ACKS, 'Acks must be 0, 1 or -1.');
          return append(parts, transactionalId, topic, partition, records);
        });
        refused ||= done.code !== ErrorCode.NONE;
        output
          .int32(partition)
          .int16(done.code)
          .int64(done.value?.baseOffset ?? -1);
        if (version >= 2) output.int64(done.value?.logAppendTime ?? -1);
        if (version >= 5) output.int64(parts.topics.find(topic)?.partitions[partition]?.startOffset ?? -1);
        if (version >= 8) output.array([], () => {}).string(done.message);
      });
    });
    if (version >= 1) output.int32(0);
    if (acks !== 0) return 'reply';
    // Without acknowledgements, closing is the only way to tell the producer that something was refused.
    return refused ? 'hang-up' : 'silence';
  },
};

function append(
  { topics, transactions }: BrokerParts,
  transactionalId: string | null,
  topic: string,
  partition: number,
  records: Buffer | null,
): Appended {
  const log = topics.partition(topic, partition);
  if (records === null) throw new KafkaError(ErrorCode.INVALID_RECORD, 'There are no records.');
  if (records.length >= BATCH_HEADER_BYTES) {
    const header = readBatchHeader(records, 0);
    if (header.transactional) transactions.checkProduce(transactionalId, header, topic, partition);
  }
  return log.append(records);
}
