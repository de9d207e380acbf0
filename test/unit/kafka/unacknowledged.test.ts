import type { Message } from 'kafkajs';
import { expect, test } from 'vitest';
import { unacknowledged } from '../../../src/kafka/producer.ts';

test('messages of a partition that no broker acknowledged are found', () => {
  const [first, second, third]: Message[] = [{ value: '1' }, { value: '2' }, { value: '3' }];
  if (first === undefined || second === undefined || third === undefined) throw new Error('no messages');
  const placed = new WeakMap([
    [first, 0],
    [second, 1],
    [third, 0],
  ]);
  const sent = [
    { topic: 'a', messages: [first, second] },
    { topic: 'b', messages: [third] },
  ];
  const all = [
    { topicName: 'a', partition: 0, errorCode: 0 },
    { topicName: 'a', partition: 1, errorCode: 0 },
    { topicName: 'b', partition: 0, errorCode: 0 },
  ];
  expect(unacknowledged(sent, all, placed)).toEqual([]);
  expect(unacknowledged(sent, all.slice(0, 1), placed)).toEqual([
    { topic: 'a', messages: [second] },
    { topic: 'b', messages: [third] },
  ]);
});
