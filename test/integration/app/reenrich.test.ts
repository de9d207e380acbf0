import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ReenrichOptions, type ReenrichProgress, reenrich } from '../../../src/app/reenrich.ts';
import { readSettings } from '../../../src/config/settings.ts';
import type { AnalyzedText, TextAnalyzer } from '../../../src/domain/analysis.ts';
import { DependencyError } from '../../../src/domain/dependency-error.ts';
import type { EnrichedRecord } from '../../../src/domain/record.ts';
import type { RecordPublisher } from '../../../src/domain/record-store.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { fromDocument } from '../../../src/store/documents.ts';
import { createRecordStore } from '../../../src/store/records.ts';
import { refreshRollups, verifyRollups } from '../../../src/store/rollups.ts';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { enrichedRecord, topic } from '../../support/records.ts';
import { silentLogger } from '../../support/silent-logger.ts';

let mongo: TestMongo;
let database: Database;
let published: EnrichedRecord[];

beforeAll(async () => {
  mongo = await startTestMongo();
});

afterAll(() => mongo.close());

beforeEach(async () => {
  published = [];
  database = await openDatabase({ uri: mongo.uri, database: `koe-test-${Math.random().toString(36).slice(2)}` });
  return async () => {
    await database.drop();
    await database.close();
  };
});

const publisher: RecordPublisher = {
  publish: async (records) => {
    published.push(...records);
    return [];
  },
};

const versions = { model: 'new', taxonomy: '2', lexicon: '1', dictionary: 'd', pipeline: '1' };

/** Finds in every text what the new model would: nothing negative, and delivery. */
const fresh: AnalyzedText = {
  truncated: false,
  analysis: {
    status: 'analyzed',
    language: { code: 'ja', confidence: 1 },
    sentiment: { label: 'positive', score: 0.5, confidence: 0.9 },
    topics: [topic('delivery', 'positive')],
    intents: [],
    flags: [],
    opinions: [],
    sentences: [],
  },
};
const analyzer: TextAnalyzer = { versions, analyze: async (texts) => texts.map(() => fresh), close: async () => {} };

async function run(options: Partial<ReenrichOptions> = {}, parts: object = {}): Promise<ReenrichProgress | undefined> {
  const { signal } = new AbortController();
  let progress: ReenrichProgress | undefined;
  const all = { settings: readSettings({}), database, analyzer, publisher, logger: silentLogger, ...parts };
  for await (progress of reenrich({ filter: {}, apply: false, signal, ...options }, all));
  return progress;
}

async function save(...ids: string[]): Promise<EnrichedRecord[]> {
  const records = ids.map((id) => enrichedRecord({ id }));
  await createRecordStore(database).save(records);
  while ((await refreshRollups(database, 50)) > 0);
  return records;
}

async function stored(): Promise<EnrichedRecord[]> {
  return (await database.records.find().sort({ _id: 1 }).toArray()).map(fromDocument);
}

async function rollupsAgree(): Promise<void> {
  while ((await refreshRollups(database, 50)) > 0);
  expect(await verifyRollups(database)).toEqual([]);
}

test('without apply it only reports', async () => {
  const records = await save('a', 'b');
  const progress = await run();
  expect(progress).toMatchObject({
    finished: true,
    written: 0,
    report: {
      records: 2,
      changed: 2,
      transitions: [{ from: 'negative', to: 'positive', count: 2 }],
      added: [['topic:delivery', 2]],
      removed: [['topic:quality', 2]],
    },
  });
  expect(await stored()).toEqual(records);
  expect(published).toEqual([]);
});

test('with apply it writes what it reported, publishes it, and the roll-ups follow', async () => {
  const [a, b] = await save('a', 'b');
  expect(await run({ apply: true })).toMatchObject({ written: 2, overtaken: 0, report: { changed: 2 } });
  const expected = [a, b].map((record) => ({
    ...record,
    ...fresh.analysis,
    provenance: { ...versions, truncated: false },
  }));
  expect(await stored()).toEqual(expected);
  expect(published).toEqual(expected);
  await rollupsAgree();
  expect(await run({ apply: true })).toMatchObject({ written: 0, report: { records: 2, changed: 0 } });
});

