import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConsumerGroup, MemberIdRequiredError } from '../../../../src/embedded/kafka/coordinator/consumer-group.ts';
import type { JoinRequest, JoinResult } from '../../../../src/embedded/kafka/coordinator/group-member.ts';

const UNKNOWN_MEMBER_ID = { code: 25 };
const ILLEGAL_GENERATION = { code: 22 };
const REBALANCE_IN_PROGRESS = { code: 27 };

let group: ConsumerGroup;
let emptied: number;
beforeEach(() => {
  vi.useFakeTimers();
  emptied = 0;
  group = new ConsumerGroup(() => {
    emptied++;
  });
});
afterEach(() => {
  group.close();
  vi.useRealTimers();
});

function request(memberId = '', others: Partial<JoinRequest> = {}): JoinRequest {
  return {
    memberId,
    clientId: 'c',
    clientHost: '/127.0.0.1',
    sessionTimeout: 1000,
    rebalanceTimeout: 5000,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.from(memberId) }],
    requireKnownId: false,
    ...others,
  };
}

/** A group of one that has its assignment. */
async function stable(): Promise<JoinResult> {
  const joined = await group.join(request());
  await group.sync(joined.memberId, joined.generation, new Map([[joined.memberId, Buffer.from('all')]]));
  return joined;
}

describe('a group', () => {
  it('completes a rebalance as soon as all known members have joined', async () => {
    const first = await stable();
    expect(first).toMatchObject({ generation: 1, leaderId: first.memberId, protocol: 'range' });
    const joining = group.join(request());
    expect(group.state).toBe('PreparingRebalance');
    expect(() => group.heartbeat(first.memberId, 1)).toThrow(expect.objectContaining(REBALANCE_IN_PROGRESS));
    const [again, second] = await Promise.all([group.join(request(first.memberId)), joining]);
    expect([again.generation, second.generation]).toEqual([2, 2]);
    expect(again.members.map(({ memberId }) => memberId)).toEqual([first.memberId, second.memberId]);
    expect(second.members).toEqual([]);
    const waiting = group.sync(second.memberId, 2, new Map());
    await group.sync(first.memberId, 2, new Map([[second.memberId, Buffer.from('half')]]));
    expect(String(await waiting)).toBe('half');
    expect(group.state).toBe('Stable');
  });

  it('goes on without a member that does not re-join in time', async () => {
    const first = await stable();
    const joining = group.join(request());
    await vi.advanceTimersByTimeAsync(900);
    group.describe();
    expect(() => group.heartbeat(first.memberId, 1)).toThrow(expect.objectContaining(REBALANCE_IN_PROGRESS));
    await vi.advanceTimersByTimeAsync(1100); // one session timeout after it was last heard of
    const second = await joining;
    expect(second).toMatchObject({ generation: 2, leaderId: second.memberId });
    expect(() => group.heartbeat(first.memberId, 2)).toThrow(expect.objectContaining(UNKNOWN_MEMBER_ID));
  });

  it('does not expel a member that waits for an answer', async () => {
    const first = await group.join(request('', { sessionTimeout: 60_000 }));
    const joining = group.join(request());
    await vi.advanceTimersByTimeAsync(3000); // three of its session timeouts
    await group.join(request(first.memberId, { sessionTimeout: 60_000 }));
    expect((await joining).generation).toBe(2);
  });

  it('expels a leader that never brings the assignments', async () => {
    const leader = await group.join(request());
    const joining = group.join(request('', { sessionTimeout: 60_000 }));
    const [, follower] = await Promise.all([group.join(request(leader.memberId)), joining]);
    const syncing = group.sync(follower.memberId, 2, new Map());
    const refused = expect(syncing).rejects.toMatchObject(REBALANCE_IN_PROGRESS);
    await vi.advanceTimersByTimeAsync(1001);
    await refused;
    expect(await group.join(request(follower.memberId))).toMatchObject({ generation: 3, leaderId: follower.memberId });
  });

  it('fences generations and strangers', async () => {
    const { memberId } = await stable();
    expect(() => group.heartbeat(memberId, 0)).toThrow(expect.objectContaining(ILLEGAL_GENERATION));
    expect(() => group.heartbeat('stranger', 1)).toThrow(expect.objectContaining(UNKNOWN_MEMBER_ID));
    expect(() => group.checkCommit('', -1)).toThrow(expect.objectContaining(UNKNOWN_MEMBER_ID));
    expect(() => group.checkCommit(memberId, 2)).toThrow(expect.objectContaining(ILLEGAL_GENERATION));
    expect(() => group.checkCommit(memberId, 1)).not.toThrow();
    expect(() => group.join(request('stranger'))).toThrow(expect.objectContaining(UNKNOWN_MEMBER_ID));
    expect(() => group.join(request('', { protocols: [{ name: 'sticky', metadata: Buffer.alloc(0) }] }))).toThrow(
      expect.objectContaining({ code: 23 }),
    );
  });

  it('takes commits of its old members while they rebalance, and none between join and sync', async () => {
    const { memberId } = await stable();
    const joining = group.join(request());
    expect(() => group.checkCommit(memberId, 1)).not.toThrow();
    await Promise.all([group.join(request(memberId)), joining]);
    expect(() => group.checkCommit(memberId, 2)).toThrow(expect.objectContaining(REBALANCE_IN_PROGRESS));
  });

  it('has new consumers come back with their id, and forgets those who do not', async () => {
    const required = (): string => {
      try {
        group.join(request('', { requireKnownId: true }));
      } catch (error) {
        if (error instanceof MemberIdRequiredError) return error.memberId;
      }
      throw new Error('no id was given');
    };
    const ghost = required();
    const memberId = required();
    const joining = group.join(request(memberId, { requireKnownId: true }));
    await vi.advanceTimersByTimeAsync(1000);
    expect(await joining).toMatchObject({ generation: 1, memberId });
    expect(() => group.join(request(ghost))).toThrow(expect.objectContaining(UNKNOWN_MEMBER_ID));
  });

  it('says when nobody is left', async () => {
    const { memberId } = await stable();
    group.leave(memberId);
    expect([group.state, emptied]).toEqual(['Empty', 1]);
    expect(() => group.leave(memberId)).toThrow(expect.objectContaining(UNKNOWN_MEMBER_ID));
    await stable();
    await vi.advanceTimersByTimeAsync(1001);
    expect([group.state, emptied]).toEqual(['Empty', 2]);
  });

  it('repeats an answer that was lost without disturbing the others', async () => {
    const first = await stable();
    const joining = group.join(request());
    const [, second] = await Promise.all([group.join(request(first.memberId)), joining]);
    await group.sync(first.memberId, 2, new Map());
    const known = request(second.memberId, { protocols: request().protocols });
    expect(await group.join(known)).toMatchObject({ generation: 2, memberId: second.memberId });
    expect(group.state).toBe('Stable');
  });
});
