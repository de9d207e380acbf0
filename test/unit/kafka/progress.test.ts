import { expect, test } from 'vitest';
import { Progress } from '../../../src/kafka/progress.ts';

function clocked() {
  const clock = { ms: 0 };
  return { clock, progress: new Progress(() => clock.ms, 60_000) };
}

test('is not ready before it has joined', () => {
  const { progress } = clocked();
  expect(progress.health()).toMatchObject({ live: true, ready: false });
  progress.joined();
  expect(progress.health()).toMatchObject({ live: true, ready: true });
});

test('an idle consumer that goes on fetching stays ready', () => {
  const { clock, progress } = clocked();
  progress.joined();
  for (let second = 0; second < 600; second += 1) {
    clock.ms += 1_000;
    progress.fetched();
  }
  expect(progress.health()).toMatchObject({ live: true, ready: true });
});

test('without an answer to a fetch it is first not ready, then not live', () => {
  const { clock, progress } = clocked();
  progress.joined();
  clock.ms = 11_000;
  expect(progress.health()).toMatchObject({ live: true, ready: false });
  clock.ms = 60_000;
  expect(progress.health()).toMatchObject({ live: false, ready: false });
});

test('messages in hand of which none is handled make it not live, even while it fetches', () => {
  const { clock, progress } = clocked();
  progress.joined();
  progress.holds('t/0');
  clock.ms = 59_000;
  progress.fetched();
  expect(progress.health()).toMatchObject({ live: true, ready: true });
  clock.ms = 60_000;
  expect(progress.health()).toMatchObject({ live: false });
  expect(progress.stalledMs()).toBe(60_000);
  progress.releases('t/0');
  expect(progress.health()).toMatchObject({ live: true, ready: true });
});

test('one stuck partition is seen although others move', () => {
  const { clock, progress } = clocked();
  progress.joined();
  progress.holds('t/0');
  clock.ms = 61_000;
  progress.holds('t/1');
  expect(progress.health().live).toBe(false);
});

test('waiting for a dependency is live but not ready, and says for which', () => {
  const { clock, progress } = clocked();
  progress.joined();
  progress.holds('t/0');
  progress.waitsFor('t/0', 'mongodb');
  clock.ms = 500_000;
  expect(progress.health()).toEqual({ live: true, ready: false, detail: 'waiting for mongodb' });
  progress.goesOn('t/0');
  expect(progress.health()).toMatchObject({ live: true, ready: true });
});

test('reconnecting is live but not ready', () => {
  const { clock, progress } = clocked();
  progress.joined();
  progress.holds('t/0');
  progress.connecting();
  clock.ms = 500_000;
  expect(progress.health()).toMatchObject({ live: true, ready: false });
});
