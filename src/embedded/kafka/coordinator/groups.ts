import { ErrorCode, KafkaError } from '../protocol/errors.ts';
import { ConsumerGroup } from './consumer-group.ts';
import type { JoinRequest, JoinResult } from './group-member.ts';
import type { GroupOffsets, OffsetCommit } from './group-offsets.ts';

const LONGEST_SESSION_MS = 30 * 60 * 1000; // as Kafka's group.max.session.timeout.ms
const LONGEST_METADATA_BYTES = 4096; // as Kafka's offset.metadata.max.bytes

/** All consumer groups: those with members, and those that only left commits. */
export class Groups {
  readonly offsets: GroupOffsets;
  readonly #groups = new Map<string, ConsumerGroup>();

  constructor(offsets: GroupOffsets) {
    this.offsets = offsets;
  }

  /**
   * Joins a group, which comes to life with its first member.
   *
   * @throws KafkaError INVALID_GROUP_ID, INVALID_SESSION_TIMEOUT, or what ConsumerGroup.join does
   */
  join(groupId: string, request: JoinRequest): Promise<JoinResult> {
    checkGroupId(groupId);
    if (request.sessionTimeout < 1 || request.sessionTimeout > LONGEST_SESSION_MS) {
      const message = `The session timeout must be 1 to ${LONGEST_SESSION_MS} ms.`;
      throw new KafkaError(ErrorCode.INVALID_SESSION_TIMEOUT, message);
    }
    const known = this.#groups.get(groupId);
    if (known !== undefined) return known.join(request);
    if (request.memberId !== '') throw unknownMember();
    const group: ConsumerGroup = new ConsumerGroup(() => this.#groups.delete(groupId));
    this.#groups.set(groupId, group);
    return group.join(request);
  }

  /** The group with members of this name. Throws KafkaError UNKNOWN_MEMBER_ID when nobody is a member. */
  active(groupId: string): ConsumerGroup {
    const group = this.#groups.get(groupId);
    if (group === undefined) throw unknownMember();
    return group;
  }

  /** The group with members of this name, or undefined. */
  find(groupId: string): ConsumerGroup | undefined {
    return this.#groups.get(groupId);
  }

  /** All groups with their protocol types. */
  *list(): Generator<{ groupId: string; protocolType: string }> {
    for (const [groupId, group] of this.#groups) yield { groupId, protocolType: group.protocolType };
    for (const groupId of this.offsets.groups()) {
      if (!this.#groups.has(groupId)) yield { groupId, protocolType: this.offsets.protocolTypeOf(groupId) };
    }
  }

  /** Refuses a commit of one who is not, or no longer, a member. Throws what ConsumerGroup.checkCommit does. */
  checkCommit(groupId: string, memberId: string, generation: number): void {
    checkGroupId(groupId);
    const group = this.#groups.get(groupId);
    if (group !== undefined) group.checkCommit(memberId, generation);
    else if (generation >= 0 || memberId !== '') throw unknownMember();
  }

  /** Deletes a group's commits. Throws KafkaError NON_EMPTY_GROUP or GROUP_ID_NOT_FOUND. */
  delete(groupId: string): void {
    if (this.#groups.has(groupId)) throw new KafkaError(ErrorCode.NON_EMPTY_GROUP, 'The group is not empty.');
    if (!this.offsets.has(groupId)) {
      throw new KafkaError(ErrorCode.GROUP_ID_NOT_FOUND, 'The group id does not exist.');
    }
    this.offsets.deleteGroup(groupId);
  }

  /** Stops all timers; waiting members are refused. */
  close(): void {
    for (const group of this.#groups.values()) group.close();
    this.#groups.clear();
  }
}

/** Refuses a commit whose metadata is longer than Kafka keeps. Throws KafkaError OFFSET_METADATA_TOO_LARGE. */
export function checkMetadata({ metadata }: OffsetCommit): void {
  if (metadata !== null && Buffer.byteLength(metadata) > LONGEST_METADATA_BYTES) {
    const message = `Commit metadata may have ${LONGEST_METADATA_BYTES} bytes.`;
    throw new KafkaError(ErrorCode.OFFSET_METADATA_TOO_LARGE, message);
  }
}

function checkGroupId(groupId: string): void {
  if (groupId === '') throw new KafkaError(ErrorCode.INVALID_GROUP_ID, 'The group id is empty.');
}

function unknownMember(): KafkaError {
  return new KafkaError(ErrorCode.UNKNOWN_MEMBER_ID, 'The coordinator is not aware of this member.');
}
