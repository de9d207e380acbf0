import { expect, test } from 'vitest';
import { planFaults } from '../../chaos/fault-plan.ts';
import { seededRandom } from '../../chaos/random.ts';

const options = { lastsMs: 180_000, everyMs: 4_000, allowed: () => true };

test('a seed makes one plan, another seed another one', () => {
  expect(planFaults(seededRandom(7), options)).toEqual(planFaults(seededRandom(7), options));
  expect(planFaults(seededRandom(7), options)).not.toEqual(planFaults(seededRandom(8), options));
});

test('every kind of fault happens, every four seconds unless all targets are taken, to no target twice at a time', () => {
  for (let seed = 0; seed < 50; seed++) {
    const plan = planFaults(seededRandom(seed), options);
    expect(plan.every(({ at }) => at % 4_000 === 0 && at < 180_000)).toBe(true);
    expect(plan.length).toBeGreaterThanOrEqual(40);
    expect(new Set(plan.map(({ target, kind }) => `${target} ${kind}`)).size).toBe(26);
    for (const [index, { at, target, lastsMs }] of plan.entries()) {
      const next = plan.slice(index + 1).find((fault) => fault.target === target);
      expect(next?.at ?? Number.POSITIVE_INFINITY).toBeGreaterThan(at + lastsMs);
    }
  }
});

test('faults that a server cannot be made to have are left out', () => {
  const plan = planFaults(seededRandom(1), { ...options, allowed: ({ kind }) => kind !== 'disk' });
  expect(plan.filter(({ kind }) => kind === 'disk')).toEqual([]);
  expect(plan.length).toBeGreaterThanOrEqual(40);
});
