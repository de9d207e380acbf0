import { type Collection, type Db, MongoClient } from 'mongodb';
import { DependencyError } from '../domain/dependency-error.ts';
import type { DeadLetterDocument, RecordDocument, RewriteDocument, RollupDocument } from './documents.ts';
import { withMongo } from './mongo-error.ts';
import { patchMongodb } from './mongodb-patches.ts';
import { collections } from './schema.ts';

/** An open connection to koe's database. */
export interface Database {
  readonly records: Collection<RecordDocument>;
  readonly rollups: Collection<RollupDocument>;
  readonly deadLetters: Collection<DeadLetterDocument>;
  readonly rewrites: Collection<RewriteDocument>;
  /** The server's clock, for leases that several machines have to agree on. */
  now(): Promise<Date>;
  /** Server name and version, for diagnosis. */
  describe(): Promise<{ version: string; replicaSet: boolean }>;
  /** Deletes the whole database. */
  drop(): Promise<void>;
  close(): Promise<void>;
}

/** How to reach the database. */
export interface DatabaseSettings {
  readonly uri: string;
  readonly database: string;
  /** How long to look for a server before giving up, in milliseconds. */
  readonly serverSelectionTimeoutMs?: number;
}

/**
 * Connects to MongoDB and makes collections, validators and indexes what this version expects; running it again
 * changes nothing. Writes are acknowledged by a majority and by its journal.
 *
 * @throws DependencyError permanent for a bad address or refused credentials, transient when no server answers
 */
export async function openDatabase(settings: DatabaseSettings): Promise<Database> {
  const client = createClient(settings);
  const db = client.db(settings.database);
  try {
    await withMongo(async () => {
      await client.connect();
      await prepare(db);
    });
  } catch (error) {
    await client.close();
    throw error;
  }
  return {
    records: db.collection<RecordDocument>('records'),
    rollups: db.collection<RollupDocument>('rollups'),
    deadLetters: db.collection<DeadLetterDocument>('dead_letters'),
    rewrites: db.collection<RewriteDocument>('rewrites'),
    now: () => withMongo(async () => (await db.command({ hello: 1 })).localTime as Date),
    describe: () =>
      withMongo(async () => {
        const [build, hello] = await Promise.all([db.command({ buildInfo: 1 }), db.command({ hello: 1 })]);
        return { version: String(build.version), replicaSet: hello.setName !== undefined };
      }),
    drop: () =>
      withMongo(async () => {
        await db.dropDatabase();
      }),
    close: () => client.close(),
  };
}

function createClient(settings: DatabaseSettings): MongoClient {
  patchMongodb();
  try {
    return new MongoClient(settings.uri, {
      appName: 'koe',
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'majority' },
      retryWrites: true,
      serverSelectionTimeoutMS: settings.serverSelectionTimeoutMs ?? 5000,
      // A server gone without a word is noticed after this and the 10 s between two heartbeats; the default is 30 s.
      connectTimeoutMS: 5000,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be read';
    throw new DependencyError('mongodb', 'permanent', `MONGODB_URI is no connection string: ${why}`, { cause: error });
  }
}

async function prepare(db: Db): Promise<void> {
  const existing = new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
  for (const { name, validator, indexes } of collections) {
    if (existing.has(name)) await db.command({ collMod: name, validator, validationLevel: 'strict' });
    else await create(db, name, validator);
    if (indexes.length > 0) await db.collection(name).createIndexes([...indexes]);
  }
}

async function create(db: Db, name: string, validator: object): Promise<void> {
  try {
    await db.createCollection(name, { validator });
  } catch (error) {
    // Another worker that starts at the same time was first.
    const exists = error instanceof Error && 'code' in error && error.code === 48;
    if (!exists) throw error;
  }
}
