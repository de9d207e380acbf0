import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLagReporter } from '../../../src/app/lag-reporter.ts';
import { connectKafka } from '../../../src/kafka/connection.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';
import { startTestKafka, type TestKafka } from '../../support/kafka.ts';
import { testClient } from '../../support/kafka-client.ts';
import { silentLogger } from '../../support/silent-logger.ts';
import { until } from '../../support/until.ts';

let kafka: TestKafka;
beforeAll(async () => {
  kafka = await startTestKafka();
});
afterAll(() => kafka.stop());

test('tells the lag of its own partitions although nothing is handled', async () => {
  const topic = 'lag-reporter';
  const client = testClient(kafka.brokers);
  const admin = client.admin();
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] });
  await admin.disconnect();
  const producer = client.producer();
  await producer.connect();
  const messages = [0, 0, 0, 1].map((partition) => ({ partition, value: 'x' }));
  await producer.send({ topic, messages });
  await producer.disconnect();

  const metrics = createMetrics();
  const connection = connectKafka({ brokers: kafka.brokers, clientId: 'test' }, silentLogger);
  const reporter = startLagReporter({
    connection,
    groupId: 'lag-reporter',
    topics: [topic],
    metrics,
    logger: silentLogger,
    everyMs: 20,
  });
  const lags = async () => (await metrics.lag.get()).values.map(({ labels, value }) => [labels.partition, value]);
  reporter.assigned([{ topic, partitions: [0] }]);
  await until('the lag is told', async () => (await lags()).length > 0);
  expect(await lags()).toEqual([['0', 3]]);
  reporter.assigned([]);
  expect(await lags()).toEqual([]);
  await reporter.stop();
});
