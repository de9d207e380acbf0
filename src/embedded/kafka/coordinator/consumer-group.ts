import { randomUUID } from 'node:crypto';
import { ErrorCode, KafkaError } from '../protocol/errors.ts';
import {
  type JoinRequest,
  type JoinResult,
  type Member,
  metadataFor,
  mostWanted,
  NOTHING,
  offers,
  sameProtocols,
} from './group-member.ts';

/** The states of a group, in the words DescribeGroups answers with. */
export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';

/** A refused join that carries the id its consumer is to come back with. */
export class MemberIdRequiredError extends KafkaError {
  readonly memberId: string;

  constructor(memberId: string) {
    super(ErrorCode.MEMBER_ID_REQUIRED, 'The consumer needs to join again with the member id it is given.');
    this.memberId = memberId;
  }
}

/**
 * The membership of one consumer group: an eager rebalance that completes as soon as all known members have re-joined.
 *
 * Members live in memory only; after a restart of the broker their consumers join again.
 * Source: https://cwiki.apache.org/confluence/display/KAFKA/Kafka+Client-side+Assignment+Proposal and KIP-62.
 */
export class ConsumerGroup {
  readonly #members = new Map<string, Member>();
  /** Ids given out and not yet used, with the timers that forget them. */
  readonly #expected = new Map<string, NodeJS.Timeout>();
  readonly #onEmpty: () => void;
  #state: GroupState = 'Empty';
  #generation = 0;
  #protocolType = '';
  #protocol = '';
  #leaderId = '';
  #rebalanceDeadline: NodeJS.Timeout | undefined;

  /** @param onEmpty called when nobody is left, not even a consumer that was told to come back */
  constructor(onEmpty: () => void) {
    this.#onEmpty = onEmpty;
  }

  get state(): GroupState {
    return this.#state;
  }

  get protocolType(): string {
    return this.#protocolType;
  }

  get protocol(): string {
    return this.#protocol;
  }

