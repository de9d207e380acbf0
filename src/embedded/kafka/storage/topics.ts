import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ErrorCode, KafkaError, unknownPartition } from '../protocol/errors.ts';
import type { Change, Journal } from './journal.ts';
import { PartitionLog } from './partition-log.ts';
import { checkTopicConfig, type TopicConfig, type TopicDefaults, topicSettings } from './topic-settings.ts';

const MAX_PARTITIONS = 1000; // each is an open file
const LEGAL_NAME = /^[a-zA-Z0-9._-]{1,249}$/;

/** One topic: its configuration and the log of each partition, by number. */
export interface Topic {
  readonly name: string;
  readonly config: TopicConfig;
  readonly partitions: readonly PartitionLog[];
}

/** What the journal keeps of a topic under ['topic', name]. */
interface StoredTopic {
  /** Names the folder: topic names differ only in case, or are reserved words, on some file systems. */
  readonly id: number;
  readonly partitions: number;
  readonly config: TopicConfig;
}

/** What topics are opened with. */
export interface TopicsOptions {
  readonly folder: string;
  readonly journal: Journal;
  readonly defaults: TopicDefaults;
  readonly fsync: boolean;
  readonly now: () => number;
  /** Called before each write of records; what it throws is answered as a disk failure. */
  readonly beforeAppend?: ((topic: string, partition: number, bytes: number) => void) | undefined;
}

interface OpenTopic extends Topic {
  readonly id: number;
  config: TopicConfig;
  readonly partitions: PartitionLog[];
}

/** The topics of the broker: names and configurations in the journal, records in one folder for each partition. */
export class Topics {
  readonly defaults: TopicDefaults;
  readonly #options: TopicsOptions;
  readonly #topics = new Map<string, OpenTopic>();
  #nextId = 1;

  /** Opens all topics of the journal and removes folders of topics that were being created or deleted in a crash. */
  constructor(options: TopicsOptions) {
    this.#options = options;
    this.defaults = options.defaults;
    mkdirSync(options.folder, { recursive: true });
    const stored = [...options.journal.entries<StoredTopic>('topic')];
    const known = new Set(stored.map(([, { id }]) => String(id)));
    for (const name of readdirSync(options.folder)) {
      if (!known.has(name)) rmSync(join(options.folder, name), { recursive: true });
    }
    for (const [[name = ''], { id, partitions, config }] of stored) {
      this.#nextId = Math.max(this.#nextId, id + 1);
      const topic: OpenTopic = { name, id, config, partitions: [] };
      this.#topics.set(name, topic);
      this.#openPartitions(topic, partitions);
    }
  }

  /** All topics in the order of their creation. */
  all(): Iterable<Topic> {
    return this.#topics.values();
  }

  /** The topic of this name, or undefined. */
  find(name: string): Topic | undefined {
    return this.#topics.get(name);
  }

  /** The log of one partition. Throws KafkaError UNKNOWN_TOPIC_OR_PARTITION. */
  partition(name: string, partition: number): PartitionLog {
    const log = this.#topics.get(name)?.partitions[partition];
    if (log === undefined) throw unknownPartition();
    return log;
  }

  /**
   * Checks a topic that is to be created.
   *
   * @throws KafkaError INVALID_TOPIC_EXCEPTION, TOPIC_ALREADY_EXISTS, INVALID_PARTITIONS or INVALID_CONFIG
   */
  check(name: string, partitions: number, entries: readonly { name: string; value: string | null }[]): TopicConfig {
    if (!LEGAL_NAME.test(name) || name === '.' || name === '..') {
      const message = 'A topic name has 1 to 249 letters, digits, dots, underscores and hyphens.';
      throw new KafkaError(ErrorCode.INVALID_TOPIC_EXCEPTION, message);
    }
    if (this.#topics.has(name)) {
      throw new KafkaError(ErrorCode.TOPIC_ALREADY_EXISTS, `Topic '${name}' already exists.`);
    }
    checkPartitionCount(partitions);
    return checkTopicConfig(entries);
  }