test('a newer revision that arrives meanwhile wins', async () => {
  await save('a', 'b');
  const newer = enrichedRecord({ id: 'a', revision: 1, text: '新しい本文です。' });
  const slow = {
    ...analyzer,
    analyze: async (texts: readonly string[]) => {
      await createRecordStore(database).save([newer]);
      return texts.map(() => fresh);
    },
  };
  expect(await run({ apply: true }, { analyzer: slow })).toMatchObject({ written: 1, overtaken: 1 });
  expect((await stored())[0]).toEqual(newer);
  expect(published.map(({ id }) => id)).toEqual(['b']);
  await rollupsAgree();
});

test('two at once write every record, and the roll-ups agree', async () => {
  await save('a', 'b', 'c');
  await Promise.all([run({ apply: true }), run({ apply: true })]);
  expect((await stored()).map(({ provenance }) => provenance.model)).toEqual(['new', 'new', 'new']);
  await rollupsAgree();
});

test('what a crash left unannounced is announced by the next run, even one that passes it over', async () => {
  await save('a');
  const broken = { publish: () => Promise.reject(new Error('killed')) };
  await expect(run({ apply: true }, { publisher: broken })).rejects.toThrow('killed');
  await database.rollups.updateMany({}, { $set: { stale: false } });
  expect(await verifyRollups(database)).toHaveLength(1);
  const progress = await run({ apply: true, filter: { modelOtherThan: 'new' } });
  expect(progress).toMatchObject({ written: 0, report: { records: 0 } });
  expect(published.map(({ id }) => id)).toEqual(['a']);
  await rollupsAgree();
});

test('a dependency that is away for a moment only delays it', async () => {
  await save('a');
  let failures = 1;
  const shaky: RecordPublisher = {
    publish: (records) =>
      failures-- > 0 ? Promise.reject(new DependencyError('kafka', 'transient', 'away')) : publisher.publish(records),
  };
  expect(await run({ apply: true }, { publisher: shaky })).toMatchObject({ written: 1, overtaken: 0 });
  expect(published).toHaveLength(1);
  expect(await database.rewrites.countDocuments()).toBe(0);
});

test('it goes on after a key, in the order of keys', async () => {
  await save('a', 'b', 'c');
  const first = await run({ apply: true, limit: 2 });
  expect(first).toMatchObject({ written: 2, after: 'shop/b' });
  const second = await run({ apply: true, after: first?.after });
  expect(second).toMatchObject({ written: 1, after: 'shop/c', finished: true });
});

test('filters choose the records', async () => {
  await createRecordStore(database).save([
    enrichedRecord({ id: 'wanted' }),
    enrichedRecord({ id: 'elsewhere', tenant: 'shop-2' }),
    enrichedRecord({ id: 'chat', channel: 'chat' }),
    enrichedRecord({ id: 'later', occurredAt: '2026-11-02T00:00:00.000Z' }),
    enrichedRecord({ id: 'scored', provenance: { ...versions, truncated: false } }),
  ]);
  const filter = {
    tenant: 'shop',
    channel: 'review' as const,
    since: new Date('2026-11-01T00:00:00Z'),
    until: new Date('2026-11-02T00:00:00Z'),
    modelOtherThan: 'new',
  };
  expect((await run({ filter }))?.report.examples.map(({ key }) => key)).toEqual(['shop/wanted']);
});

test('a text that cannot be analysed keeps its record', async () => {
  const records = await save('a');
  const failing = { ...analyzer, analyze: async () => [{ failure: 'timeout', detail: 'too slow' }] };
  expect(await run({ apply: true }, { analyzer: failing })).toMatchObject({ failed: ['shop/a'], written: 0 });
  expect(await stored()).toEqual(records);
});
