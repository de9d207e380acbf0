import { z } from 'zod';
import { alertChangeSchema } from '../../src/domain/alert.ts';
import { churnChangeSchema } from '../../src/domain/churn-change.ts';
import { customerEventSchema } from '../../src/domain/customer-event.ts';
import { feedbackSchema } from '../../src/domain/feedback.ts';
import { channels } from '../../src/domain/labels.ts';
import { recordSchema } from '../../src/domain/record.ts';
import { rejectCodes } from '../../src/domain/reject-code.ts';
import { topicNames } from '../../src/domain/topics.ts';
import { deadLetterHeaders } from '../../src/kafka/dead-letter.ts';
import { packageVersion } from '../../src/runtime/package-root.ts';

const names = topicNames('koe.');
const ref = (path: string) => ({ $ref: `#/${path}` });
const text = (description: string) => ({ type: 'string', description });

/** Raw feedback as it may be sent; the example of the document. */
export const feedbackExample = {
  id: 'r-1',
  tenant: 'shop',
  channel: 'review',
  occurredAt: '2026-11-20T10:00:00+09:00',
  text: '電池がすぐ切れます。',
  customerId: 'c-42',
  rating: { value: 2, min: 1, max: 5 },
  attributes: { product: 'A-110' },
};

/**
 * koe's Kafka topics as an AsyncAPI document in JSON, with the default prefix and from koe's point of view: it
 * receives raw feedback and sends enriched records, changes of churn risk and of alerts, and dead letters.
 *
 * Source: AsyncAPI Specification 3.0.0; Kafka bindings 0.5.0.
 */
