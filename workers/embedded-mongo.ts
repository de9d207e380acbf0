import { parentPort, workerData } from 'node:worker_threads';
import { serveThread, type ThreadOptions } from '../src/embedded/mongo/thread.ts';

if (parentPort === null) throw new Error('embedded-mongo is a worker thread; start it with startEmbeddedMongoThread');
await serveThread(workerData as ThreadOptions, parentPort);
