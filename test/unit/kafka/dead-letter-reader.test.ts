import { expect, test } from 'vitest';
import { deadLetterOf, redrivenMessage } from '../../../src/kafka/dead-letter.ts';
import { matchesFilter, parseDeadLetter } from '../../../src/kafka/dead-letter-reader.ts';
import { message } from '../../support/messages.ts';

const rejection = { kind: 'dead-letter', code: 'KOE_NOT_JSON', detail: '値', step: 'decode' } as const;
const rejected = deadLetterOf(message('x', { headers: { trace: 'abc' } }), rejection, 'dlq', 0);
const received = message('x', { topic: 'dlq', timestamp: 1_000 });
const letter = parseDeadLetter({ ...received, headers: rejected.headers });

test('what was written into the headers is read from them', () => {
  expect(letter).toMatchObject({
    code: 'KOE_NOT_JSON',
    detail: '値',
    step: 'decode',
    sourceTopic: 'koe.feedback.review.v1',
    sourcePartition: '0',
    sourceOffset: '7',
    redriveCount: 0,
  });
});

test('what somebody else put into the topic says nothing', () => {
  expect(parseDeadLetter(received)).toMatchObject({ code: undefined, sourceTopic: undefined, redriveCount: 0 });
  const odd = { ...received, headers: { 'koe-redrive-count': [Buffer.from('1e9 ')], 'koe-reject-code': [] } };
  expect(parseDeadLetter(odd)).toMatchObject({ code: undefined, redriveCount: 0 });
});

test.each([
  [{}, true],
  [{ code: 'KOE_NOT_JSON', sourceTopic: 'koe.feedback.review.v1' }, true],
  [{ code: 'KOE_NOT_UTF8' }, false],
  [{ sourceTopic: 'koe.feedback.chat.v1' }, false],
  [{ since: 1_000, until: 1_001 }, true],
  [{ since: 1_001 }, false],
  [{ until: 1_000 }, false],
])('filter %j means it: %s', (filter, expected) => {
  expect(matchesFilter(letter, filter)).toBe(expected);
});

test("a redriven message has its producer's headers and one redrive more", () => {
  const again = redrivenMessage(letter.message, 'source', 4);
  expect(again).toMatchObject({ topic: 'source', key: received.key, value: received.value });
  expect(Object.entries(again.headers ?? {}).map(([name, values]) => [name, String(values)])).toEqual([
    ['trace', 'abc'],
    ['koe-redrive-count', '5'],
  ]);
});
