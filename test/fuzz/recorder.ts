import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { readdress } from '../chaos/readdress.ts';
import { type FramedProtocol, frameReader } from './protocol.ts';

/** Every different frame that a client sends while it works, its own address being that of a relay to the server. */
export async function recordFrames(
  protocol: FramedProtocol,
  serverPort: number,
  session: (port: number) => Promise<void>,
): Promise<Buffer[]> {
  const frames = new Map<string, Buffer>();
  const relay = createServer((client) => {
    const server = connect(serverPort, '127.0.0.1');
    const read = frameReader(protocol);
    client.on('data', (chunk: Buffer) => {
      for (const frame of read(chunk)) frames.set(frame.toString('latin1'), Buffer.from(frame));
    });
    client.pipe(server);
    const port = (relay.address() as AddressInfo).port;
    // A broker tells clients where to connect to: here.
    if (protocol.name === 'kafka') server.pipe(readdress(serverPort, port)).pipe(client);
    else server.pipe(client);
    for (const socket of [client, server]) socket.on('error', () => socket.destroy());
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  try {
    await session((relay.address() as AddressInfo).port);
  } finally {
    relay.close();
  }
  return [...frames.values()];
}
