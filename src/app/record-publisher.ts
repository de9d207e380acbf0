import type { RecordPublisher } from '../domain/record-store.ts';
import type { MessageProducer } from '../kafka/producer.ts';
import { recordKey } from '../store/documents.ts';

/** Publishes records as JSON under tenant and id, so that the latest of each survives compaction. */
export function createRecordPublisher(producer: MessageProducer, topic: string): RecordPublisher {
  return {
    publish: (records, headers = []) =>
      producer.send(
        records.map((record, index) => ({
          topic,
          key: recordKey(record),
          value: JSON.stringify(record),
          headers: headers[index] ?? {},
        })),
      ),
  };
}