export function asyncApi(): string {
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'koe',
      version: packageVersion(),
      description:
        'Streaming voice of the customer for Japanese. Topics begin with KOE_TOPIC_PREFIX, `koe.` unless set. Delivery is at least once; order is kept per key within a partition.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: {
      ...Object.fromEntries(channels.map((channel) => [`feedback.${channel}`, feedbackTopic(channel)])),
      'customer.event': {
        address: names.customerEvents,
        description: 'What customers do besides speaking; the same id again replaces an event.',
        messages: { customerEvent: ref('components/messages/customerEvent') },
      },
      churn: {
        address: names.churn,
        description: 'Customers whose risk of leaving moved to another band; again under the same id after a fault.',
        messages: { churnChange: ref('components/messages/churnChange') },
      },
      alert: {
        address: names.alerts,
        description:
          'Every change of an alert with the alert as it is after it; again under the same id after a fault.',
        messages: { alertChange: ref('components/messages/alertChange') },
      },
      'feedback.enriched': {
        address: names.enriched,
        description: 'What was stored, once more after a fault: keep the latest per key.',
        messages: { record: ref('components/messages/record') },
      },
      'feedback.dlq': {
        address: names.deadLetters,
        description: 'Messages that could not be read, byte for byte: personal data is not masked here.',
        messages: { deadLetter: ref('components/messages/deadLetter') },
      },
    },
    operations: {
      ...Object.fromEntries(
        channels.map((channel) => [`receive.${channel}`, operation('receive', `feedback.${channel}`)]),
      ),
      'receive.customer.event': operation('receive', 'customer.event'),
      'send.churn': operation('send', 'churn'),
      'send.alert': operation('send', 'alert'),
      'send.enriched': operation('send', 'feedback.enriched'),
      'send.dlq': operation('send', 'feedback.dlq'),
    },
    components: {
      messages: {
        feedback: feedbackMessage,
        feedbackEvent,
        customerEvent: customerEventMessage,
        record: recordMessage,
        churnChange: churnChangeMessage,
        alertChange: alertChangeMessage,
        deadLetter: deadLetterMessage,
      },
      schemas: {
        ...schemaOf(feedbackSchema),
        ...schemaOf(customerEventSchema),
        ...schemaOf(recordSchema),
        ...schemaOf(churnChangeSchema),
        ...schemaOf(alertChangeSchema),
      },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function feedbackTopic(channel: (typeof channels)[number]) {
  return {
    address: names.feedback[channel],
    description: `Raw feedback whose field channel is ${channel}.`,
    messages: {
      feedback: ref('components/messages/feedback'),
      feedbackEvent: ref('components/messages/feedbackEvent'),
    },
  };
}

function operation(action: 'receive' | 'send', channel: string) {
  return { action, channel: ref(`channels/${channel}`) };
}

function key(description: string) {
  return { kafka: { key: text(description), bindingVersion: '0.5.0' } };
}

/** A schema under its own name, in draft 7, of which AsyncAPI's schemas are a superset. */
function schemaOf(schema: z.ZodType): object {
  const { definitions = {} } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  // Where they point to one another, it is to where AsyncAPI keeps them.
  return JSON.parse(JSON.stringify(definitions).replaceAll('"#/definitions/', '"#/components/schemas/'));
}

const feedbackKey = key('tenant/conversation, else tenant/customer, else tenant/id: what shall stay in order.');

const feedbackMessage = {
  title: 'Raw feedback',
  summary: 'One utterance of one customer as JSON, optionally a CloudEvent 1.0 in binary mode.',
  bindings: feedbackKey,
  headers: {
    type: 'object',
    description: 'Only in the binary mode of CloudEvents; then id and occurredAt default to ce_id and ce_time.',
    properties: {
      ce_specversion: { const: '1.0' },
      ce_id: text('Identifier of the event.'),
      ce_source: text('Where it happened.'),
      ce_type: text('Kind of the event; any.'),
      ce_time: text('When it happened, RFC 3339.'),
    },
  },
  payload: ref('components/schemas/koe.feedback.v1'),
  examples: [{ name: 'review', payload: feedbackExample }],
};

const feedbackEvent = {
  title: 'Raw feedback as an event',
  summary: 'A CloudEvent 1.0 in structured mode.',
  contentType: 'application/cloudevents+json',
  bindings: feedbackKey,
  payload: {
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', 'data'],
    properties: {
      specversion: { const: '1.0' },
      id: text('Identifier of the event.'),
      source: text('Where it happened.'),
      type: text('Kind of the event; any.'),
      time: text('When it happened, RFC 3339.'),
      data: { type: 'object', description: 'Raw feedback; id and occurredAt default to id and time of the event.' },
    },
  },
};

const recordMessage = {
  title: 'Enriched record',
  summary: 'Feedback with sentiment, topics, intents and emotion; personal data masked, the customer a pseudonym.',
  bindings: key('tenant/id.'),
  payload: ref('components/schemas/koe.feedback.enriched.v1'),
};

const customerEventMessage = {
  title: 'Customer event',
  summary: 'Something that a customer did: signed up, bought, renewed, cancelled, used.',
  bindings: key('tenant/customer.'),
  payload: ref('components/schemas/koe.customer.event.v1'),
};

const churnChangeMessage = {
  title: 'Change of churn risk',
  summary: 'The new band of a customer with the reasons; the customer is a pseudonym.',
  bindings: key('tenant/customer.'),
  payload: ref('components/schemas/koe.churn.v1'),
};

const alertChangeMessage = {
  title: 'Change of an alert',
  summary: 'What happened to an alert, by whom, and the alert with its evidence.',
  bindings: key('tenant/alert.'),
  payload: ref('components/schemas/koe.alert.v1'),
};

const headerNames = deadLetterHeaders;
const deadLetterMessage = {
  title: 'Dead letter',
  summary: 'The original key, value and headers, plus why, where from and when.',
  contentType: 'application/octet-stream',
  bindings: key('The original key.'),
  headers: {
    type: 'object',
    required: Object.values(headerNames),
    properties: {
      [headerNames.code]: { type: 'string', enum: Object.keys(rejectCodes) },
      [headerNames.detail]: text('Names the field.'),
      [headerNames.step]: text('Step of the pipeline that rejected it.'),
      [headerNames.at]: text('When, RFC 3339 in UTC.'),
      [headerNames.sourceTopic]: text('Topic it was read from.'),
      [headerNames.sourcePartition]: text('Partition it was read from.'),
      [headerNames.sourceOffset]: text('Offset it was read from.'),
      [headerNames.sourceTimestamp]: text('Its time in Kafka, milliseconds since 1970.'),
      [headerNames.redriveCount]: text('How often it has been put back to its topic.'),
    },
  },
  payload: { description: 'The original value; any bytes.' },
};
