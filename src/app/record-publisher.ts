import type { RecordPublisher } from '../domain/record-store.ts';
import type { MessageProducer } from '../kafka/producer.ts';
import { recordKey } from '../store/documents.ts';
import { sendWhatFits } from './send-what-fits.ts';

/** Publishes records as JSON under tenant and id, so that the latest of each survives compaction. */
export function createRecordPublisher(producer: MessageProducer, topic: string): RecordPublisher {
  return {
    publish: async (records, headers = []) => {
      const messages = records.map((record, index) => ({
        topic,
        key: recordKey(record),
        value: JSON.stringify(record),
        headers: headers[index] ?? {},
      }));
      const refused = await sendWhatFits(producer, messages);
      return refused.flatMap((at) => records[at] ?? []);
    },
  };
}
