import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { DependencyError } from '../domain/dependency-error.ts';
import type { KafkaSettings } from '../kafka/connection.ts';
import { Closing } from '../runtime/closing.ts';
import type { DatabaseSettings } from '../store/mongo-client.ts';
import { type EmbeddedKind, joinEmbeddedServer } from './embedded-servers.ts';

/** Where Kafka and MongoDB are: the configured ones, or embedded ones started for the purpose. */
export interface Servers {
  readonly kafka: KafkaSettings;
  readonly database: DatabaseSettings;
  /** Stops what was started. */
  close(): Promise<void>;
}

/** Finds or starts only the servers asked for; the other's settings then point nowhere and must not be used. */
export async function openServers(
  settings: Settings,
  needs: { kafka: boolean; mongo: boolean } = { kafka: true, mongo: true },
): Promise<Servers> {
  const closing = new Closing();
  const embedded = async (kind: EmbeddedKind) => {
    const server = await joinEmbeddedServer(kind, join(settings.KOE_DATA_DIR, kind));
    return closing.add(server, (joined) => joined.close()).address;
  };
  try {
    const brokers =
      settings.KAFKA_BROKERS?.split(',').map((broker) => broker.trim()) ??
      (needs.kafka ? [await embedded('kafka')] : []);
    const uri =
      settings.MONGODB_URI ??
      (needs.mongo ? `mongodb://${await embedded('mongo')}/?directConnection=true` : 'mongodb://none');
    return {
      kafka: { brokers, clientId: 'koe', ...(await security(settings)) },
      database: { uri, database: settings.KOE_MONGODB_DATABASE, ...credentials(settings) },
      close: async () => {
        await closing.closeAll();
      },
    };
  } catch (error) {
    await closing.closeAll();
    throw error;
  }
}

async function security(settings: Settings): Promise<Pick<KafkaSettings, 'ssl' | 'sasl'>> {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = settings;
  const authenticates = mechanism !== undefined && username !== undefined && password !== undefined;
  return {
    ...(settings.KAFKA_SSL && { ssl: await tls(settings.KAFKA_SSL_CA_FILE) }),
    ...(authenticates && { sasl: { mechanism, username, password } }),
  };
}

function credentials(settings: Settings): Pick<DatabaseSettings, 'credentials'> {
  const { MONGODB_USERNAME: username, MONGODB_PASSWORD: password } = settings;
  return username !== undefined && password !== undefined ? { credentials: { username, password } } : {};
}

async function tls(caFile: string | undefined): Promise<true | { ca: string }> {
  if (caFile === undefined) return true;
  try {
    return { ca: await readFile(caFile, 'utf8') };
  } catch (error) {
    throw new DependencyError('kafka', 'permanent', `KAFKA_SSL_CA_FILE cannot be read: ${caFile}`, { cause: error });
  }
}
