import kafkajs from 'kafkajs';
import { MongoClient } from 'mongodb';
import { startEmbeddedKafka } from '../../src/embedded/kafka/broker.ts';
import { startEmbeddedMongo } from '../../src/embedded/mongo/server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { listen, testClient } from '../support/kafka-client.ts';
import { until } from '../support/until.ts';
import { type FramedProtocol, kafkaFrames, mongoFrames } from './protocol.ts';

/** An embedded server to be fuzzed, with data in it that no frame of the session speaks of. */
export interface Target {
  readonly protocol: FramedProtocol;
  readonly port: number;
  /** Defects the server told of. */
  readonly defects: readonly unknown[];
  /** Works as a client does, on data of its own: what is recorded. */
  session(port: number): Promise<void>;
  /** Throws unless the data is whole and a client can work as before. */
  check(): Promise<void>;
  close(): Promise<void>;
}

const precious = Array.from({ length: 100 }, (_, at) => `precious ${at}`);

/** An embedded broker with 100 messages. */
export async function kafkaTarget(): Promise<Target> {
  const folder = await temporaryFolder();
  const defects: unknown[] = [];
  const broker = await startEmbeddedKafka({ dataDir: folder.path, onError: (error) => defects.push(error) });
  const kafka = testClient([broker.address]);
  const send = async (topic: string, values: readonly string[]) => {
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic, messages: values.map((value) => ({ value })) });
    await producer.disconnect();
  };
  await send('precious', precious);
  return {
    protocol: kafkaFrames,
    port: broker.port,
    defects,
    session: (port) => kafkaSession(port),
    async check() {
      await send('after', ['served']);
      for (const [topic, values] of [
        ['after', ['served']],
        ['precious', precious],
      ] as const) {
        const listener = await listen(kafka, topic, `check-${topic}`);
        await until(`${topic} is there`, () => listener.seen.length >= values.length, 30_000);
        await listener.stop();
        const seen = listener.seen.map(({ value }) => value);
        if (JSON.stringify(seen) !== JSON.stringify(values)) throw new Error(`${topic} holds ${seen.join(', ')}`);
      }
    },
    async close() {
      await broker.close();
      await folder.remove();
    },
  };
}

/** Everything koe asks of Kafka, and some more. */
async function kafkaSession(port: number): Promise<void> {
  const topic = 'toy';
  const kafka = testClient([`127.0.0.1:${port}`]);
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic, numPartitions: 2, configEntries: [{ name: 'retention.ms', value: '-1' }] }],
  });
  const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic };
  await admin.describeConfigs({ resources: [resource], includeSynonyms: false });
  await admin.alterConfigs({
    resources: [{ ...resource, configEntries: [{ name: 'retention.ms', value: '1000000' }] }],
    validateOnly: false,
  });
  const producer = kafka.producer({ transactionalId: topic, maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  const transaction = await producer.transaction();
  const headers = { 'koe-at': 'now' };
  const messages = [0, 1].map((partition) => ({ partition, key: 'key', value: 'value'.repeat(20), headers }));
  await transaction.send({ topic, messages });
  await transaction.sendOffsets({
    consumerGroupId: 'toys',
    topics: [{ topic, partitions: [{ partition: 0, offset: '0' }] }],
  });
  await transaction.commit();
  const aborted = await producer.transaction();
  await aborted.send({ topic, messages });
  await aborted.abort();
  await producer.disconnect();
  const plain = kafka.producer();
  await plain.connect();
  await plain.send({ topic, messages, compression: kafkajs.CompressionTypes.GZIP });
  await plain.disconnect();
  const listener = await listen(kafka, topic, 'toys-too');
  await until('toys are there', () => listener.seen.length >= 4);
  await listener.stop();
  await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
  await admin.fetchTopicOffsets(topic);
  await admin.fetchTopicOffsetsByTimestamp(topic, 0);
  await admin.fetchOffsets({ groupId: 'toys-too', topics: [topic] });
  await admin.setOffsets({ groupId: 'toys-too', topic, partitions: [{ partition: 0, offset: '1' }] });
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '1' }] });
  await admin.listGroups();
  await admin.describeGroups(['toys-too']);
  await admin.deleteGroups(['toys-too']);
  await admin.fetchTopicMetadata();
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
}

