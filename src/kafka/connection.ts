import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import kafkajs, { type Admin, type ISocketFactoryArgs, type Kafka, type KafkaConfig, type SASLOptions } from 'kafkajs';
import { useCodecs } from './compression.ts';
import { asKafkaError } from './errors.ts';
import { kafkajsLogCreator } from './kafkajs-log.ts';
import { patchKafkajs } from './kafkajs-patches.ts';
import type { Logger } from './logger.ts';

/** Where Kafka is and how to prove who we are. */
export interface KafkaSettings {
  /** `host:port` of at least one broker. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** `true` for TLS with the system's authorities, or the PEM of the authority to trust. */
  readonly ssl?: boolean | { readonly ca?: string };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  /** Milliseconds until a connection attempt has failed; 3,000 when absent. */
  readonly connectionTimeoutMs?: number;
  /** Milliseconds until an unanswered request has failed; 30,000 when absent. */
  readonly requestTimeoutMs?: number;
}

/** The one way to Kafka: knows the settings and hands out clients of a mended kafkajs. Holds nothing open itself. */
export interface KafkaConnection {
  readonly settings: KafkaSettings;
  readonly logger: Logger;
  /**
   * A fresh client. Every consumer needs its own: kafkajs keeps the committed offsets of a group in the client, so that
   * two members of one group in one client overwrite each other's.
   */
  client(): Kafka;
  /** Runs admin requests on a connection of their own and closes it; failures arrive as DependencyError. */
  admin<T>(doing: string, use: (admin: Admin) => Promise<T>): Promise<T>;
}

/** Prepares access to Kafka without connecting; the first use connects. */
export function connectKafka(settings: KafkaSettings, logger: Logger): KafkaConnection {
  patchKafkajs();
  useCodecs();
  const client = () => new kafkajs.Kafka(clientConfig(settings, logger));
  return {
    settings,
    logger,
    client,
    async admin(doing, use) {
      const admin = client().admin();
      try {
        await admin.connect();
        return await use(admin);
      } catch (error) {
        throw asKafkaError(error, doing);
      } finally {
        await admin.disconnect().catch((error: unknown) => {
          logger.debug({ err: error }, 'the Kafka admin connection did not close cleanly');
        });
      }
    },
  };
}

function clientConfig(settings: KafkaSettings, logger: Logger): KafkaConfig {
  const { ssl, sasl } = settings;
  const config: KafkaConfig = {
    brokers: [...settings.brokers],
    clientId: settings.clientId,
    connectionTimeout: settings.connectionTimeoutMs ?? 3_000,
    requestTimeout: settings.requestTimeoutMs ?? 30_000,
    // About 12 s in all: a broker that restarts is met by kafkajs itself, anything longer by the caller.
    retry: { initialRetryTime: 100, multiplier: 2, factor: 0.2, maxRetryTime: 3_000, retries: 8 },
    socketFactory: openSocket,
    logLevel: kafkajs.logLevel.INFO,
    logCreator: kafkajsLogCreator(logger),
  };
  if (ssl !== undefined) config.ssl = typeof ssl === 'boolean' ? ssl : { ...(ssl.ca && { ca: [ssl.ca] }) };
  if (sasl !== undefined) config.sasl = { ...sasl } as SASLOptions;
  return config;
}

function openSocket({ host, port, ssl, onConnect }: ISocketFactoryArgs): Socket {
  const socket = ssl
    ? connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }), ...ssl }, onConnect)
    : connectTcp({ host, port }, onConnect);
  // kafkajs calls unref() on closed sockets again and again, and each call adds a listener and, in the end, a warning.
  return socket.setKeepAlive(true, 60_000).setMaxListeners(0);
}
