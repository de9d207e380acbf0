import { beforeEach, expect, test } from 'vitest';
import { DependencyError } from '../../../src/domain/dependency-error.ts';
import { Membership } from '../../../src/kafka/membership.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {}, fatal() {} };
const rebalancing = Object.assign(new Error('x'), { type: 'REBALANCE_IN_PROGRESS' });
const unknown = Object.assign(new Error('x'), { type: 'UNKNOWN_MEMBER_ID' });

let now: number;
let member: Membership;
beforeEach(() => {
  now = 100_000;
  member = new Membership({ heartbeatMs: 2, sessionTimeoutMs: 15_000, rebalanceTimeoutMs: 40_000 }, () => now, silent);
  member.joined();
});

const holds = () => {
  try {
    member.checkHold(member.epoch);
    return true;
  } catch (error) {
    if (error instanceof DependencyError && error.nature === 'transient') return false;
    throw error;
  }
};

/** Lets the heart beat once with this answer. */
async function beat(answer: Error): Promise<void> {
  const beaten = new Promise<void>((resolve) => {
    const heartbeat = async () => {
      resolve();
      throw answer;
    };
    void member.keepAlive(heartbeat, () => new Promise((done) => setTimeout(done, 10)));
  });
  await beaten;
  await new Promise((resolve) => setImmediate(resolve));
}

test('partitions are held for one session timeout after joining, and longer with every heartbeat', () => {
  now += 14_999;
  expect(holds()).toBe(true);
  member.confirmed();
  now += 5_000;
  member.confirmed();
  now += 9_999;
  expect(holds()).toBe(true);
  now += 1;
  expect(holds()).toBe(false);
});

test('an answer that was read late, because the process was stopped, proves nothing', () => {
  now += 3_000;
  member.confirmed();
  now += 20_000;
  member.confirmed();
  expect(holds()).toBe(false);
  now += 3_000;
  member.confirmed();
  expect(holds()).toBe(true);
});

test('while the group waits for this member its partitions are held, until it is left behind', async () => {
  now += 10_000;
  await beat(rebalancing);
  now += 14_000;
  await beat(rebalancing);
  expect(holds()).toBe(true);
  now += 14_000;
  await beat(rebalancing);
  expect(holds()).toBe(true);
  now += 12_000;
  await beat(rebalancing);
  expect(holds()).toBe(false);
});

test('the group may have begun to wait right after its last answer that knew nothing of it', async () => {
  now += 10_000;
  member.confirmed();
  for (const step of [10_000, 14_000, 14_000, 1_000]) {
    now += step;
    await beat(rebalancing);
    expect(holds()).toBe(true);
  }
  now += 1_000;
  expect(holds()).toBe(false);
});

test('a member that the group does not know holds nothing until it has joined again', async () => {
  const before = member.epoch;
  await beat(unknown);
  expect(holds()).toBe(false);
  member.joined();
  expect(holds()).toBe(true);
  expect(() => member.checkHold(before)).toThrow(DependencyError);
});
