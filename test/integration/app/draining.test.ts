import { afterEach, expect, test } from 'vitest';
import { startEnrichApp } from '../../../src/app/enrich-app.ts';
import { readSettings } from '../../../src/config/settings.ts';
import { topicNames } from '../../../src/domain/topics.ts';
import { openLink } from '../../chaos/link.ts';
import { startTestKafka } from '../../support/kafka.ts';
import { testClient } from '../../support/kafka-client.ts';
import { rawFeedback } from '../../support/messages.ts';
import { startTestMongo } from '../../support/mongo.ts';
import { silentLogger } from '../../support/silent-logger.ts';
import { uniqueSettings } from '../../support/unique-name.ts';
import { until } from '../../support/until.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test('a worker whose MongoDB fell silent ends after its drain time all the same', async () => {
  const [kafka, mongo] = await Promise.all([startTestKafka(), startTestMongo()]);
  closing.push(kafka.stop, mongo.close);
  const link = await openLink(Number(new URL(mongo.uri).port));
  closing.push(link.close);
  const names = uniqueSettings();
  const settings = readSettings({
    ...names,
    KAFKA_BROKERS: kafka.brokers.join(','),
    MONGODB_URI: `mongodb://127.0.0.1:${link.port}/?directConnection=true`,
    KOE_PSEUDONYM_KEY: 'a key of sixteen characters or more',
    KOE_MODEL: 'none',
    KOE_ANALYSIS_PROCESSES: '1',
    KOE_TOPIC_PARTITIONS: '1',
    KOE_HTTP_PORT: '0',
    KOE_DRAIN_SECONDS: '2',
  });
  const app = await startEnrichApp(settings, silentLogger);
  const ready = async () => (await fetch(`${app.operationsUrl}/readyz`)).ok;
  await until('it is in its group', ready, 30_000);
  link.set('half-open');
  const producer = testClient(kafka.brokers).producer();
  await producer.connect();
  const topic = topicNames(names.KOE_TOPIC_PREFIX).feedback.review;
  await producer.send({ topic, messages: [{ value: JSON.stringify(rawFeedback()) }] });
  await producer.disconnect();
  const metrics = async () => await (await fetch(`${app.operationsUrl}/metrics`)).text();
  await until('a message waits for MongoDB', async () =>
    /koe_step_run_seconds_count\{[^}]*step="analyze"[^}]*\} [1-9]/.test(await metrics()),
  );
  const since = performance.now();
  await app.stop();
  // Two seconds of draining, one for leaving the group and one for closing, on a machine that has other work.
  expect(performance.now() - since).toBeLessThan(6000);
  expect(await app.ended).toEqual({ kind: 'stopped' });
});
