/** What the embedded MongoDB server takes for koe's writes and queries at 100,000 records; prints a Markdown table. */
import { type Document, MongoClient } from 'mongodb';
import { topicIds } from '../src/domain/labels.ts';
import { startServerThread } from '../src/embedded/server-thread.ts';
import { temporaryFolder } from '../test/support/folder.ts';
import { enrichedRecord, topic } from '../test/support/records.ts';
import { medianMs } from './median.ts';

const records = 100_000;
const batch = 500;
const runs = 9;

function document(number: number): Document {
  const mentions = [0, 1].map((shift) => {
    const id = topicIds[(number * 7 + shift * 11) % topicIds.length] ?? 'overall';
    return topic(id, number % 3 === 0 ? 'negative' : 'positive');
  });
  const record = enrichedRecord({ id: `piece-${number}`, customer: `customer-${number % 5000}`, topics: mentions });
  const occurredAt = new Date(Date.UTC(2026, 8, 1) + number * 60_000);
  return { _id: `shop/${record.id}`, ...record, occurredAt, receivedAt: occurredAt };
}

const folder = await temporaryFolder();
const server = await startServerThread('embedded-mongo', { dataDir: folder.path });
const client = new MongoClient(`mongodb://${server.host}:${server.port}/?directConnection=true`);
const collection = client.db('bench').collection<Document & { _id: string }>('records');
await collection.createIndexes([
  { name: 'by_time', key: { tenant: 1, occurredAt: -1 } },
  { name: 'by_topic', key: { tenant: 1, 'topics.id': 1, occurredAt: -1 } },
]);

const insertStarted = performance.now();
for (let number = 0; number < records; number += batch) {
  const operations = Array.from({ length: batch }, (_, index) => ({
    insertOne: { document: document(number + index) as Document & { _id: string } },
  }));
  await collection.bulkWrite(operations, { ordered: false });
}
const insertSeconds = (performance.now() - insertStarted) / 1000;

const upsertStarted = performance.now();
for (let number = 0; number < 20_000; number += batch) {
  const operations = Array.from({ length: batch }, (_, index) => {
    const { _id, ...replacement } = document(number + index);
    return { replaceOne: { filter: { _id }, replacement, upsert: true } };
  });
  await collection.bulkWrite(operations, { ordered: false });
}
const upsertSeconds = (performance.now() - upsertStarted) / 1000;

const group = await medianMs(runs, () =>
  collection
    .aggregate([
      { $unwind: '$topics' },
      { $group: { _id: '$topics.id', count: { $sum: 1 }, score: { $avg: '$sentiment.score' } } },
    ])
    .toArray(),
);
const since = new Date(Date.UTC(2026, 8, 20));
const find = await medianMs(runs, () =>
  collection
    .find({ tenant: 'shop', 'topics.id': 'delivery', occurredAt: { $gte: since } })
    .sort({ occurredAt: -1 })
    .limit(50)
    .toArray(),
);
await client.close();
const closing = performance.now();
await server.close();
const reopened = await startServerThread('embedded-mongo', { dataDir: folder.path });
const reopenSeconds = (performance.now() - closing) / 1000;
await reopened.close();
await folder.remove();

console.log(
  [
    '| what | |',
    '|---|--:|',
    `| unordered bulk inserts of ${batch} | ${(records / insertSeconds).toFixed(0)} records/s |`,
    `| unordered bulk upserts of ${batch}, all replacing | ${(20_000 / upsertSeconds).toFixed(0)} records/s |`,
    `| \`$unwind\` and \`$group\` by topic over all | ${group.toFixed(0)} ms |`,
    `| indexed find by topic and time, sorted, limit 50 | ${find.toFixed(1)} ms |`,
    `| closing and opening again | ${reopenSeconds.toFixed(1)} s |`,
  ].join('\n'),
);
