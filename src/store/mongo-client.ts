import { MongoClient } from 'mongodb';
import { DependencyError } from '../domain/dependency-error.ts';
import type { Tracer } from '../domain/tracing.ts';
import { traceCommands } from './command-spans.ts';
import { patchMongodb } from './mongodb-patches.ts';

/** How to reach the database. */
export interface DatabaseSettings {
  readonly uri: string;
  readonly database: string;
  /** User and password that are not part of the connection string. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** How long to look for a server before giving up, in milliseconds. */
  readonly serverSelectionTimeoutMs?: number;
  /** Where the spans of commands go; nowhere when absent. */
  readonly tracer?: Tracer;
}

/**
 * A client of MongoDB that waits for a majority and its journal; it connects with `connectClient`.
 *
 * @throws DependencyError permanent for a connection string that is none; it repeats nothing of the string
 */
export function createClient(settings: DatabaseSettings): MongoClient {
  patchMongodb();
  try {
    const client = new MongoClient(settings.uri, {
      appName: 'koe',
      ...(settings.credentials !== undefined && { auth: { ...settings.credentials } }),
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'majority' },
      retryWrites: true,
      serverSelectionTimeoutMS: settings.serverSelectionTimeoutMs ?? 5000,
      // A server gone without a word is noticed after this and the 10 s between two heartbeats; the default is 30 s.
      connectTimeoutMS: 5000,
      monitorCommands: settings.tracer?.on === true,
    });
    if (settings.tracer?.on === true) traceCommands(client, settings.tracer);
    return client;
  } catch (error) {
    // No cause: some of the driver's messages hold a part of the string.
    throw new DependencyError(
      'mongodb',
      'permanent',
      `MONGODB_URI is no connection string: ${whyNot(error, settings.uri)}`,
    );
  }
}

/** What the driver has against a connection string, unless it repeats a word that may be of the password. */
function whyNot(error: unknown, uri: string): string {
  const advice = 'compare it with mongodb://HOST:PORT/?replicaSet=NAME, and write %40 for an @ in a password';
  if (!(error instanceof Error)) return advice;
  const [address = ''] = uri.split('?');
  const words = new Set(address.split(/\W+/).filter((word) => word !== 'mongodb' && word !== 'srv'));
  return error.message.split(/\W+/).some((word) => word !== '' && words.has(word)) ? advice : error.message;
}

/**
 * Connects, and reads the files that the connection string names.
 *
 * @throws DependencyError permanent when such a file cannot be read; what the driver throws otherwise
 */
export async function connectClient(client: MongoClient): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && error.syscall === 'open')) throw error;
    const message = `a file that MONGODB_URI names (tlsCAFile, tlsCertificateKeyFile) cannot be read: ${error.message}`;
    throw new DependencyError('mongodb', 'permanent', message, { cause: error });
  }
}