  /** Creates a topic, durably. Throws what `check` does. */
  create(name: string, partitions: number, entries: readonly { name: string; value: string | null }[]): Topic {
    const config = this.check(name, partitions, entries);
    const topic: OpenTopic = { name, id: this.#nextId++, config, partitions: [] };
    this.#openPartitions(topic, partitions);
    this.#store(topic, config, partitions);
    this.#topics.set(name, topic);
    return topic;
  }

  /**
   * Raises the number of partitions, durably.
   *
   * @throws KafkaError UNKNOWN_TOPIC_OR_PARTITION or INVALID_PARTITIONS
   */
  grow(name: string, partitions: number, checkOnly: boolean): void {
    const topic = this.#existing(name);
    if (partitions <= topic.partitions.length) {
      const message = `Topic '${name}' has ${topic.partitions.length} partitions; ${partitions} would not be an increase.`;
      throw new KafkaError(ErrorCode.INVALID_PARTITIONS, message);
    }
    checkPartitionCount(partitions);
    if (checkOnly) return;
    this.#store(topic, topic.config, partitions);
    this.#openPartitions(topic, partitions);
  }

  /** Replaces a topic's configuration, durably. Throws KafkaError UNKNOWN_TOPIC_OR_PARTITION or INVALID_CONFIG. */
  configure(name: string, entries: readonly { name: string; value: string | null }[], checkOnly: boolean): void {
    const topic = this.#existing(name);
    const config = checkTopicConfig(entries);
    if (checkOnly) return;
    this.#store(topic, config, topic.partitions.length);
    topic.config = config;
  }

  /**
   * Deletes a topic with its records, durably together with `others`.
   *
   * @throws KafkaError UNKNOWN_TOPIC_OR_PARTITION
   */
  delete(name: string, others: readonly Change[] = []): void {
    const topic = this.#existing(name);
    const starts = topic.partitions.map((_, partition) => ({ key: ['start', name, String(partition)] }));
    this.#options.journal.write([{ key: ['topic', name] }, ...starts, ...others]);
    this.#topics.delete(name);
    for (const log of topic.partitions) log.close(false);
    rmSync(join(this.#options.folder, String(topic.id)), { recursive: true, force: true });
  }

  /**
   * Deletes the records before `offset` (-1: all), durably.
   *
   * @returns the new first offset
   * @throws KafkaError UNKNOWN_TOPIC_OR_PARTITION or OFFSET_OUT_OF_RANGE
   */
  deleteRecords(name: string, partition: number, offset: number): number {
    const log = this.partition(name, partition);
    const target = offset === -1 ? log.endOffset : offset;
    if (target < 0 || target > log.endOffset) {
      throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE, `Offset ${offset} is beyond the end of the log.`);
    }
    if (target > log.startOffset) {
      this.#options.journal.write([{ key: ['start', name, String(partition)], value: target }]);
      log.deleteBefore(target);
    }
    return log.startOffset;
  }

  /** Applies every topic's retention once. */
  enforceRetention(): void {
    for (const { partitions } of this.#topics.values()) for (const log of partitions) log.enforceRetention();
  }

  /** Closes all files; their bytes reach the disk first. */
  close(): void {
    for (const { partitions } of this.#topics.values()) for (const log of partitions) log.close(true);
  }

  #existing(name: string): OpenTopic {
    const topic = this.#topics.get(name);
    if (topic === undefined) throw unknownPartition();
    return topic;
  }

  #store({ name, id }: OpenTopic, config: TopicConfig, partitions: number): void {
    const value: StoredTopic = { id, partitions, config };
    this.#options.journal.write([{ key: ['topic', name], value }]);
  }

  #openPartitions(topic: OpenTopic, count: number): void {
    const { folder, journal, defaults, fsync, now, beforeAppend } = this.#options;
    for (let partition = topic.partitions.length; partition < count; partition++) {
      const log = new PartitionLog({
        directory: join(folder, String(topic.id), String(partition)),
        startOffset: journal.get<number>('start', topic.name, String(partition)) ?? 0,
        settings: () => topicSettings(topic.config, defaults),
        fsync,
        now,
        beforeWrite: beforeAppend && ((bytes) => beforeAppend(topic.name, partition, bytes)),
      });
      topic.partitions.push(log);
    }
  }
}

function checkPartitionCount(partitions: number): void {
  if (partitions >= 1 && partitions <= MAX_PARTITIONS) return;
  const message = `A topic of this broker has 1 to ${MAX_PARTITIONS} partitions.`;
  throw new KafkaError(ErrorCode.INVALID_PARTITIONS, message);
}
