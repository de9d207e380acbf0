import kafkajs, { type ICustomPartitioner, type Message, type Producer, type RecordMetadata } from 'kafkajs';
import type { OutgoingMessage } from '../domain/message.ts';
import { noTracer, type SpanOptions, type Tracer, traced } from '../domain/tracing.ts';
import type { KafkaConnection } from './connection.ts';
import { asKafkaError, MessageTooLargeError, protocolTypes } from './errors.ts';
import { byTopic, recordBytes, requestsFor } from './request-plan.ts';

/** Sends messages to Kafka, whole lists at a time. */
export interface MessageProducer {
  /**
   * Resolves when every message is acknowledged by all in-sync replicas. Messages of one key keep their order. On
   * failure some may have been stored all the same: send the list again (duplicates are the receiver's to ignore).
   *
   * @throws MessageTooLargeError for a message that its topic does not accept even alone
   * @throws DependencyError transient when Kafka is away, permanent when it refuses (missing topic, no rights)
   */
  send(messages: readonly OutgoingMessage[]): Promise<void>;
  /** Ends the connections; messages being sent fail. */
  close(): Promise<void>;
}

/** Broker's default of `socket.request.max.bytes`: more than that and it cuts the connection without an answer. */
const maxRequestBytes = 100 * 1024 * 1024;

/**
 * Makes a producer; it connects with the first message.
 *
 * @param options.retries how often it tries again by itself before it throws; about 12 s in all by default
 * @param options.tracer where the spans of sending go; nowhere when absent
 */
export function createProducer(
  connection: KafkaConnection,
  options: { retries?: number; tracer?: Tracer } = {},
): MessageProducer {
  const { tracer = noTracer } = options;
  const placed = new WeakMap<Message, number>();
  const producer = connection.client().producer({
    allowAutoTopicCreation: false,
    createPartitioner: stickyPartitioner(placed),
    ...(options.retries !== undefined && { retry: { retries: options.retries } }),
  });
  let connected: Promise<void> | undefined;

  async function connect(): Promise<void> {
    connected ??= producer.connect();
    try {
      await connected;
    } catch (error) {
      connected = undefined;
      throw error;
    }
  }

  async function sendRequest(messages: readonly OutgoingMessage[]): Promise<void> {
    const [first] = messages;
    if (first === undefined) return;
    if (messages.length === 1 && recordBytes(first) > maxRequestBytes) {
      throw new MessageTooLargeError(first.topic, recordBytes(first));
    }
    try {
      await connect();
      await sendAll(producer, byTopic(messages), placed);
    } catch (error) {
      if (!isTooLarge(error)) throw asKafkaError(error, `take messages for ${topicsOf(messages)}`);
      if (messages.length === 1) {
        throw new MessageTooLargeError(first.topic, recordBytes(first), { cause: error });
      }
      // The limit holds for a batch after compression, so that only trying tells what fits.
      const half = messages.length >> 1;
      await sendRequest(messages.slice(0, half));
      await sendRequest(messages.slice(half));
    }
  }

  return {
    async send(messages) {
      if (messages.length === 0) return;
      const topic = topicsOf(messages);
      await traced(tracer, `send ${topic}`, tracer.on ? sending(topic, messages) : {}, async () => {
        for (const request of requestsFor(messages)) await sendRequest(request);
      });
    },
    async close() {
      await producer.disconnect();
    },
  };
}

/**
 * Decides on a message's partition once (Java's murmur2 for keys, round robin without). kafkajs asks again on every
 * retry, and a message without key would move to another partition.
 */
function stickyPartitioner(placed: WeakMap<Message, number>): ICustomPartitioner {
  return () => {
    const choose = kafkajs.Partitioners.DefaultPartitioner();
    return (message) => {
      const partition = placed.get(message.message) ?? choose(message);
      placed.set(message.message, partition);
      return partition;
    };
  };
}

interface TopicMessages {
  readonly topic: string;
  readonly messages: Message[];
}

/**
 * Sends until every partition is acknowledged. When one broker of several fails and its partitions move to a broker
 * that has answered already, kafkajs resolves without having sent them; the acknowledgements tell.
 */
async function sendAll(
  producer: Producer,
  batch: readonly TopicMessages[],
  placed: WeakMap<Message, number>,
): Promise<void> {
  let missing = [...batch];
  while (missing.length > 0) {
    const acknowledged = await producer.sendBatch({
      acks: -1,
      compression: kafkajs.CompressionTypes.GZIP,
      topicMessages: missing,
    });
    missing = unacknowledged(missing, acknowledged, placed);
  }
}

/** The messages whose partition is not among those acknowledged. */
export function unacknowledged(
  sent: readonly TopicMessages[],
  acknowledged: readonly RecordMetadata[],
  placed: WeakMap<Message, number>,
): TopicMessages[] {
  const partitions = new Set(acknowledged.map(({ topicName, partition }) => `${topicName}/${partition}`));
  return sent
    .map(({ topic, messages }) => ({
      topic,
      messages: messages.filter((message) => !partitions.has(`${topic}/${placed.get(message)}`)),
    }))
    .filter(({ messages }) => messages.length > 0);
}

function isTooLarge(error: unknown): boolean {
  return protocolTypes(error).some((type) => type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE');
}

function topicsOf(messages: readonly OutgoingMessage[]): string {
  return [...new Set(messages.map(({ topic }) => topic))].join(', ');
}

/** Source: OpenTelemetry, "Semantic conventions for messaging spans". */
function sending(topic: string, messages: readonly OutgoingMessage[]): SpanOptions {
  return {
    kind: 'client',
    attributes: {
      'messaging.system': 'kafka',
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': topic,
      'messaging.batch.message_count': messages.length,
    },
    links: messages.map(({ headers }) => headers ?? {}),
  };
}
