import type { Collection, Db } from 'mongodb';
import type {
  AlertCalendarDocument,
  AlertDeliveryDocument,
  AlertDocument,
  AlertProgressDocument,
  AlertRuleDocument,
  ChurnChangeDocument,
} from './alert-documents.ts';
import type { ApiKeyDocument } from './api-keys.ts';
import type {
  ChurnModelDocument,
  ChurnRiskDocument,
  CustomerEventDocument,
  DeadLetterDocument,
  DictionaryDocument,
  RecordDocument,
  RewriteDocument,
  RollupDocument,
} from './documents.ts';
import { connectClient, createClient, type DatabaseSettings } from './mongo-client.ts';
import { withMongo } from './mongo-error.ts';
import type { ReplyDocument } from './replies.ts';
import { collections } from './schema.ts';
import type { TurnDocument } from './turns.ts';

/** A server and the state of koe's database there. */
export interface DatabaseDescription {
  readonly version: string;
  readonly replicaSet: boolean;
  /** Collections, and indexes as `collection.index`, that are not there. */
  readonly missing: readonly string[];
}

/** An open connection to koe's database. */
export interface Database {
  readonly records: Collection<RecordDocument>;
  readonly rollups: Collection<RollupDocument>;
  readonly customerEvents: Collection<CustomerEventDocument>;
  readonly apiKeys: Collection<ApiKeyDocument>;
  readonly replies: Collection<ReplyDocument>;
  readonly churnRisks: Collection<ChurnRiskDocument>;
  readonly churnModels: Collection<ChurnModelDocument>;
  readonly deadLetters: Collection<DeadLetterDocument>;
  readonly dictionaries: Collection<DictionaryDocument>;
  readonly rewrites: Collection<RewriteDocument>;
  readonly turns: Collection<TurnDocument>;
  readonly alerts: Collection<AlertDocument>;
  readonly alertProgress: Collection<AlertProgressDocument>;
  readonly churnChanges: Collection<ChurnChangeDocument>;
  readonly alertRules: Collection<AlertRuleDocument>;
  readonly alertCalendar: Collection<AlertCalendarDocument>;
  readonly alertDeliveries: Collection<AlertDeliveryDocument>;
  /** The server's clock, for leases that several machines have to agree on. */
  now(): Promise<Date>;
  /** Bytes of the largest document that the server takes. */
  readonly maxDocumentBytes: number;
  /** What the server is and what a worker will have to make there, for diagnosis; needs the right to read only. */
  describe(): Promise<DatabaseDescription>;
  /** Deletes the whole database. */
  drop(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Connects to MongoDB and makes collections, validators and indexes what this version expects; running it again
 * changes nothing. For what writes records; needs the rights to do so.
 *
 * @throws DependencyError permanent for a bad address or refused credentials, transient when no server answers
 */
export function openDatabase(settings: DatabaseSettings): Promise<Database> {
  return open(settings, prepare);
}

/**
 * Connects to MongoDB and leaves it as it is, so that a user who may only read can read.
 *
 * @throws DependencyError as `openDatabase` does
 */
export function openPreparedDatabase(settings: DatabaseSettings): Promise<Database> {
  return open(settings, async () => {});
}

async function open(settings: DatabaseSettings, make: (db: Db) => Promise<void>): Promise<Database> {
  const client = createClient(settings);
  const db = client.db(settings.database);
  let maxDocumentBytes: number;
  try {
    maxDocumentBytes = await withMongo(async () => {
      await connectClient(client);
      await make(db);
      return Number((await db.command({ hello: 1 })).maxBsonObjectSize);
    });
  } catch (error) {
    await client.close();
    throw error;
  }
  return {
    records: db.collection<RecordDocument>('records'),
    rollups: db.collection<RollupDocument>('rollups'),
    customerEvents: db.collection<CustomerEventDocument>('customer_events'),
    apiKeys: db.collection<ApiKeyDocument>('api_keys'),
    replies: db.collection<ReplyDocument>('replies'),
    churnRisks: db.collection<ChurnRiskDocument>('churn_risks'),
    churnModels: db.collection<ChurnModelDocument>('models_churn'),
    deadLetters: db.collection<DeadLetterDocument>('dead_letters'),
    dictionaries: db.collection<DictionaryDocument>('dictionaries'),
    rewrites: db.collection<RewriteDocument>('rewrites'),
    turns: db.collection<TurnDocument>('turns'),
    alerts: db.collection<AlertDocument>('alerts'),
    alertProgress: db.collection<AlertProgressDocument>('alert_progress'),
    churnChanges: db.collection<ChurnChangeDocument>('churn_changes'),
    alertRules: db.collection<AlertRuleDocument>('alert_rules'),
    alertCalendar: db.collection<AlertCalendarDocument>('alert_calendar'),
    alertDeliveries: db.collection<AlertDeliveryDocument>('alert_deliveries'),
    maxDocumentBytes,
    now: () => withMongo(async () => (await db.command({ hello: 1 })).localTime as Date),
    describe: () => withMongo(() => describe(db)),
    drop: () =>
      withMongo(async () => {
        await db.dropDatabase();
      }),
    close: () => client.close(),
  };
}

async function describe(db: Db): Promise<DatabaseDescription> {
  const [build, hello] = await Promise.all([db.command({ buildInfo: 1 }), db.command({ hello: 1 })]);
  const existing = await namesOf(db);
  const missing: string[] = [];
  for (const { name, indexes } of collections) {
    const found = existing.has(name) ? await db.collection(name).indexes() : [];
    if (!existing.has(name)) missing.push(name);
    else
      missing.push(
        ...indexes.flatMap((index) =>
          found.some((other) => other.name === index.name) ? [] : `${name}.${index.name}`,
        ),
      );
  }
  return { version: String(build.version), replicaSet: hello.setName !== undefined, missing };
}

async function namesOf(db: Db): Promise<Set<string>> {
  return new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
}

async function prepare(db: Db): Promise<void> {
  const existing = await namesOf(db);
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
