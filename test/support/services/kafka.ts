import { existsSync } from 'node:fs';
import { cp, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareCertificates } from './certificates.ts';
import { freePorts } from './free-ports.ts';
import { installKafka, javaOptions, type KafkaInstallation } from './kafka-installation.ts';
import { type KafkaUser, kafkaProperties } from './kafka-properties.ts';
import { type Service, startService } from './service.ts';

/** The releases of Apache Kafka that koe is tried on. */
export const kafkaVersions = ['4.4.0', '3.9.2'] as const;
export type KafkaVersion = (typeof kafkaVersions)[number];

/** How to reach a broker by TLS and SASL/SCRAM-SHA-512. */
export interface SecureListener {
  /** `host:port`. */
  readonly address: string;
  readonly user: KafkaUser;
  /** PEM file of the authority that signed the broker's certificate. */
  readonly authority: string;
  /** PEM file of an authority that did not. */
  readonly otherAuthority: string;
}

/** A real Apache Kafka of one node; `address` is its listener without security. */
export interface KafkaService extends Service {
  readonly secure: SecureListener;
}

const user: KafkaUser = { name: 'koe', password: 'correct-horse' };

/**
 * Starts Apache Kafka on free loopback ports, downloading and preparing it on first use. It creates no topics by itself.
 *
 * @throws Error with a sentence that says what is missing when Java, Maven or OpenSSL are
 */
export async function startKafka(version: KafkaVersion): Promise<KafkaService> {
  const installation = await installKafka(version, user);
  if (!existsSync(installation.classArchive)) await archiveClasses(version, installation);
  return await launch(version, installation, [`-XX:SharedArchiveFile=${installation.classArchive}`]);
}

async function launch(
  version: KafkaVersion,
  installation: KafkaInstallation,
  options: readonly string[],
): Promise<KafkaService> {
  const certificates = await prepareCertificates();
  let secure = 0;
  const service = await startService({
    name: `kafka-${version}`,
    readyLine: 'Kafka Server started',
    prepare: async (folder) => {
      const storage = join(folder, 'storage');
      const ports = await freePorts('plain', 'secure', 'controller');
      secure = ports.secure;
      const place = { ...ports, storage, certificate: certificates.server };
      await writeFile(join(folder, 'server.properties'), kafkaProperties(place));
      await cp(installation.template, storage, { recursive: true });
      const logging = ['defaultLogLevel=warn', 'log.kafka.server.KafkaRaftServer=info', 'showDateTime=true'];
      const command = [
        ...['java', ...javaOptions, ...options, ...logging.map((setting) => `-Dorg.slf4j.simpleLogger.${setting}`)],
        ...['-cp', installation.classPath, 'kafka.Kafka', join(folder, 'server.properties')],
      ];
      return { address: `127.0.0.1:${ports.plain}`, command };
    },
  });
  const { authority, otherAuthority } = certificates;
  return Object.assign(service, { secure: { address: `127.0.0.1:${secure}`, user, authority, otherAuthority } });
}

/** Runs a broker once and keeps the classes it loaded. */
async function archiveClasses(version: KafkaVersion, { classArchive, ...rest }: KafkaInstallation): Promise<void> {
  const draft = `${classArchive}.${process.pid}`;
  const broker = await launch(version, { classArchive, ...rest }, [`-XX:ArchiveClassesAtExit=${draft}`]);
  await broker.kill('SIGTERM');
  await broker.stop();
  await rename(draft, classArchive);
}
