import { setTimeout as sleep } from 'node:timers/promises';
import { DependencyError } from '../../src/domain/dependency-error.ts';
import type { OutgoingMessage } from '../../src/domain/message.ts';
import type { MessageProducer } from '../../src/kafka/producer.ts';
import type { SentMessage } from './ledger.ts';
import { numberHeader } from './logs.ts';

/** Messages on their way into Kafka at a steady rate. */
export interface Load {
  /** Stops making messages and resolves when all that were made are acknowledged. */
  stop(): Promise<void>;
  /** Made, but not acknowledged yet. */
  waiting(): number;
}

const tickMs = 50;
const pauseMs = 100;
const mostAtOnce = 500;

/**
 * Makes messages at a rate and sends them, those of one lane in the order in which they were made. What is not
 * acknowledged is sent again until it is, as a producer has to: then it may be in the log twice.
 *
 * @param rate messages a second
 */
export function startLoad(rate: number, make: () => SentMessage, lanes: readonly MessageProducer[]): Load {
  const queues = lanes.map((): SentMessage[] => []);
  const begun = performance.now();
  let made = 0;
  let stopping = false;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - begun) / 1000) * rate);
    for (; made < due; made++) {
      const message = make();
      queues[message.lane % queues.length]?.push(message);
    }
  }, tickMs);

  async function run(queue: SentMessage[], producer: MessageProducer): Promise<void> {
    while (!stopping || queue.length > 0) {
      const batch = queue.slice(0, mostAtOnce);
      if (batch.length === 0) {
        await sleep(tickMs);
        continue;
      }
      try {
        await producer.send(batch.map(outgoing));
        const now = Date.now();
        for (const message of queue.splice(0, batch.length)) message.acknowledgedAt = now;
      } catch (error) {
        if (!(error instanceof DependencyError) || error.nature !== 'transient') throw error;
        await sleep(pauseMs);
      }
    }
  }

  const running = Promise.all(lanes.map((producer, index) => run(queues[index] ?? [], producer)));
  // A refusal ends the run when it is awaited; until then it must not end the process.
  running.catch(() => {});
  return {
    async stop() {
      clearInterval(timer);
      stopping = true;
      await running;
    },
    waiting: () => queues.reduce((sum, queue) => sum + queue.length, 0),
  };
}

function outgoing({ topic, key, value, number }: SentMessage): OutgoingMessage {
  return { topic, key, value, headers: { [numberHeader]: [Buffer.from(String(number))] } };
}
