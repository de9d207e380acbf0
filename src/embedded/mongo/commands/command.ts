import { rootScope, type Scope } from '../aggregate/expressions/scope.ts';
import { isTruthy } from '../aggregate/expressions/truth.ts';
import { Doc, isNumeric, typeName } from '../bson/doc.ts';
import { toNumber, wholeNumber } from '../bson/numbers.ts';
import type { Cursors } from '../cursors.ts';
import { MongoFault, unsupported } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import type { Store } from '../storage/store.ts';

/** What a command works with. */
export interface CommandContext {
  readonly store: Store;
  readonly cursors: Cursors;
  /** `host:port` clients reach the server at. */
  readonly address: string;
  /** Number of the connection the command came over. */
  readonly connection: number;
  /** Aborted when the connection or the server closes. */
  readonly signal: AbortSignal;
}

/** Carries out one command; throws {@link MongoFault} for what the client is told. */
export interface Command {
  /** The fields it knows beside the general ones; every other field is refused, never ignored. */
  readonly fields: readonly string[];
  run(command: Doc, context: CommandContext): Doc | Promise<Doc>;
}

/** Commands by name. */
export type Commands = Readonly<Record<string, Command>>;

const general = new Set([
  '$db',
  '$clusterTime',
  '$readPreference',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'comment',
  'lsid',
  'maxTimeMS',
  'readConcern',
  'txnNumber',
  'writeConcern',
]);

/** Refuses fields a command does not know (40415), collations other than the simple one, and snapshot reads. */
export function checkFields(name: string, command: Doc, known: readonly string[]): void {
  for (const field in command) {
    if (field !== name && !general.has(field) && !known.includes(field)) {
      throw new MongoFault(40415, `BSON field '${name}.${field}' is an unknown field.`);
    }
  }
  const { readConcern, collation } = command;
  if (readConcern instanceof Doc && readConcern.level === 'snapshot') throw unsupported('read concern snapshot');
  if (collation !== undefined) checkCollation(collation);
}

/** Refuses every collation but `{locale: 'simple'}`. */
export function checkCollation(collation: unknown): void {
  if (collation instanceof Doc && collation.locale === 'simple') return;
  throw unsupported('collations');
}

/** The field as a document, the default if it is not there. */
export function docField(command: Doc, field: string, otherwise?: Doc): Doc {
  const value = command[field];
  if (value instanceof Doc) return value;
  if ((value === undefined || value === null) && otherwise !== undefined) return otherwise;
  throw new MongoFault(14, `BSON field '${field}' is the wrong type '${typeName(value)}', expected type 'object'`);
}

/** The field as an array of documents. */
export function docsField(command: Doc, field: string): Doc[] {
  const value = command[field];
  if (!Array.isArray(value)) {
    throw new MongoFault(14, `BSON field '${field}' is the wrong type '${typeName(value)}', expected type 'array'`);
  }
  return value.map((item, at) => {
    if (item instanceof Doc) return item;
    throw new MongoFault(
      14,
      `BSON field '${field}.${at}' is the wrong type '${typeName(item)}', expected type 'object'`,
    );
  });
}

/** The field as a string that is not empty. */
export function textField(command: Doc, field: string): string {
  const value = command[field];
  if (typeof value === 'string' && value !== '') return value;
  throw new MongoFault(14, `BSON field '${field}' is the wrong type '${typeName(value)}', expected type 'string'`);
}

/** The field as a number that is whole and not negative. */
export function countField(command: Doc, field: string, otherwise: number): number {
  const value = command[field];
  if (value === undefined || value === null) return otherwise;
  const count = wholeNumber(value);
  if (count === undefined) throw new MongoFault(14, `BSON field '${field}' must be a whole number`);
  if (count < 0) throw new MongoFault(2, `BSON field '${field}' value must be >= 0, actual value '${count}'`);
  return count;
}

/** The field as true or false. */
export function flagField(command: Doc, field: string, otherwise = false): boolean {
  const value = command[field];
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'boolean' || isNumeric(value)) return isTruthy(value);
  throw new MongoFault(14, `BSON field '${field}' is the wrong type '${typeName(value)}', expected type 'bool'`);
}

/** Refuses an option that is set, by name. */
export function refuseSet(command: Doc, ...fields: readonly string[]): void {
  for (const field of fields) if (isTruthy(command[field])) throw unsupported(`the option '${field}'`);
}

/** The database a command is for. */
export function databaseOf(command: Doc): string {
  const database = command.$db;
  if (typeof database !== 'string' || database === '' || /[\s/\\."$\0]/.test(database) || database.length > 63) {
    throw new MongoFault(73, `Invalid database name: '${String(database)}'`);
  }
  return database;
}

/** The collection name a command has as its value. */
export function collectionName(command: Doc, name: string): string {
  const collection = command[name];
  if (typeof collection !== 'string') {
    throw new MongoFault(73, `collection name has invalid type ${typeName(collection)}`);
  }
  const isValid =
    collection !== '' && !/[$\0]/.test(collection) && !collection.startsWith('.') && collection.length <= 200;
  if (!isValid) throw new MongoFault(73, `Invalid namespace specified '${String(command.$db)}.${collection}'`);
  return collection;
}

/** The collection a command reads, if there is one. */
export function readCollection(command: Doc, name: string, { store }: CommandContext): Collection | undefined {
  return store.find(databaseOf(command), collectionName(command, name));
}

/** The variables of a command's `let`, whose values are constants. */
export function letScope(command: Doc): Scope {
  const variables = docField(command, 'let', new Doc());
  for (const name in variables) {
    const value = variables[name];
    const isExpression = (typeof value === 'string' && value.startsWith('$')) || value instanceof Doc;
    if (isExpression) throw unsupported(`expressions in let (${name})`);
  }
  return rootScope(variables);
}

/** Throws when a write concern cannot be met, and says whether it wants the disk (`j: true`). */
export function wantsJournal(command: Doc): boolean {
  const { writeConcern } = command;
  if (!(writeConcern instanceof Doc)) return false;
  const { w } = writeConcern;
  if (isNumeric(w) && toNumber(w) > 1) throw new MongoFault(100, `Not enough data-bearing nodes for w: ${toNumber(w)}`);
  if (typeof w === 'string' && w !== 'majority') throw new MongoFault(79, `No write concern mode named '${w}' found`);
  return writeConcern.j === true || writeConcern.fsync === true;
}
