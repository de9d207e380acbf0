import { type Channel, channels } from './labels.ts';

/** The Kafka topics of one installation, all with the configured prefix. */
export interface TopicNames {
  readonly feedback: Readonly<Record<Channel, string>>;
  readonly customerEvents: string;
  readonly enriched: string;
  readonly deadLetters: string;
  /** Changes of churn risk. */
  readonly churn: string;
  readonly alerts: string;
}

/** Names of the Kafka topics under a prefix such as `koe.`. */
export function topicNames(prefix: string): TopicNames {
  return {
    feedback: {
      chat: `${prefix}feedback.chat.v1`,
      review: `${prefix}feedback.review.v1`,
      survey: `${prefix}feedback.survey.v1`,
    },
    customerEvents: `${prefix}customer.event.v1`,
    enriched: `${prefix}feedback.enriched.v1`,
    deadLetters: `${prefix}feedback.dlq.v1`,
    churn: `${prefix}churn.v1`,
    alerts: `${prefix}alert.v1`,
  };
}

/** The topics that an enrich worker reads. */
export function inputTopics({ feedback, customerEvents }: TopicNames): string[] {
  return [...Object.values(feedback), customerEvents];
}

/** The channel whose raw feedback a Kafka topic carries, or undefined for any other topic. */
export function channelOfTopic(names: TopicNames, topic: string): Channel | undefined {
  return channels.find((channel) => names.feedback[channel] === topic);
}
