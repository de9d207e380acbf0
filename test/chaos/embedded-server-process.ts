import { startEmbeddedKafka } from '../../src/embedded/kafka/broker.ts';
import { startEmbeddedMongo } from '../../src/embedded/mongo/server.ts';
import type { ServerOrder } from './embedded-server.ts';

// An embedded server in a process of its own: KIND FOLDER PORT. Its parent can make its disk refuse writes.
const [kind, dataDir = '', port] = process.argv.slice(2);
let refusing = false;
const options = { dataDir, port: Number(port ?? 0) };

async function start(): Promise<void> {
  if (kind === 'kafka') {
    await startEmbeddedKafka({
      ...options,
      autoCreateTopics: false,
      faults: ({ at }) => (refusing && at !== 'request' ? { refuseWrite: true } : undefined),
      onError: () => {},
    });
  } else {
    await startEmbeddedMongo({
      ...options,
      faults: {
        beforeAppend() {
          if (refusing) throw new Error('no space left on device');
        },
      },
    });
  }
}

process.on('message', (order: ServerOrder) => {
  refusing = order.refuseWrites;
});
// Without its parent nobody needs it.
process.on('disconnect', () => process.exit(1));
await start();
process.send?.('ready');
