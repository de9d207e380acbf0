import Table from 'cli-table3';
import { type Command, Option } from 'commander';
import { UsageError } from '../app/exit-code.ts';
import { openServers } from '../app/servers.ts';
import { readSettings } from '../config/settings.ts';
import { type ApiRole, apiRoles } from '../domain/api-key.ts';
import { tenantSchema } from '../domain/field.ts';
import { Closing } from '../runtime/closing.ts';
import { createApiKey, listApiKeys, revokeApiKey } from '../store/api-keys.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { writeTable } from './colour.ts';
import type { RunCommand } from './run-command.ts';
import { type Terminal, write } from './terminal.ts';

/** Adds `koe keys`: what opens the HTTP API. */
export function addKeyCommands(program: Command, terminal: Terminal, run: RunCommand): void {
  const keys = program.command('keys').description('keys of the HTTP API');
  keys
    .command('create')
    .description('make a key and print it; it cannot be shown again')
    .requiredOption('--tenant <name>', 'whose data it opens')
    .addOption(new Option('--role <role>', 'what it allows').choices(apiRoles).default('reader'))
    .requiredOption('--name <text>', 'what or whom it is for')
    .action((options) => run(() => create(options, terminal)));
  keys
    .command('list')
    .description('list keys, without their secrets')
    .option('--json', 'print JSON', false)
    .action((options) => run(() => list(options, terminal)));
  keys
    .command('revoke')
    .description('make a key useless')
    .argument('<id>', 'as listed')
    .action((id) => run(() => revoke(id, terminal)));
}

async function create(given: { tenant: string; role: ApiRole; name: string }, terminal: Terminal): Promise<number> {
  const tenant = tenantSchema.safeParse(given.tenant);
  if (!tenant.success) throw new UsageError(`--tenant: ${tenant.error.issues[0]?.message}`);
  const key = await withDatabase(terminal, (database) => createApiKey(database, given));
  await write(terminal.output, `${key}\n`);
  await write(terminal.errors, 'Keep it: koe stores only its digest.\n');
  return 0;
}

async function list({ json }: { json: boolean }, terminal: Terminal): Promise<number> {
  const keys = await withDatabase(terminal, listApiKeys);
  if (json) {
    await write(
      terminal.output,
      `${JSON.stringify(
        keys.map(({ _id, ...key }) => ({ id: _id, ...key })),
        null,
        2,
      )}\n`,
    );
    return 0;
  }
  const table = new Table({
    head: ['id', 'tenant', 'role', 'name', 'created', 'revoked'],
    style: { head: [], border: [] },
  });
  for (const { _id, tenant, role, name, createdAt, revokedAt } of keys) {
    table.push([_id, tenant, role, name, createdAt.toISOString(), revokedAt?.toISOString() ?? '']);
  }
  await writeTable(terminal, `${table}\n`);
  return 0;
}

async function revoke(id: string, terminal: Terminal): Promise<number> {
  if (!(await withDatabase(terminal, (database) => revokeApiKey(database, id)))) {
    throw new UsageError(`no key in use has the id ${id}; koe keys list shows them`);
  }
  await write(terminal.errors, `${id} is revoked\n`);
  return 0;
}

async function withDatabase<T>(terminal: Terminal, work: (database: Database) => Promise<T>): Promise<T> {
  const closing = new Closing();
  try {
    const settings = readSettings(terminal.environment);
    const servers = closing.add(await openServers(settings, { kafka: false, mongo: true }), (opened) => opened.close());
    return await work(closing.add(await openDatabase(servers.database), (opened) => opened.close()));
  } finally {
    await closing.closeAll();
  }
}