  /** The members as DescribeGroups lists them. */
  describe(): { memberId: string; clientId: string; clientHost: string; metadata: Buffer; assignment: Buffer }[] {
    return [...this.#members.values()].map(({ id, request, assignment }) => ({
      memberId: id,
      clientId: request.clientId,
      clientHost: request.clientHost,
      metadata: metadataFor(request, this.#protocol),
      assignment,
    }));
  }

  /**
   * Joins or re-joins; settles when the rebalance completes.
   *
   * @throws KafkaError INCONSISTENT_GROUP_PROTOCOL, UNKNOWN_MEMBER_ID or MEMBER_ID_REQUIRED
   */
  join(request: JoinRequest): Promise<JoinResult> {
    this.#checkProtocols(request);
    if (request.memberId === '') {
      const memberId = `${request.clientId}-${randomUUID()}`;
      if (!request.requireKnownId) return this.#admit(memberId, request);
      const forget = () => {
        this.#expected.delete(memberId);
        this.#settle();
      };
      this.#expected.set(memberId, setTimeout(forget, request.sessionTimeout));
      throw new MemberIdRequiredError(memberId);
    }
    const member = this.#members.get(request.memberId);
    if (member !== undefined) return this.#rejoin(member, request);
    const expected = this.#expected.get(request.memberId);
    if (expected === undefined) throw unknownMember();
    clearTimeout(expected);
    this.#expected.delete(request.memberId);
    return this.#admit(request.memberId, request);
  }

  /**
   * Gives a member its assignment; the leader brings everybody's. Settles when the leader has done so.
   *
   * @throws KafkaError UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION or REBALANCE_IN_PROGRESS
   */
  async sync(memberId: string, generation: number, assignments: ReadonlyMap<string, Buffer>): Promise<Buffer> {
    const member = this.#current(memberId, generation);
    if (this.#state === 'PreparingRebalance') throw rebalancing();
    if (this.#state === 'Stable') return member.assignment;
    member.syncing?.reject(rebalancing()); // an older request of the same member, whose connection is gone
    const assigned = new Promise<Buffer>((resolve, reject) => {
      member.syncing = { resolve, reject };
    });
    if (memberId === this.#leaderId) {
      this.#state = 'Stable';
      for (const each of this.#members.values()) {
        each.assignment = assignments.get(each.id) ?? NOTHING;
        each.syncing?.resolve(each.assignment);
        each.syncing = undefined;
        each.lastSeen = Date.now();
      }
    }
    return assigned;
  }

  /** Keeps a member alive. Throws KafkaError UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION or REBALANCE_IN_PROGRESS. */
  heartbeat(memberId: string, generation: number): void {
    this.#current(memberId, generation);
    if (this.#state === 'PreparingRebalance') throw rebalancing();
  }

  /**
   * Fences a commit: only members of this generation may commit, and others only while nobody is a member.
   *
   * @throws KafkaError UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION or REBALANCE_IN_PROGRESS
   */
  checkCommit(memberId: string, generation: number): void {
    if (generation < 0 && memberId === '' && this.#members.size === 0) return;
    this.#current(memberId, generation);
    if (this.#state === 'CompletingRebalance') throw rebalancing();
  }

  /** Removes a member at its own wish. Throws KafkaError UNKNOWN_MEMBER_ID. */
  leave(memberId: string): void {
    const expected = this.#expected.get(memberId);
    if (expected !== undefined) {
      clearTimeout(expected);
      this.#expected.delete(memberId);
      this.#settle();
      return;
    }
    const member = this.#members.get(memberId);
    if (member === undefined) throw unknownMember();
    this.#remove(member);
  }

  /** Stops all timers; waiting members are refused. */
  close(): void {
    clearTimeout(this.#rebalanceDeadline);
    for (const timer of this.#expected.values()) clearTimeout(timer);
    for (const member of this.#members.values()) {
      clearTimeout(member.expiry);
      refuseWaiting(member, unknownMember());
    }
  }

  #checkProtocols({ protocolType, protocols, memberId }: JoinRequest): void {
    const others = [...this.#members.values()].filter(({ id }) => id !== memberId);
    const shared = protocols.some(({ name }) => others.every(({ request }) => offers(request, name)));
    if (!shared || (others.length > 0 && protocolType !== this.#protocolType)) {
      const message = "The member's protocols are not those of the group's other members.";
      throw new KafkaError(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, message);
    }
  }

  #admit(memberId: string, request: JoinRequest): Promise<JoinResult> {
    const member: Member = {
      id: memberId,
      request,
      assignment: NOTHING,
      lastSeen: Date.now(),
      expiry: undefined,
      joining: undefined,
      syncing: undefined,
    };
    this.#members.set(memberId, member);
    this.#protocolType = request.protocolType;
    this.#watch(member);
    return this.#awaitRebalance(member);
  }

  #rejoin(member: Member, request: JoinRequest): Promise<JoinResult> {
    const unchanged = sameProtocols(member.request, request);
    member.request = request;
    member.lastSeen = Date.now();
    // Nothing changed: an answer that was lost is given again, and a follower need not disturb the others.
    const repeat =
      unchanged &&
      (this.#state === 'CompletingRebalance' || (this.#state === 'Stable' && member.id !== this.#leaderId));
    return repeat ? Promise.resolve(this.#resultFor(member)) : this.#awaitRebalance(member);
  }

  #awaitRebalance(member: Member): Promise<JoinResult> {
    member.joining?.reject(unknownMember()); // an older request of the same member, whose connection is gone
    const joined = new Promise<JoinResult>((resolve, reject) => {
      member.joining = { resolve, reject };
    });
    this.#prepareRebalance();
    return joined;
  }

  #prepareRebalance(): void {
    if (this.#state !== 'PreparingRebalance') {
      this.#state = 'PreparingRebalance';
      for (const member of this.#members.values()) {
        member.syncing?.reject(rebalancing());
        member.syncing = undefined;
      }
      const patience = Math.max(0, ...[...this.#members.values()].map(({ request }) => request.rebalanceTimeout));
      this.#rebalanceDeadline = setTimeout(() => this.#expelAbsent(), patience);
    }
    this.#settle();
  }

  #expelAbsent(): void {
    for (const [memberId, timer] of this.#expected) {
      clearTimeout(timer);
      this.#expected.delete(memberId);
    }
    for (const member of this.#members.values()) if (member.joining === undefined) this.#forget(member);
    this.#settle();
  }

  /** Completes the rebalance if everybody is there; tells the owner if nobody is. */
  #settle(): void {
    if (this.#members.size === 0) {
      clearTimeout(this.#rebalanceDeadline);
      this.#state = 'Empty';
      if (this.#expected.size === 0) this.#onEmpty();
      return;
    }
    const everybody = [...this.#members.values()];
    if (this.#state !== 'PreparingRebalance' || this.#expected.size > 0) return;
    if (everybody.some(({ joining }) => joining === undefined)) return;
    clearTimeout(this.#rebalanceDeadline);
    this.#state = 'CompletingRebalance';
    this.#generation++;
    this.#protocol = mostWanted(everybody.map(({ request }) => request));
    if (!this.#members.has(this.#leaderId)) this.#leaderId = everybody[0]?.id ?? '';
    for (const member of everybody) {
      member.assignment = NOTHING;
      member.lastSeen = Date.now();
      member.joining?.resolve(this.#resultFor(member));
      member.joining = undefined;
    }
  }

  #resultFor(member: Member): JoinResult {
    const leads = member.id === this.#leaderId;
    const members = leads
      ? [...this.#members.values()].map(({ id, request }) => ({
          memberId: id,
          metadata: metadataFor(request, this.#protocol),
        }))
      : [];
    const { id: memberId } = member;
    return { generation: this.#generation, protocol: this.#protocol, leaderId: this.#leaderId, memberId, members };
  }

  #current(memberId: string, generation: number): Member {
    const member = this.#members.get(memberId);
    if (member === undefined) throw unknownMember();
    if (generation !== this.#generation) {
      throw new KafkaError(ErrorCode.ILLEGAL_GENERATION, `The group is at generation ${this.#generation}.`);
    }
    member.lastSeen = Date.now();
    return member;
  }

  /** Expels a member that was silent for its session timeout; one that waits for our answer is not silent. */
  #watch(member: Member): void {
    const silentFor = Date.now() - member.lastSeen;
    const waits = member.joining !== undefined || member.syncing !== undefined;
    const remaining = waits ? member.request.sessionTimeout : member.request.sessionTimeout - silentFor;
    if (remaining > 0) member.expiry = setTimeout(() => this.#watch(member), remaining);
    else this.#remove(member);
  }

  #remove(member: Member): void {
    this.#forget(member);
    if (this.#members.size > 0) this.#prepareRebalance();
    else this.#settle();
  }

  #forget(member: Member): void {
    clearTimeout(member.expiry);
    this.#members.delete(member.id);
    refuseWaiting(member, unknownMember());
  }
}

function refuseWaiting(member: Member, error: KafkaError): void {
  member.joining?.reject(error);
  member.syncing?.reject(error);
}

function unknownMember(): KafkaError {
  return new KafkaError(ErrorCode.UNKNOWN_MEMBER_ID, 'The coordinator is not aware of this member.');
}

function rebalancing(): KafkaError {
  return new KafkaError(ErrorCode.REBALANCE_IN_PROGRESS, 'The group is rebalancing, so a rejoin is needed.');
}
