import { expect, test } from 'vitest';
import type { OutgoingMessage } from '../../../src/domain/message.ts';
import { byTopic, recordBytes, requestLimits, requestsFor } from '../../../src/kafka/request-plan.ts';

function message(topic: string, value: string | Buffer, key: string | null = null): OutgoingMessage {
  return { topic, key, value };
}

test('no request holds more than a thousand messages', () => {
  const requests = [...requestsFor(Array.from({ length: 2_500 }, (_, at) => message('t', String(at))))];
  expect(requests.map(({ length }) => length)).toEqual([1_000, 1_000, 500]);
  expect(requests.flat().map(({ value }) => Number(value))).toEqual(Array.from({ length: 2_500 }, (_, at) => at));
});

test('no request of several messages holds more bytes than a broker takes', () => {
  const requests = [...requestsFor(Array.from({ length: 20 }, () => message('t', Buffer.alloc(250_000))))];
  expect(requests.map(({ length }) => length)).toEqual([3, 3, 3, 3, 3, 3, 2]);
  expect(requestLimits.bytes).toBeLessThan(1024 * 1024);
});

test('bytes are counted in UTF-8, headers included', () => {
  const plain = recordBytes(message('t', ''));
  expect(recordBytes(message('t', '声')) - plain).toBe(3);
  expect(recordBytes({ ...message('t', ''), headers: { name: [Buffer.alloc(100)] } }) - plain).toBeGreaterThanOrEqual(
    104,
  );
});

test('messages of several topics are grouped, each in its order', () => {
  const grouped = byTopic([message('a', '1'), message('b', '2'), message('a', '3')]);
  expect(grouped).toEqual([
    {
      topic: 'a',
      messages: [
        { key: null, value: '1' },
        { key: null, value: '3' },
      ],
    },
    { topic: 'b', messages: [{ key: null, value: '2' }] },
  ]);
});
