import { expect, test } from 'vitest';
import { Closing } from '../../../src/runtime/closing.ts';

test('closes in reverse order and once', async () => {
  const closed: string[] = [];
  const closing = new Closing();
  for (const name of ['server', 'client']) closing.add(name, (opened) => closed.push(opened));
  await closing.closeAll();
  await closing.closeAll();
  expect(closed).toEqual(['client', 'server']);
});

test('what cannot be closed keeps nothing else from being closed and hides no other error', async () => {
  const closed: string[] = [];
  const closing = new Closing();
  closing.add('first', (opened) => closed.push(opened));
  closing.add('second', () => Promise.reject(new Error('no connection')));
  closing.add('third', () => new Promise(() => undefined));
  expect(await closing.closeAll(20)).toMatchObject([
    { message: 'not closed within 20 ms' },
    { message: 'no connection' },
  ]);
  expect(closed).toEqual(['first']);
});
