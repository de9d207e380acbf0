import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { topicNames } from '../../src/domain/topics.ts';
import { connectKafka, type KafkaConnection } from '../../src/kafka/connection.ts';
import { createProducer, type MessageProducer } from '../../src/kafka/producer.ts';
import { ensureTopics } from '../../src/kafka/topics.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { silentLogger } from '../support/silent-logger.ts';
import { type ChaosWorker, chaosWorker } from './chaos-worker.ts';
import { type Link, openLink } from './link.ts';
import { Observations } from './observations.ts';
import { readdress } from './readdress.ts';
import type { ChaosServer } from './server.ts';

/** Names of koe's topics in the chaos suite. */
export const topics = topicNames('koe.');
/** The consumer groups of its workers. */
export const group = 'koe.enrich';
export const alertGroup = 'koe.alert';

/** How the alert worker evaluates. */
export const alertHorizonHours = 72;
export const alertOffsetMinutes = 540;

const partitions = 6;
const lanes = 3;

/** A worker with its ways to the servers. */
export interface StagedWorker {
  readonly worker: ChaosWorker;
  readonly links: { readonly broker: Link; readonly database: Link };
}

/** Servers, workers and producers, connected through links that can be disturbed. */
export interface Stage {
  readonly broker: ChaosServer;
  readonly database: ChaosServer;
  /** The enrich workers. */
  readonly workers: readonly StagedWorker[];
  readonly alertWorker: StagedWorker;
  /** The producers' way to the broker. */
  readonly producerLink: Link;
  readonly producers: readonly MessageProducer[];
  /** Of the enrich workers. */
  readonly observations: Observations;
  /** Of the alert worker. */
  readonly alertObservations: Observations;
  /** Past all links, for looking at what is there. */
  readonly kafka: KafkaConnection;
  /** Opens the database past all links. */
  openDatabase(): Promise<Database>;
  close(): Promise<void>;
}

/** What a stage is made of. */
export interface StageOptions {
  readonly broker: ChaosServer;
  readonly database: ChaosServer;
  /** For logs. */
  readonly folder: string;
  /** Arguments of node that start a worker. */
  readonly workerCommand: readonly string[];
}

/** Creates the topics, opens the links and prepares two workers, which are not started yet. Closes the servers too. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const { broker, database, folder } = options;
  const kafka = connectKafka({ brokers: [`127.0.0.1:${broker.port}`], clientId: 'chaos' }, silentLogger);
  const wanted = [...Object.values(topics.feedback), topics.enriched, topics.deadLetters, topics.alerts];
  await ensureTopics(
    kafka,
    wanted.map((name) => ({ name, partitions })),
  );
  const [observations, alertObservations] = [new Observations(), new Observations()];
  const brokerLink = () => openLink(broker.port, (port) => readdress(broker.port, port));
  const prepare = async (name: string, command: readonly string[], told: Observations): Promise<StagedWorker> => {
    const links = { broker: await brokerLink(), database: await openLink(database.port) };
    const worker = chaosWorker({
      name,
      command,
      environment: environment(links.broker.port, databaseUri(links.database.port)),
      logFile: join(folder, `${name.replace(' ', '-')}.log`),
      observations: told,
    });
    return { worker, links };
  };
  const workers = await Promise.all(
    ['worker 1', 'worker 2'].map((name) => prepare(name, options.workerCommand, observations)),
  );
  const alertWorker = await prepare('alert worker', [join('dist', 'workers', 'alert.js')], alertObservations);
  const producerLink = await brokerLink();
  const producerLog = createWriteStream(join(folder, 'producers.log'));
  const logger = createLogger({ level: 'info', name: 'producers' }, producerLog);
  const producers = Array.from({ length: lanes }, () =>
    createProducer(connectKafka({ brokers: [`127.0.0.1:${producerLink.port}`], clientId: 'producer' }, logger)),
  );
  return {
    broker,
    database,
    workers,
    alertWorker,
    producerLink,
    producers,
    observations,
    alertObservations,
    kafka,
    openDatabase: () => openDatabase({ uri: databaseUri(database.port), database: 'koe' }),
    async close() {
      const all = [...workers, alertWorker];
      await Promise.all(all.map(({ worker }) => worker.kill()));
      await Promise.all(producers.map((producer) => producer.close()));
      const links = [producerLink, ...all.flatMap((worker) => Object.values(worker.links))];
      await Promise.all(links.map((link) => link.close()));
      await Promise.all([broker.stop(), database.stop()]);
    },
  };
}

/** Direct, because a replica set would tell the driver to go around the link. */
function databaseUri(port: number): string {
  return `mongodb://127.0.0.1:${port}/?directConnection=true`;
}

function environment(brokerPort: number, databaseUri: string): Record<string, string> {
  return {
    KAFKA_BROKERS: `127.0.0.1:${brokerPort}`,
    MONGODB_URI: databaseUri,
    KOE_PSEUDONYM_KEY: 'a key of sixteen characters or more',
    KOE_MODEL: 'none',
    KOE_ANALYSIS_PROCESSES: '1',
    KOE_HTTP_PORT: '0',
    KOE_DEAD_LETTER_LIMIT: '100000',
    KOE_RETRY_GIVE_UP_SECONDS: '90',
    KOE_ALERT_GROUP_ID: alertGroup,
    KOE_ALERT_HORIZON_HOURS: String(alertHorizonHours),
    KOE_ALERT_UTC_OFFSET_MINUTES: String(alertOffsetMinutes),
  };
}
