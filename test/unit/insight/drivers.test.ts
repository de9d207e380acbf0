import { describe, expect, test } from 'vitest';
import { type Driver, type DriverAnswer, findDrivers } from '../../../src/insight/drivers.ts';
import { seededRandom } from '../../../src/insight/seeded-random.ts';

function answers(count: number, make: (random: () => number) => DriverAnswer): DriverAnswer[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, () => make(random));
}

function driverOf(topic: string, made: readonly DriverAnswer[]): Driver {
  const driver = findDrivers(made)?.drivers.find((one) => one.topic === topic);
  if (driver === undefined) throw new Error(`${topic} is missing`);
  return driver;
}

describe('a topic without effect that is always mentioned with one that has it', () => {
  // Criticising A costs recommendations; B is criticised in half of those answers and never elsewhere.
  const made = answers(2000, (random) => {
    const hurt = random() < 0.3;
    const alsoB = hurt && random() < 0.5;
    const answer = hurt ? Math.floor(random() * 8) : 7 + Math.floor(random() * 4);
    return { answer, topics: new Map([...(hurt ? [['A', -1] as const] : []), ...(alsoB ? [['B', -1] as const] : [])]) };
  });

  test('is blamed by leaving answers out', () => expect(driverOf('B', made).loudness).toBeLessThan(-8));

  test('is cleared by regression', () => {
    const { effect, interval } = driverOf('B', made);
    expect(Math.abs(effect)).toBeLessThan(10);
    expect(interval[0]).toBeLessThan(0);
    expect(interval[1]).toBeGreaterThan(0);
  });

  test('while the one with the effect is found, surely', () => {
    const { effect, interval, share } = driverOf('A', made);
    expect(effect).toBeGreaterThan(80);
    expect(interval[0]).toBeGreaterThan(60);
    expect(share).toBeGreaterThan(2 * driverOf('B', made).share);
  });
});

test('shares add up to what is explained', () => {
  const made = answers(500, (random) => {
    const topics = new Map(
      ['A', 'B', 'C'].flatMap((topic) => (random() < 0.4 ? [[topic, random() < 0.5 ? 1 : -1]] : [])) as [
        string,
        1 | -1,
      ][],
    );
    const sum = [...topics.values()].reduce<number>((total, sign) => total + sign, 0);
    return { answer: Math.max(0, Math.min(10, Math.round(7 + 2 * sum + 2 * random()))), topics };
  });
  const report = findDrivers(made);
  const sum = report?.drivers.reduce((total, { share }) => total + share, 0) ?? 0;
  expect(sum).toBeCloseTo(report?.explained ?? 0, 6);
  expect(sum).toBeGreaterThan(0.4);
  expect(report?.tooFew).toBe(false);
});

test('two topics that always come together share their effect', () => {
  const made = answers(300, (random) => {
    const hurt = random() < 0.5;
    return {
      answer: hurt ? 2 : 9,
      topics: new Map(
        hurt
          ? ([
              ['A', -1],
              ['B', -1],
            ] as const)
          : [],
      ),
    };
  });
  expect(driverOf('A', made).effect).toBeCloseTo(driverOf('B', made).effect, 6);
  expect(driverOf('A', made).effect).toBeCloseTo(100, 0);
});

test('too few answers are told, none have no drivers, and equal answers explain nothing', () => {
  const one: DriverAnswer = { answer: 9, topics: new Map([['A', 1]]) };
  expect(findDrivers([one, one])).toMatchObject({ tooFew: true, explained: 0, score: 100 });
  expect(findDrivers([])).toBeUndefined();
});

test('the same answers give the same report', () => {
  const made = answers(200, (random) => ({ answer: Math.floor(random() * 11), topics: new Map([['A', 1]]) }));
  expect(findDrivers(made)).toEqual(findDrivers(made));
});
