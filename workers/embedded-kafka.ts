import { startEmbeddedKafka } from '../src/embedded/kafka/broker.ts';
import { serveFromThread } from '../src/embedded/server-thread.ts';

// The thread of the embedded Kafka broker.
await serveFromThread(startEmbeddedKafka);
