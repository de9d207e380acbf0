import { type EmbeddedKind, type EmbeddedServer, startEmbeddedServer } from '../app/embedded-servers.ts';
import { exitCodes, UsageError } from '../app/exit-code.ts';
import { ExposedAddressError, isLoopback } from '../embedded/exposure.ts';
import { FolderLockedError } from '../embedded/folder-lock.ts';
import { stopSignal } from './stop-signal.ts';
import { type Terminal, write } from './terminal.ts';

/** Options of `koe embedded`. */
export interface EmbeddedCommandOptions {
  readonly data: string;
  readonly host: string;
  readonly port: number;
  /** Whether an address that other machines reach is meant. */
  readonly exposed: boolean;
}

/** Runs an embedded development server until it is told to stop; prints its address when it is ready. */
export async function embedded(
  kind: EmbeddedKind,
  options: EmbeddedCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const server = await start(kind, options);
  if (!isLoopback(options.host)) {
    const warning = `anybody who reaches ${options.host} can read and delete all data: nobody is asked for a password`;
    await write(terminal.errors, `WARNING: ${warning}\n`);
  }
  await write(
    terminal.output,
    `${kind === 'kafka' ? server.address : `mongodb://${server.address}/?directConnection=true`}\n`,
  );
  await stopSignal();
  await server.close();
  return exitCodes.success;
}

async function start(
  kind: EmbeddedKind,
  { data, host, port, exposed }: EmbeddedCommandOptions,
): Promise<EmbeddedServer> {
  try {
    return await startEmbeddedServer(kind, { dataDir: data, host, port, exposed });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = refusal(error, host, port);
    throw why === undefined ? error : new UsageError(why, { cause: error });
  }
}

function refusal(error: Error, host: string, port: number): string | undefined {
  if (error instanceof ExposedAddressError) return `${error.message}, or say --exposed if that is meant`;
  if (error instanceof FolderLockedError) return error.message;
  switch ('code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return `port ${port} of ${host} is taken by another program: choose another --port, or 0 for any free one`;
    case 'EACCES':
      return `port ${port} is for the system only: choose a --port above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine`;
    default:
      return undefined;
  }
}
