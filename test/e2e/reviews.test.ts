import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnrichedRecord } from '../../src/domain/record.ts';
import type { Span } from '../../src/domain/span.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { fromDocument } from '../../src/store/documents.ts';
import { type KoeProcess, runKoe, startKoe } from '../support/koe-process.ts';
import { startTestServers, type TestServers } from '../support/server-processes.ts';
import { uniqueSettings } from '../support/unique-name.ts';
import { until } from '../support/until.ts';

/** Real reviews by others, kept beside the checkout where they are available and never copied into it. */
const reviews = '../shared/data/quasi';

interface Row {
  readonly id: string;
  readonly text: string;
}

function readRows(): Row[] {
  return readdirSync(reviews)
    .filter((name) => name.endsWith('.tsv'))
    .flatMap((name) => readFileSync(join(reviews, name), 'utf8').trim().split('\n'))
    .map((line) => {
      const cells = line.split('\t');
      return { id: cells[0] ?? '', text: cells[6] ?? '' };
    });
}

function spansOf(record: EnrichedRecord): Span[] {
  const parts = [record, ...record.sentences];
  return [
    ...record.sentences.map(({ span }) => span),
    ...parts.flatMap(({ topics }) => topics.flatMap(({ spans }) => spans)),
    ...parts.flatMap(({ intents }) => intents.flatMap(({ spans = [] }) => spans)),
    ...parts.flatMap(({ flags }) => flags.flatMap(({ spans = [] }) => spans)),
  ];
}

const splitsACharacter = (text: string, at: number) =>
  /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(at - 1, at + 1));

if (!existsSync(reviews)) {
  test(`no reviews in ${reviews}: what would be checked is that all of them come out enriched with exact spans`, () => {
    expect(existsSync(reviews)).toBe(false);
  });
} else {
  describe('real reviews through koe send, Kafka, the model and MongoDB', () => {
    const names = uniqueSettings();
    let servers: TestServers;
    let worker: KoeProcess;
    let database: Database;

    beforeAll(async () => {
      servers = await startTestServers();
      database = await openDatabase({ uri: servers.mongo, database: names.KOE_MONGODB_DATABASE });
      worker = startKoe([], {
        entry: 'workers/enrich',
        environment: {
          ...names,
          KAFKA_BROKERS: servers.kafka,
          MONGODB_URI: servers.mongo,
          KOE_PSEUDONYM_KEY: 'a key of sixteen characters or more',
          KOE_HTTP_PORT: '0',
        },
      });
    });

    afterAll(async () => {
      expect(await worker.kill('SIGTERM')).toBe(0);
      await database.drop();
      await database.close();
      await servers.close();
    });

    test('all of them come out enriched, with exact spans', async () => {
      const rows = readRows();
      expect(rows.length).toBeGreaterThan(3000);
      const occurredAt = '2026-11-01T00:00:00Z';
      const lines = rows.map((row) => JSON.stringify({ ...row, tenant: 'travel', channel: 'review', occurredAt }));
      const sent = await runKoe(['send', '-'], {
        input: `${lines.join('\n')}\n`,
        environment: { KAFKA_BROKERS: servers.kafka, KOE_TOPIC_PREFIX: names.KOE_TOPIC_PREFIX },
      });
      expect(sent).toMatchObject({ exit: 0, errors: `${rows.length} sent, 0 refused\n` });
      const stored = () => database.records.estimatedDocumentCount();
      await until('all reviews are stored', async () => (await stored()) >= rows.length, 150_000);
      const records = new Map(
        (await database.records.find().toArray()).map((found) => [found.id, fromDocument(found)]),
      );
      expect(records.size).toBe(rows.length);
      const status: Record<string, number> = {};
      for (const { id, text } of rows) {
        const record = records.get(id);
        if (record === undefined) throw new Error(`${id} is missing`);
        if (Object.keys(record.personalData).length === 0) expect(record.text).toBe(text);
        expect(record.provenance.model).toMatch(/^koe-encoder@/);
        status[record.status] = (status[record.status] ?? 0) + 1;
        for (const { start, end } of spansOf(record)) {
          expect(start).toBeLessThan(end);
          expect(end).toBeLessThanOrEqual(record.text.length);
          expect(splitsACharacter(record.text, start) || splitsACharacter(record.text, end)).toBe(false);
        }
        const covered = record.sentences.map(({ span }) => record.text.slice(span.start, span.end)).join('');
        if (record.status === 'analyzed') {
          expect(covered.replaceAll(/\s/g, '')).toBe(record.text.replaceAll(/\s/g, ''));
        }
      }
      expect(status.analyzed).toBeGreaterThan(rows.length * 0.99);
    });
  });
}
