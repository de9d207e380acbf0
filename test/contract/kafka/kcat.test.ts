import { execFile, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestKafka, type TestKafka } from '../../support/kafka.ts';
import { testClient } from '../../support/kafka-client.ts';
import { uniqueName } from '../../support/unique-name.ts';

// librdkafka negotiates and encodes otherwise than kafkajs does; kcat is its command line.
const command = ['kcat', 'kafkacat'].find((name) => spawnSync(name, ['-V']).error === undefined);

const PRODUCERS = [
  ['plainly', []],
  ['with gzip', ['-z', 'gzip']],
  ['with snappy', ['-z', 'snappy']],
  ['idempotently', ['-X', 'enable.idempotence=true']],
] as const;

if (command === undefined) {
  it('kcat is not installed: listing, producing (plain, gzip, snappy, idempotent) and group consuming went unchecked', () => {
    expect(spawnSync('kcat', ['-V']).error).toMatchObject({ code: 'ENOENT' });
  });
} else {
  describe('kcat', () => {
    let server: TestKafka;
    beforeAll(async () => {
      server = await startTestKafka();
    });
    afterAll(() => server.stop());

    async function createTopic(base: string): Promise<string> {
      const topic = uniqueName(base);
      const admin = testClient(server.brokers).admin();
      await admin.connect();
      await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] });
      await admin.disconnect();
      return topic;
    }

    const kcat = (args: readonly string[], input = '') =>
      new Promise<string>((resolve, reject) => {
        const all = ['-b', server.brokers.join(','), '-X', 'log_level=2', ...args];
        const child = execFile(command, all, { timeout: 20_000 }, (error, stdout, stderr) => {
          if (error === null) resolve(stdout);
          else reject(new Error(`kcat ${args.join(' ')}: ${stderr}`, { cause: error }));
        });
        child.stdin?.end(input);
      });

    it.each(PRODUCERS)('produces %s, and reads it again', async (how, options) => {
      const topic = await createTopic(how.replaceAll(' ', '-'));
      const lines = Array.from({ length: 500 }, (_, index) => `key${index}:声は${index}番目`);
      await kcat(['-P', '-t', topic, '-K:', ...options], lines.join('\n'));
      const read = await kcat(['-C', '-t', topic, '-K:', '-e', '-q', '-o', 'beginning']);
      expect(read.trimEnd().split('\n').toSorted()).toEqual(lines.toSorted());
    });

    it('lists topics and partitions', async () => {
      const topic = await createTopic('listed');
      const listing = await kcat(['-L', '-t', topic]);
      expect(listing).toContain(`topic "${topic}" with 2 partitions`);
      expect(listing).toContain(`broker 1 at ${server.brokers[0]}`);
    });

    it('reads as a group, and goes on where it stopped', async () => {
      const topic = await createTopic('grouped');
      await kcat(['-P', '-t', topic], 'one\ntwo\nthree');
      const asGroup = (count: number) =>
        kcat(['-G', topic, '-X', 'auto.offset.reset=earliest', '-q', '-c', String(count), topic]);
      const first = await asGroup(3);
      expect(first.trimEnd().split('\n').toSorted()).toEqual(['one', 'three', 'two']);
      await kcat(['-P', '-t', topic], 'four');
      expect(await asGroup(1)).toBe('four\n');
    });

    it('finds offsets by time', async () => {
      const topic = await createTopic('timed');
      await kcat(['-P', '-t', topic, '-p', '0'], 'now');
      expect(await kcat(['-Q', '-t', `${topic}:0:0`])).toContain('offset 0');
    });
  });
}
