import type { KafkaError } from '../protocol/errors.ts';

/** No assignment, no metadata. */
export const NOTHING = Buffer.alloc(0);

/** One way of assigning partitions that a member offers, with what it tells the leader. */
export interface GroupProtocol {
  readonly name: string;
  readonly metadata: Buffer;
}

/** What a consumer asks to join with; times in ms. */
export interface JoinRequest {
  /** Empty for a consumer that has no id yet. */
  readonly memberId: string;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeout: number;
  readonly rebalanceTimeout: number;
  readonly protocolType: string;
  readonly protocols: readonly GroupProtocol[];
  /** Whether a new consumer must come back with the id it is given, so that lost answers leave no ghost (KIP-394). */
  readonly requireKnownId: boolean;
}

/** The answer to a join: the generation, and for the leader everybody's metadata. */
export interface JoinResult {
  readonly generation: number;
  readonly protocol: string;
  readonly leaderId: string;
  readonly memberId: string;
  readonly members: readonly { memberId: string; metadata: Buffer }[];
}

/** A request that is answered later. */
export interface Waiting<T> {
  resolve(value: T): void;
  reject(error: KafkaError): void;
}

/** One member of a group. */
export interface Member {
  /** Given by the coordinator. */
  readonly id: string;
  request: JoinRequest;
  assignment: Buffer;
  /** When it was last heard of, ms since 1970. */
  lastSeen: number;
  expiry: NodeJS.Timeout | undefined;
  joining: Waiting<JoinResult> | undefined;
  syncing: Waiting<Buffer> | undefined;
}

/** Whether a member offers this protocol. */
export function offers({ protocols }: JoinRequest, name: string): boolean {
  return protocols.some((protocol) => protocol.name === name);
}

/** What a member tells the leader under this protocol; empty when it does not offer it. */
export function metadataFor({ protocols }: JoinRequest, name: string): Buffer {
  return protocols.find((protocol) => protocol.name === name)?.metadata ?? NOTHING;
}

/** Whether two joins offer the same protocols with the same metadata. */
export function sameProtocols(a: JoinRequest, b: JoinRequest): boolean {
  return (
    a.protocols.length === b.protocols.length &&
    a.protocols.every(({ name, metadata }, index) => {
      const other = b.protocols[index];
      return other?.name === name && other.metadata.equals(metadata);
    })
  );
}

/** Of the protocols all members offer, the one most members put first. */
export function mostWanted(requests: readonly JoinRequest[]): string {
  const shared = (name: string) => requests.every((request) => offers(request, name));
  const votes = new Map<string, number>();
  for (const { protocols } of requests) {
    const vote = protocols.find(({ name }) => shared(name))?.name;
    if (vote !== undefined) votes.set(vote, (votes.get(vote) ?? 0) + 1);
  }
  return [...votes].reduce((best, next) => (next[1] > best[1] ? next : best), ['', 0])[0];
}
