import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { EventStream } from '../../../src/api/event-stream.ts';

test('events are lines that end with an empty one, heart-beats are comments, and the end is one', async () => {
  const stream = new EventStream(3000);
  stream.event('change', { 文: '遅い\n' }, '7');
  stream.heartbeat();
  stream.event('reset', {});
  stream.end();
  stream.end();
  stream.event('change', 'too late');
  expect(await text(stream)).toBe(
    'retry: 3000\n\nid: 7\nevent: change\ndata: {"文":"遅い\\n"}\n\n:\n\nevent: reset\ndata: {}\n\n',
  );
});

test('a client that does not read is cut off before it fills the memory', async () => {
  const stream = new EventStream(3000);
  const closed = once(stream, 'close');
  for (let at = 0; at < 100; at++) stream.event('change', 'x'.repeat(100_000));
  await closed;
  expect(stream.readableLength).toBeLessThan(4_200_000);
  stream.end();
});
