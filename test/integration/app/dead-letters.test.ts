import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dropLetters, openLetters, redriveLetters, type SettlingParts } from '../../../src/app/settle-dead-letters.ts';
import { listLetters, redrive, showLetter } from '../../../src/cli/dlq.ts';
import type { ReceivedMessage } from '../../../src/domain/message.ts';
import { topicNames } from '../../../src/domain/topics.ts';
import { connectKafka, type KafkaConnection } from '../../../src/kafka/connection.ts';
import { deadLetterOf } from '../../../src/kafka/dead-letter.ts';
import { type DeadLetter, readDeadLetters } from '../../../src/kafka/dead-letter-reader.ts';
import { createProducer, type MessageProducer } from '../../../src/kafka/producer.ts';
import { readRanges, topicRanges } from '../../../src/kafka/read-range.ts';
import { ensureTopics } from '../../../src/kafka/topics.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { createDeadLetterDecisions } from '../../../src/store/dead-letters.ts';
import { startTestKafka, type TestKafka } from '../../support/kafka.ts';
import { message, rawFeedback } from '../../support/messages.ts';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { silentLogger } from '../../support/silent-logger.ts';
import { until } from '../../support/until.ts';

let kafka: TestKafka;
let mongo: TestMongo;
let connection: KafkaConnection;
let producer: MessageProducer;
let database: Database;
let prefix: string;
let databaseName: string;
let topics: ReturnType<typeof topicNames>;

beforeAll(async () => {
  [kafka, mongo] = await Promise.all([startTestKafka(), startTestMongo()]);
  connection = connectKafka({ brokers: kafka.brokers, clientId: 'test' }, silentLogger);
  producer = createProducer(connection);
});

afterAll(async () => {
  await producer.close();
  await Promise.all([kafka.stop(), mongo.close()]);
});

beforeEach(async () => {
  const id = Math.random().toString(36).slice(2);
  prefix = `t${id}.`;
  topics = topicNames(prefix);
  await ensureTopics(connection, [
    { name: topics.feedback.review, partitions: 3 },
    { name: topics.deadLetters, partitions: 3 },
  ]);
  databaseName = `koe-test-${id}`;
  database = await openDatabase({ uri: mongo.uri, database: databaseName });
  return async () => {
    await database.drop();
    await database.close();
  };
});

const rejection = { kind: 'dead-letter', code: 'KOE_FIELD_MISSING', detail: 'text: required', step: 'decode' } as const;

/** Puts dead letters with these numbers as ids into the topic. */
async function reject(numbers: readonly number[], changes: { topic?: string; text?: string } = {}): Promise<void> {
  const { topic = topics.feedback.review, text = 'x' } = changes;
  const letters = numbers.map((number) => {
    const value = rawFeedback({ id: `r-${number}`, customerId: 'taro', text });
    const received = message(value, { topic, key: Buffer.from(`shop/${number}`), headers: { trace: 'abc' } });
    return deadLetterOf(received, rejection, topics.deadLetters, Date.now());
  });
  await producer.send(letters);
}

async function letters(): Promise<DeadLetter[]> {
  const found: DeadLetter[] = [];
  for await (const page of readDeadLetters(connection, topics.deadLetters, {})) found.push(...page);
  return found;
}

async function sentBack(): Promise<ReceivedMessage[]> {
  const topic = topics.feedback.review;
  const found: ReceivedMessage[] = [];
  const ranges = await topicRanges(connection, topic);
  for await (const { messages } of readRanges(connection, topic, ranges)) found.push(...messages);
  return found;
}

const operatorOf = (by: string, leaseMs?: number): SettlingParts => ({
  decisions: createDeadLetterDecisions(database, { by, ...(leaseMs !== undefined && { leaseMs }) }),
  producer,
  topics,
});
const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);
const keys = (found: readonly { key: Buffer | null }[]) => found.map(({ key }) => String(key)).sort();
const all = (count: number) =>
  numbers(count)
    .map((number) => `shop/${number}`)
    .sort();