/** An embedded MongoDB with 100 documents. */
export async function mongoTarget(): Promise<Target> {
  const folder = await temporaryFolder();
  const server = await startEmbeddedMongo({ dataDir: folder.path });
  const values = precious.map((text, _id) => ({ _id, text }));
  const withItems = async (use: (client: MongoClient) => Promise<void>) => {
    const client = await MongoClient.connect(server.uri);
    await use(client).finally(() => client.close());
  };
  await withItems(async (client) => {
    await client.db('precious').collection<(typeof values)[number]>('items').insertMany(values);
  });
  return {
    protocol: mongoFrames,
    port: server.port,
    defects: [],
    session: mongoSession,
    check: () =>
      withItems(async (client) => {
        const seen = await client.db('precious').collection('items').find().sort({ _id: 1 }).toArray();
        if (JSON.stringify(seen) !== JSON.stringify(values))
          throw new Error(`the documents are ${JSON.stringify(seen)}`);
        const items = client.db('after').collection('items');
        await items.insertOne({ text: 'served' });
        if ((await items.findOne())?.text !== 'served') throw new Error('a document was not stored');
      }),
    async close() {
      await server.close();
      await folder.remove();
    },
  };
}

/** Everything koe asks of MongoDB, and some more. */
async function mongoSession(port: number): Promise<void> {
  const client = await MongoClient.connect(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  const db = client.db('toys');
  const toys = db.collection<{ _id: number; n?: number; at?: Date; tags?: string[] }>('toys');
  await db.createCollection('toys', { validator: { $jsonSchema: { bsonType: 'object', required: ['_id'] } } });
  await toys.createIndexes([{ key: { n: 1, at: -1 }, name: 'by_n' }]);
  await db.command({ collMod: 'toys', validator: { n: { $gte: 0 } }, validationLevel: 'strict' });
  await toys.insertMany([1, 2, 3].map((_id) => ({ _id, n: _id, at: new Date(0), tags: ['a', 'b'] })));
  await toys.bulkWrite(
    [
      { updateOne: { filter: { _id: 9 }, update: { $inc: { n: 1 }, $setOnInsert: { tags: [] } }, upsert: true } },
      { replaceOne: { filter: { _id: 1, n: { $lte: 5 } }, replacement: { n: 2 }, upsert: true } },
      { deleteOne: { filter: { _id: 3 } } },
    ],
    { ordered: false },
  );
  await toys
    .find({ n: { $in: [1, 2] }, tags: /^a/ })
    .sort({ n: 1 })
    .limit(5)
    .project({ n: 1 })
    .toArray();
  await toys.find().batchSize(1).toArray();
  await toys
    .aggregate([
      { $match: { n: { $gte: 0 } } },
      { $unwind: '$tags' },
      { $group: { _id: '$tags', sum: { $sum: '$n' }, first: { $first: '$at' } } },
      { $project: { sum: { $multiply: ['$sum', 2] }, day: { $dateTrunc: { date: '$first', unit: 'hour' } } } },
      { $sort: { sum: -1 } },
    ])
    .toArray();
  await toys.findOneAndUpdate({ _id: 2 }, [{ $set: { n: { $add: ['$n', 1] } } }], { returnDocument: 'after' });
  await toys.countDocuments({ n: { $exists: true } });
  await toys.find({ n: 1 }).explain();
  await db.listCollections().toArray();
  const stream = toys.watch();
  const seen = stream.next();
  await toys.updateOne({ _id: 2 }, { $push: { tags: 'c' } });
  await seen;
  await stream.close();
  await client.close();
}
