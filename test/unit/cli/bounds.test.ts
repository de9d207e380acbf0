import { expect, test } from 'vitest';
import { letterPlace } from '../../../src/cli/arguments.ts';
import { parseBound } from '../../../src/cli/replay.ts';

test('an end of a range is a time or offsets', () => {
  expect(parseBound('24h', 86_400_000)).toBe(0);
  expect(parseBound('2026-11-01', 0)).toBe(Date.parse('2026-11-01T00:00:00+09:00'));
  expect(parseBound('2026-11-01', 0, { zone: 'UTC' })).toBe(Date.UTC(2026, 10, 1));
  expect(parseBound('0:12,11:9007199254740993', 0)).toEqual(
    new Map([
      [0, 12n],
      [11, 9_007_199_254_740_993n],
    ]),
  );
  for (const text of ['0:12,', '0', '-1:2', '0:1;1:2']) expect(() => parseBound(text, 0)).toThrow('is not a time');
});

test('a dead letter is named by partition and offset, with or without its topic', () => {
  expect(letterPlace('3:17')).toEqual({ partition: 3, offset: 17n });
  expect(letterPlace('koe.feedback.dlq.v1/3/17')).toEqual({ partition: 3, offset: 17n });
  for (const text of ['17', '3:', ':17', 'a:b', '3:17x']) expect(() => letterPlace(text)).toThrow('PARTITION:OFFSET');
});
