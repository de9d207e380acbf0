import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a link does to the bytes of its connections. */
export type LinkMode = 'open' | 'drop' | 'delay' | 'half-open';

/** A TCP proxy between one client process and one server, which can be disturbed. */
export interface Link {
  readonly port: number;
  /** `open` mends it: connections that fell silent are closed then, as by the first packet to a peer that forgot. */
  set(mode: LinkMode): void;
  close(): Promise<void>;
}

/** How long every piece of up to 64 KiB takes on a delayed link, in milliseconds. */
const delayMs = 150;

/**
 * Listens on the loopback and passes connections on to a port there.
 *
 * @param rewrite makes what the server's answers pass through, given the link's own port
 */
export async function openLink(serverPort: number, rewrite?: (ownPort: number) => Transform): Promise<Link> {
  let mode: LinkMode = 'open';
  const pairs = new Set<readonly [client: Socket, server: Socket]>();
  const silent = new Set<Socket>();
  const listener = createServer({ noDelay: true });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;

  listener.on('connection', (client) => {
    client.on('error', () => {});
    if (mode === 'drop') {
      client.destroy();
      return;
    }
    if (mode === 'half-open') {
      silence(client);
      return;
    }
    const server = connect({ port: serverPort, host: '127.0.0.1', noDelay: true });
    const pair = [client, server] as const;
    pairs.add(pair);
    server.on('error', () => {});
    const answers = rewrite?.(port);
    void pass(client, server);
    if (answers === undefined) void pass(server, client);
    else {
      void pass(answers, client);
      server.on('data', (bytes) => answers.write(bytes));
    }
    const end = () => {
      pairs.delete(pair);
      if (!silent.has(client)) client.destroy();
      server.destroy();
    };
    client.once('close', end);
    server.once('close', end);
  });

  async function pass(from: Socket | Transform, to: Socket): Promise<void> {
    try {
      for await (const bytes of from) {
        if (mode === 'delay') await sleep(delayMs);
        if (silent.has(to) || to.destroyed) continue;
        if (!to.write(bytes)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
      }
    } catch {
      // The connection ended; what it carried is lost, as on any network.
    }
  }

  function silence(client: Socket): void {
    silent.add(client);
    client.on('data', () => {});
    client.once('close', () => silent.delete(client));
  }

  return {
    port,
    set(next) {
      mode = next;
      if (next === 'open') for (const client of silent) client.destroy();
      if (next === 'drop') for (const [client] of pairs) client.resetAndDestroy();
      if (next === 'half-open') {
        for (const [client, server] of pairs) {
          silent.add(client);
          client.once('close', () => silent.delete(client));
          server.destroy();
        }
      }
    },
    async close() {
      for (const [client] of pairs) client.destroy();
      for (const client of silent) client.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}
