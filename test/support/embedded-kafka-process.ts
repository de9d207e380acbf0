import { startEmbeddedKafka } from '../../src/embedded/kafka/broker.ts';

// A process of its own around the embedded broker, for tests that kill it: FOLDER PORT; prints the address when ready.
const [dataDir, port] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('usage: embedded-kafka-process FOLDER [PORT]');
const broker = await startEmbeddedKafka({ dataDir, port: Number(port ?? 0) });
process.stdout.write(`${broker.address}\n`);