describe('redrive', () => {
  test('a letter goes back as it came, with one redrive more each time', async () => {
    await reject([1]);
    const [first] = await letters();
    await redriveLetters(await letters(), operatorOf('a@here'));
    const [again] = await sentBack();
    expect(again?.value).toEqual(first?.message.value);
    expect(again?.key).toEqual(first?.message.key);
    expect(Object.entries(again?.headers ?? {}).map(([name, values]) => [name, String(values)])).toEqual([
      ['trace', 'abc'],
      ['koe-redrive-count', '1'],
    ]);
    if (again === undefined) throw new Error('nothing came back');
    await producer.send([deadLetterOf(again, rejection, topics.deadLetters, Date.now())]);
    const open = await openLetters(await letters(), operatorOf('a@here').decisions);
    expect(open.map(({ redriveCount }) => redriveCount)).toEqual([1]);
    await redriveLetters(open, operatorOf('a@here'));
    const last = (await sentBack()).map(({ headers }) => String(headers['koe-redrive-count'])).sort();
    expect(last).toEqual(['1', '2']);
  });

  test('several at once send each letter exactly once', async () => {
    await reject(numbers(60));
    const found = await letters();
    const results = await Promise.all(
      ['a@here', 'b@there', 'c@elsewhere'].map((by) => redriveLetters(found, operatorOf(by))),
    );
    expect(keys(await sentBack())).toEqual(all(60));
    expect(results.flatMap(({ settled }) => settled)).toHaveLength(60);
    expect(results.flatMap(({ taken }) => taken)).toHaveLength(120);
  });

  test('a letter whose redrive died between claim and send is redriven when the lease has ended', async () => {
    await reject(numbers(3));
    const found = await letters();
    const hangs = { ...producer, send: () => new Promise<void>(() => {}) };
    void redriveLetters(found, { ...operatorOf('dead@here', 3_000), producer: hangs });
    await until('claimed', async () => (await database.deadLetters.countDocuments({ status: 'redriving' })) === 3);
    const early = await redriveLetters(found, operatorOf('b@here'));
    expect([early.settled.length, early.taken.length]).toEqual([0, 3]);
    const { decisions } = operatorOf('b@here');
    expect(await openLetters(found, decisions)).toEqual([]);
    await until('free again', async () => (await openLetters(found, decisions)).length === 3);
    const late = await redriveLetters(found, operatorOf('b@here'));
    expect([late.settled.length, late.taken.length]).toEqual([3, 0]);
    expect(keys(await sentBack())).toEqual(all(3));
  });

  test('a send that fails gives the letters back at once', async () => {
    await reject(numbers(3));
    const found = await letters();
    const broken = { ...producer, send: () => Promise.reject(new Error('away')) };
    await expect(redriveLetters(found, { ...operatorOf('a@here'), producer: broken })).rejects.toThrow('away');
    expect((await redriveLetters(found, operatorOf('b@here'))).settled).toHaveLength(3);
  });

  test('a claim that has grown old sends nothing', async () => {
    await reject([1]);
    const { decisions } = operatorOf('a@here');
    const stale = {
      ...decisions,
      claim: async (wanted: readonly string[]) => ({ ...(await decisions.claim(wanted)), isFresh: () => false }),
    };
    const result = await redriveLetters(await letters(), { ...operatorOf('a@here'), decisions: stale });
    expect([result.settled.length, result.taken.length]).toEqual([0, 1]);
    expect(await sentBack()).toEqual([]);
  });

  test('letters from elsewhere are refused and stay', async () => {
    await reject([1], { topic: 'payments' });
    const result = await redriveLetters(await letters(), operatorOf('a@here'));
    expect([result.settled.length, result.refused.length]).toEqual([0, 1]);
    expect(await openLetters(await letters(), operatorOf('a@here').decisions)).toHaveLength(1);
  });
});

test('a dropped letter is settled for good', async () => {
  await reject(numbers(2));
  const [dropped, kept] = await letters();
  if (dropped === undefined || kept === undefined) throw new Error('no letters');
  await dropLetters([dropped], operatorOf('a@here'));
  const result = await redriveLetters([dropped, kept], operatorOf('b@here'));
  expect(result).toMatchObject({ settled: [kept], taken: [dropped] });
  expect(keys(await sentBack())).toEqual([String(kept.message.key)]);
});

describe('commands', () => {
  function terminal() {
    const written: Buffer[] = [];
    const output = new Writable({
      write(chunk: Buffer, _encoding, done) {
        written.push(chunk);
        done();
      },
    });
    const environment = {
      KAFKA_BROKERS: kafka.brokers.join(','),
      MONGODB_URI: mongo.uri,
      KOE_MONGODB_DATABASE: databaseName,
      KOE_PSEUDONYM_KEY: 'a key of sixteen characters or more',
      KOE_TOPIC_PREFIX: prefix,
    };
    async function* input() {}
    return {
      terminal: { environment, input: input(), output, errors: output },
      written: () => Buffer.concat(written),
    };
  }
  const listing = { limit: 50, all: false, json: true };

  test('list filters, shows no customer, and hides what is settled', async () => {
    await reject([1, 2], { text: '電話は090-1234-5678です' });
    await reject([3], { topic: topics.feedback.chat });
    const found = await letters();
    const place = (number: number) => {
      const held = found.find(({ message }) => String(message.key) === `shop/${number}`)?.message;
      return { partition: held?.partition ?? -1, offset: BigInt(held?.offset ?? -1) };
    };
    expect(await redrive([place(1)], { dryRun: true }, terminal().terminal)).toBe(0);
    expect(await sentBack()).toEqual([]);
    expect(await redrive([place(1)], { dryRun: false }, terminal().terminal)).toBe(0);
    expect(keys(await sentBack())).toEqual(['shop/1']);

    const open = terminal();
    await listLetters({ ...listing, topic: topics.feedback.review }, open.terminal);
    const shown = open
      .written()
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(shown).toMatchObject([{ code: 'KOE_FIELD_MISSING', status: 'waiting', redriveCount: 0 }]);
    expect(open.written().toString()).not.toMatch(/090-|taro/);

    const everything = terminal();
    await listLetters({ ...listing, all: true, json: false }, everything.terminal);
    expect(everything.written().toString()).toMatch(/redriven by \S+@\S+/);

    const none = terminal();
    await listLetters({ ...listing, json: false, until: '2020-01-01' }, none.terminal);
    expect(none.written().toString()).toBe('No dead letters.\n');
  });

  test('show prints the reason and a masked preview, or the bytes', async () => {
    await reject([1], { text: '電話は090-1234-5678です' });
    const [letter] = await letters();
    const place = { partition: letter?.message.partition ?? -1, offset: 0n };
    const text = terminal();
    expect(await showLetter(place, { raw: false, json: false }, text.terminal)).toBe(0);
    expect(text.written().toString()).toContain('電話は[電話番号]です');
    expect(text.written().toString()).toContain('text: required');
    expect(text.written().toString()).not.toContain('taro');
    const raw = terminal();
    await showLetter(place, { raw: true, json: false }, raw.terminal);
    expect(raw.written()).toEqual(letter?.message.value);
    await expect(showLetter({ partition: 0, offset: 99n }, { raw: false, json: false }, raw.terminal)).rejects.toThrow(
      'holds no dead letter at 0:99',
    );
  });
});
