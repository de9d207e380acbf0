import { expect, test } from 'vitest';
import type { ReceivedMessage } from '../../../src/domain/message.ts';
import { deadLetterOf, maxDetailLength, type Rejection } from '../../../src/kafka/dead-letter.ts';

const rejection: Rejection = { kind: 'dead-letter', code: 'KOE_NOT_JSON', detail: '値が壊れています', step: 'decode' };

const message: ReceivedMessage = {
  topic: 'koe.feedback.chat.v1',
  partition: 3,
  offset: '9007199254740993',
  timestamp: 1_700_000_000_000,
  key: Buffer.from([0xff, 0x00, 0xfe]),
  value: Buffer.from([0x00, 0x80, 0xff]),
  headers: Object.fromEntries([
    ['trace', [Buffer.from([0xc3, 0x28]), Buffer.alloc(0)]],
    ['__proto__', [Buffer.from('1')]],
  ]),
};

function headerText(headers: Readonly<Record<string, readonly Buffer[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values.map(String)]));
}

test('key, value and headers keep their bytes', () => {
  const letter = deadLetterOf(message, rejection, 'koe.feedback.dlq.v1', 0);
  expect(letter.topic).toBe('koe.feedback.dlq.v1');
  expect(letter.key).toBe(message.key);
  expect(letter.value).toBe(message.value);
  expect(letter.headers.trace).toBe(message.headers.trace);
  expect(Object.entries(letter.headers)).toContainEqual(['__proto__', [Buffer.from('1')]]);
});

test('headers say why, where from and when', () => {
  const letter = deadLetterOf(message, rejection, 'dlq', Date.UTC(2024, 3, 1, 12, 30, 0, 7));
  expect(headerText(letter.headers)).toMatchObject({
    'koe-reject-code': ['KOE_NOT_JSON'],
    'koe-reject-detail': ['値が壊れています'],
    'koe-reject-step': ['decode'],
    'koe-reject-at': ['2024-04-01T12:30:00.007Z'],
    'koe-source-topic': ['koe.feedback.chat.v1'],
    'koe-source-partition': ['3'],
    'koe-source-offset': ['9007199254740993'],
    'koe-source-timestamp': ['1700000000000'],
    'koe-redrive-count': ['0'],
  });
});

test('a tombstone without key stays one', () => {
  const letter = deadLetterOf({ ...message, key: null, value: null, headers: {} }, rejection, 'dlq', 0);
  expect(letter.key).toBeNull();
  expect(letter.value).toBeNull();
});

test('a message that was redriven keeps its count and gets the new reason', () => {
  const headers = { 'koe-redrive-count': [Buffer.from('2')], 'koe-reject-code': [Buffer.from('KOE_NOT_UTF8')] };
  const letter = deadLetterOf({ ...message, headers }, rejection, 'dlq', 0);
  expect(headerText(letter.headers)).toMatchObject({
    'koe-redrive-count': ['2'],
    'koe-reject-code': ['KOE_NOT_JSON'],
  });
});

test('an endless detail is cut', () => {
  const letter = deadLetterOf(message, { ...rejection, detail: 'あ'.repeat(50_000) }, 'dlq', 0);
  expect(String(letter.headers['koe-reject-detail']?.[0])).toBe('あ'.repeat(maxDetailLength));
});
