import { startEmbeddedMongo } from '../src/embedded/mongo/server.ts';
import { serveFromThread } from '../src/embedded/server-thread.ts';

// The thread of the embedded MongoDB server.
await serveFromThread(startEmbeddedMongo);
