import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * Different loopback ports that nobody listens on, below the range that systems give to outgoing connections: a client
 * that dials a dead port inside that range can be connected to itself.
 */
export async function freePorts<const Names extends readonly string[]>(
  ...names: Names
): Promise<Record<Names[number], number>> {
  const taken: Server[] = [];
  const entries: [string, number][] = [];
  while (entries.length < names.length) {
    const port = randomInt(20_000, 30_000);
    const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    taken.push(server);
    entries.push([names[entries.length] ?? '', port]);
  }
  await Promise.all(taken.map((server) => once(server.close(), 'close')));
  return Object.fromEntries(entries) as Record<Names[number], number>;
}
