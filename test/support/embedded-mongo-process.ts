import { startEmbeddedMongo } from '../../src/embedded/mongo/server.ts';

// A process of its own around the embedded MongoDB, for tests that kill it: FOLDER PORT; prints the URI when ready.
const [dataDir, port] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('usage: embedded-mongo-process FOLDER [PORT]');
const server = await startEmbeddedMongo({ dataDir, port: Number(port ?? 0) });
process.stdout.write(`${server.uri}\n`);
