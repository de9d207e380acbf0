import { readFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { exitCodes, UsageError } from '../app/exit-code.ts';
import { openServers } from '../app/servers.ts';
import { readSettings } from '../config/settings.ts';
import { type DictionaryContent, parseDictionary } from '../domain/dictionary.ts';
import { feedbackSchema } from '../domain/feedback.ts';
import { Closing } from '../runtime/closing.ts';
import { type Database, openDatabase, openPreparedDatabase } from '../store/database.ts';
import { addDictionary, listDictionaries, readDictionary } from '../store/dictionaries.ts';
import { operator } from './operator.ts';
import { printable } from './printable.ts';
import { type Terminal, write } from './terminal.ts';

/** Whose dictionary is meant. */
export interface DictionaryOptions {
  readonly tenant: string;
}

/** Prints a tenant's dictionary as YAML, the version in use unless told; exit code 1 where there is none. */
export function showDictionary(
  { tenant, version }: DictionaryOptions & { readonly version?: number },
  terminal: Terminal,
): Promise<number> {
  return withDatabase(tenant, openPreparedDatabase, terminal, async (database) => {
    const found = await readDictionary(database, tenant, version);
    if (found === undefined) return await saysNone(tenant, version, terminal);
    const { words, synonyms } = found;
    await write(terminal.output, `# ${tenant}, version ${found.version}\n${stringify({ words, synonyms })}`);
    return exitCodes.success;
  });
}

/**
 * Takes a YAML file as the tenant's dictionary from now on; workers have it within seconds.
 *
 * @throws UsageError naming file, entry and field of what is wrong in it
 */
export async function importDictionary(
  file: string,
  { tenant }: DictionaryOptions,
  terminal: Terminal,
): Promise<number> {
  const content = await readDictionaryFile(file);
  return await withDatabase(tenant, openDatabase, terminal, async (database) => {
    const version = await addDictionary(database, tenant, content, { by: operator() });
    const { words, synonyms } = content;
    const what = `${words.length} words, ${synonyms.length} groups of synonyms`;
    await write(terminal.output, `${tenant}: version ${version} is in use, ${what}\n`);
    return exitCodes.success;
  });
}

/** Lists the versions of a tenant's dictionary, the newest first. */
export function dictionaryHistory({ tenant }: DictionaryOptions, terminal: Terminal): Promise<number> {
  return withDatabase(tenant, openPreparedDatabase, terminal, async (database) => {
    const versions = await listDictionaries(database, tenant);
    if (versions.length === 0) return await saysNone(tenant, undefined, terminal);
    for (const { version, at, by, from, wordCount, synonymCount } of versions) {
      const again = from === undefined ? '' : `, version ${from} again`;
      const what = `${wordCount} words, ${synonymCount} groups of synonyms${again}`;
      await write(terminal.output, `${version}  ${at.toISOString()}  ${printable(by)}  ${what}\n`);
    }
    return exitCodes.success;
  });
}

/** Takes an earlier version of a tenant's dictionary into use again, as a new version; exit code 1 where it is not. */
export function useDictionary(version: number, { tenant }: DictionaryOptions, terminal: Terminal): Promise<number> {
  return withDatabase(tenant, openDatabase, terminal, async (database) => {
    const found = await readDictionary(database, tenant, version);
    if (found === undefined) return await saysNone(tenant, version, terminal);
    const added = await addDictionary(database, tenant, found, { by: operator(), from: version });
    await write(terminal.output, `${tenant}: version ${added} is in use, version ${version} again\n`);
    return exitCodes.success;
  });
}

async function readDictionaryFile(file: string): Promise<DictionaryContent> {
  try {
    return parseDictionary(parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new UsageError(`${file}: ${cause instanceof Error ? cause.message : 'it cannot be read'}`, { cause });
  }
}

async function saysNone(tenant: string, version: number | undefined, terminal: Terminal): Promise<number> {
  const which = version === undefined ? 'no dictionary of its own' : `no dictionary of version ${version}`;
  await write(terminal.errors, `${tenant} has ${which}\n`);
  return exitCodes.failure;
}

async function withDatabase(
  tenant: string,
  open: typeof openDatabase,
  terminal: Terminal,
  work: (database: Database) => Promise<number>,
): Promise<number> {
  if (!feedbackSchema.shape.tenant.safeParse(tenant).success) {
    throw new UsageError('--tenant must be letters, digits, dot, _ or -, at most 64');
  }
  const settings = readSettings(terminal.environment);
  const closing = new Closing();
  try {
    const servers = closing.add(await openServers(settings, { kafka: false, mongo: true }), (opened) => opened.close());
    return await work(closing.add(await open(servers.database), (opened) => opened.close()));
  } finally {
    await closing.closeAll();
  }
}
