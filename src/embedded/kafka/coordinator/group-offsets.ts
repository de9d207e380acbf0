import type { Change, Journal } from '../storage/journal.ts';

/** A group's committed place in one partition: the offset it reads next, and what it noted there. */
export interface CommittedOffset {
  readonly offset: number;
  readonly metadata: string | null;
}

/** One commit: a committed offset with its partition. */
export interface OffsetCommit extends CommittedOffset {
  readonly topic: string;
  readonly partition: number;
}

type GroupCommits = Map<string, Map<number, CommittedOffset>>;

/**
 * The committed offsets of all groups, durable in the journal under ['offset', group, topic, partition], and what their
 * members called themselves under ['group-type', group].
 */
export class GroupOffsets {
  readonly #journal: Journal;
  readonly #groups = new Map<string, GroupCommits>();

  constructor(journal: Journal) {
    this.#journal = journal;
    for (const [[group = '', topic = '', partition], committed] of journal.entries<CommittedOffset>('offset')) {
      this.#put(group, topic, Number(partition), committed);
    }
  }

  /** Whether the group has commits. */
  has(group: string): boolean {
    return this.#groups.has(group);
  }

  /** The names of groups with commits. */
  groups(): Iterable<string> {
    return this.#groups.keys();
  }

  /** The group's commit on one partition, or undefined. */
  find(group: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.#groups.get(group)?.get(topic)?.get(partition);
  }

  /** All commits of a group by topic. */
  *topicsOf(group: string): Generator<{ topic: string; partitions: ReadonlyMap<number, CommittedOffset> }> {
    for (const [topic, partitions] of this.#groups.get(group) ?? []) yield { topic, partitions };
  }

  /** What the members that committed called themselves, `consumer` for consumers; empty when no member has. */
  protocolTypeOf(group: string): string {
    return this.#journal.get<string>('group-type', group) ?? '';
  }

  /** The changes of the journal that note what a group's members call themselves. */
  typeChanges(group: string, protocolType: string): Change[] {
    if (protocolType === '' || protocolType === this.protocolTypeOf(group)) return [];
    return [{ key: ['group-type', group], value: protocolType }];
  }

  /** Makes commits durable, all or none, together with `others`. Throws KafkaError KAFKA_STORAGE_ERROR. */
  commit(commits: readonly (OffsetCommit & { readonly group: string })[], others: readonly Change[] = []): void {
    const changes = commits.map(({ group, topic, partition, offset, metadata }) => ({
      key: ['offset', group, topic, String(partition)],
      value: { offset, metadata },
    }));
    this.#journal.write([...changes, ...others]);
    for (const { group, topic, partition, offset, metadata } of commits) {
      this.#put(group, topic, partition, { offset, metadata });
    }
  }

  /** Forgets all commits of a group, durably. */
  deleteGroup(group: string): void {
    const topics = this.#groups.get(group) ?? new Map<string, Map<number, CommittedOffset>>();
    const changes = [...topics].flatMap(([topic, partitions]) => removals(group, topic, partitions));
    this.#journal.write([...changes, { key: ['group-type', group] }]);
    this.#groups.delete(group);
  }

  /** The changes of the journal that remove all commits on a topic: a new topic of its name starts afresh. */
  removalsOf(topic: string): Change[] {
    return [...this.#groups].flatMap(([group, topics]) => removals(group, topic, topics.get(topic) ?? new Map()));
  }

  /** Forgets all commits on a topic, after their removals were written. */
  forgetTopic(topic: string): void {
    for (const [group, topics] of this.#groups) {
      topics.delete(topic);
      if (topics.size === 0) this.#groups.delete(group);
    }
  }

  #put(group: string, topic: string, partition: number, committed: CommittedOffset): void {
    const topics: GroupCommits = this.#groups.get(group) ?? new Map();
    const partitions = topics.get(topic) ?? new Map<number, CommittedOffset>();
    this.#groups.set(group, topics.set(topic, partitions.set(partition, committed)));
  }
}

function removals(group: string, topic: string, partitions: ReadonlyMap<number, CommittedOffset>): Change[] {
  return [...partitions.keys()].map((partition) => ({ key: ['offset', group, topic, String(partition)] }));
}
