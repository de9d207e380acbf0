import { MemberIdRequiredError } from '../coordinator/consumer-group.ts';
import { attempt, ErrorCode, KafkaError } from '../protocol/errors.ts';
import { type Api, attemptFor, attemptLater, NODE_ID, type Outcome } from './api.ts';

/** FindCoordinator: this broker coordinates all groups and transactions. */
export const findCoordinator: Api = {
  key: 10,
  name: 'FindCoordinator',
  versions: [0, 2],
  handle(_parts, request, input, output) {
    const { version, advertised } = request;
    input.string();
    const type = version >= 1 ? input.int8() : 0;
    const found = attemptFor(request, () => {
      if (type !== 0 && type !== 1) throw new KafkaError(ErrorCode.INVALID_REQUEST, 'Unknown coordinator type.');
    });
    if (version >= 1) output.int32(0);
    output.int16(found.code);
    if (version >= 1) output.string(found.message);
    output.int32(NODE_ID).string(advertised.host).int32(advertised.port);
    return 'reply';
  },
};

/** JoinGroup: answered when the rebalance completes. */
export const joinGroup: Api = {
  key: 11,
  name: 'JoinGroup',
  versions: [0, 5],
  async handle({ groups }, request, input, output): Promise<Outcome> {
    const { version, clientId, clientHost } = request;
    const groupId = input.string();
    const sessionTimeout = input.int32();
    const rebalanceTimeout = version >= 1 ? input.int32() : sessionTimeout;
    const memberId = input.string();
    const instanceId = version >= 5 ? input.nullableString() : null;
    const protocolType = input.string();
    const protocols = input.array(() => ({ name: input.string(), metadata: input.bytes() }));
    const joined = await attemptLater(request, async () => {
      refuseStatic(instanceId);
      const consumer = { memberId, clientId, clientHost, sessionTimeout, rebalanceTimeout, protocolType, protocols };
      try {
        return await groups.join(groupId, { ...consumer, requireKnownId: version >= 4 });
      } catch (error) {
        // The only refusal that carries something besides its code.
        if (error instanceof MemberIdRequiredError) return error;
        throw error;
      }
    });
    const result = joined.value instanceof MemberIdRequiredError ? undefined : joined.value;
    const refusal = joined.value instanceof MemberIdRequiredError ? joined.value : undefined;
    if (version >= 2) output.int32(0);
    output.int16(refusal?.code ?? joined.code).int32(result?.generation ?? -1);
    output.string(result?.protocol ?? '').string(result?.leaderId ?? '');
    output.string(result?.memberId ?? refusal?.memberId ?? memberId);
    output.array(result?.members ?? [], (member) => {
      output.string(member.memberId);
      if (version >= 5) output.string(null);
      output.bytes(member.metadata);
    });
    return 'reply';
  },
};

/** SyncGroup: answered when the leader has brought the assignments. */
export const syncGroup: Api = {
  key: 14,
  name: 'SyncGroup',
  versions: [0, 3],
  async handle({ groups }, request, input, output): Promise<Outcome> {
    const { version } = request;
    const groupId = input.string();
    const generation = input.int32();
    const memberId = input.string();
    const instanceId = version >= 3 ? input.nullableString() : null;
    const assignments = new Map(input.array(() => [input.string(), input.bytes()] as const));
    const synced = await attemptLater(request, async () => {
      refuseStatic(instanceId);
      return groups.active(groupId).sync(memberId, generation, assignments);
    });
    if (version >= 1) output.int32(0);
    output.int16(synced.code).bytes(synced.value ?? Buffer.alloc(0));
    return 'reply';
  },
};

/** Heartbeat: keeps a member alive and tells it of a rebalance. */
export const heartbeat: Api = {
  key: 12,
  name: 'Heartbeat',
  versions: [0, 3],
  handle({ groups }, request, input, output) {
    const { version } = request;
    const groupId = input.string();
    const generation = input.int32();
    const memberId = input.string();
    const instanceId = version >= 3 ? input.nullableString() : null;
    const alive = attemptFor(request, () => {
      refuseStatic(instanceId);
      groups.active(groupId).heartbeat(memberId, generation);
    });
    if (version >= 1) output.int32(0);
    output.int16(alive.code);
    return 'reply';
  },
};

/** LeaveGroup: one member before version 3, several since. */
export const leaveGroup: Api = {
  key: 13,
  name: 'LeaveGroup',
  versions: [0, 3],
  handle({ groups }, request, input, output) {
    const { version } = request;
    const groupId = input.string();
    const leaving =
      version >= 3
        ? input.array(() => ({ memberId: input.string(), instanceId: input.nullableString() }))
        : [{ memberId: input.string(), instanceId: null }];
    const leave = (memberId: string) => groups.active(groupId).leave(memberId);
    if (version >= 1) output.int32(0);
    if (version < 3) {
      output.int16(attemptFor(request, () => leave(leaving[0]?.memberId ?? '')).code);
      return 'reply';
    }
    output.int16(attemptFor(request, () => undefined).code).array(leaving, ({ memberId, instanceId }) => {
      const left = attempt(() => leave(memberId));
      output.string(memberId).string(instanceId).int16(left.code);
    });
    return 'reply';
  },
};

function refuseStatic(instanceId: string | null): void {
  if (instanceId === null) return;
  const message = 'Static membership (group.instance.id) is not implemented by this development broker.';
  throw new KafkaError(ErrorCode.UNSUPPORTED_VERSION, message);
}
