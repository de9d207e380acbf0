import { type EmbeddedKind, startEmbeddedServer } from '../app/embedded-servers.ts';
import { exitCodes } from '../app/exit-code.ts';
import { stopSignal } from './stop-signal.ts';
import { type Terminal, write } from './terminal.ts';

/** Runs an embedded development server until it is told to stop; prints its address when it is ready. */
export async function embedded(
  kind: EmbeddedKind,
  options: { data: string; port: number },
  terminal: Terminal,
): Promise<number> {
  const server = await startEmbeddedServer(kind, { dataDir: options.data, port: options.port });
  await write(
    terminal.output,
    `${kind === 'kafka' ? server.address : `mongodb://${server.address}/?directConnection=true`}\n`,
  );
  await stopSignal();
  await server.close();
  return exitCodes.success;
}
