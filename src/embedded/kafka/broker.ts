import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { requireLoopback } from '../exposure.ts';
import { lockFolder } from '../folder-lock.ts';
import type { BrokerParts } from './apis/api.ts';
import { serveConnection } from './connection.ts';
import { GroupOffsets } from './coordinator/group-offsets.ts';
import { Groups } from './coordinator/groups.ts';
import { Transactions } from './coordinator/transactions.ts';
import type { FaultHook, FaultPoint } from './faults.ts';
import { Journal } from './storage/journal.ts';
import { Topics } from './storage/topics.ts';

/** How an embedded broker runs. */
export interface EmbeddedKafkaOptions {
  /** The folder of all its data; created when missing, locked while the broker runs. */
  readonly dataDir: string;
  /** The address to listen on and to tell clients; 127.0.0.1 by default. */
  readonly host?: string;
  /** Whether `host` may be an address that other machines reach, although nobody is asked for a password. */
  readonly exposed?: boolean;
  /** Connections at a time; more are closed at once. 1,000 by default. */
  readonly maxConnections?: number;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Partitions of topics created without a number; 1 by default. */
  readonly defaultPartitions?: number;
  /** Whether asking for a missing topic creates it, as development brokers do; true by default. */
  readonly autoCreateTopics?: boolean;
  /** Largest record batch of topics that do not say otherwise; 1 MiB and its header by default, as Kafka's. */
  readonly maxMessageBytes?: number;
  /** Largest request; 100 MiB by default. A larger one closes its connection before it is read. */
  readonly maxRequestBytes?: number;
  /** Size at which a new log file is begun; 64 MiB by default. */
  readonly segmentBytes?: number;
  /** How often retention is applied, in ms; 30 s by default. */
  readonly retentionCheckMs?: number;
  /** Whether each write reaches the disk before it is acknowledged: survives power cuts, costs throughput. */
  readonly fsync?: boolean;
  /** Makes the broker fail, in tests. */
  readonly faults?: FaultHook;
  /** Told of defects and of housekeeping the disk refused; a process warning by default. */
  readonly onError?: (error: unknown) => void;
}

/** A running broker. */
export interface EmbeddedKafka {
  readonly host: string;
  readonly port: number;
  /** What clients connect to: host:port. */
  readonly address: string;
  /** Closes connections and files; all data has reached the disk when it resolves. */
  close(): Promise<void>;
}

/**
 * Starts a single-node broker that speaks the Kafka protocol and keeps its data in a folder.
 *
 * What it acknowledged survives the death of its process at any moment. For development and tests: no authentication,
 * no replication. Source: https://kafka.apache.org/protocol
 *
 * @throws FolderLockedError when another process runs on the folder; ExposedAddressError; the system's error when the
 *   port is taken
 */
export async function startEmbeddedKafka(options: EmbeddedKafkaOptions): Promise<EmbeddedKafka> {
  const { host = '127.0.0.1', port = 0 } = options;
  const onError = options.onError ?? ((error) => process.emitWarning(error instanceof Error ? error : String(error)));
  requireLoopback(host, options.exposed ?? false);
  mkdirSync(options.dataDir, { recursive: true });
  const unlock = lockFolder(options.dataDir);
  const opened = openParts(options, onError);
  const sockets = new Set<Socket>();
  const server = createServer();
  server.maxConnections = options.maxConnections ?? 1000;
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    opened.close();
    unlock();
    throw error;
  }
  const address = server.address() as AddressInfo;
  const advertised = { host, port: address.port };
  const maxRequestBytes = options.maxRequestBytes ?? 100 * 1024 * 1024;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveConnection(socket, { parts: opened.parts, advertised, maxRequestBytes, faults: options.faults, onError });
  });
  const retention = setInterval(() => {
    try {
      opened.parts.topics.enforceRetention();
    } catch (error) {
      onError(error); // tried again at the next check
    }
  }, options.retentionCheckMs ?? 30_000);
  let closing: Promise<void> | undefined;
  const close = async () => {
    clearInterval(retention);
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
    opened.close();
    unlock();
  };
  return {
    host,
    port: address.port,
    address: `${host}:${address.port}`,
    close: () => (closing ??= close()),
  };
}

/** Opens everything in the data folder. */
function openParts(
  options: EmbeddedKafkaOptions,
  onError: (error: unknown) => void,
): { parts: BrokerParts; close(): void } {
  const { dataDir, fsync = false } = options;
  const refuse = (point: FaultPoint) => {
    if (options.faults?.(point)?.refuseWrite) throw new Error('the write was refused by fault injection');
  };
  const journal = new Journal(join(dataDir, 'journal'), {
    fsync,
    beforeWrite: (bytes) => refuse({ at: 'journal', bytes }),
  });
  const topics = new Topics({
    folder: join(dataDir, 'topics'),
    journal,
    defaults: {
      segmentBytes: options.segmentBytes ?? 64 * 1024 * 1024,
      maxMessageBytes: options.maxMessageBytes ?? 1024 * 1024 + 12,
    },
    fsync,
    now: Date.now,
    beforeAppend: (topic, partition, bytes) => refuse({ at: 'append', topic, partition, bytes }),
  });
  const offsets = new GroupOffsets(journal);
  const groups = new Groups(offsets);
  const transactions = new Transactions({ journal, topics, offsets, now: Date.now, onError });
  const parts: BrokerParts = {
    clusterId: clusterIdOf(journal),
    topics,
    groups,
    transactions,
    defaultPartitions: options.defaultPartitions ?? 1,
    autoCreateTopics: options.autoCreateTopics ?? true,
  };
  const close = () => {
    groups.close();
    transactions.close();
    topics.close();
    journal.close();
  };
  return { parts, close };
}

/** The cluster's id, made at the first start. */
function clusterIdOf(journal: Journal): string {
  const known = journal.get<string>('cluster-id');
  if (known !== undefined) return known;
  const value = randomUUID();
  journal.write([{ key: ['cluster-id'], value }]);
  return value;
}
