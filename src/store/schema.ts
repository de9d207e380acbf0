import type { IndexDescription } from 'mongodb';
import { statuses } from '../domain/analysis.ts';
import { apiRoles } from '../domain/api-key.ts';
import { churnBands } from '../domain/churn-change.ts';
import { customerEventTypes } from '../domain/customer-event.ts';
import { channels, sentiments, topicIds } from '../domain/labels.ts';
import { alertCollections } from './alert-schema.ts';
import { turnCollection } from './turn-collection.ts';

interface CollectionSchema {
  readonly name: string;
  readonly validator: object;
  readonly indexes: readonly IndexDescription[];
}

const count = { bsonType: 'number', minimum: 0 };

/** koe's collections: what the server refuses, and the index behind each query. */
export const collections: readonly CollectionSchema[] = [
  {
    name: 'records',
    validator: {
      $jsonSchema: {
        bsonType: 'object',
        required: ['_id', 'tenant', 'id', 'revision', 'channel', 'occurredAt', 'receivedAt', 'text', 'status'],
        properties: {
          _id: { bsonType: 'string' },
          tenant: { bsonType: 'string' },
          id: { bsonType: 'string' },
          revision: count,
          channel: { enum: [...channels] },
          occurredAt: { bsonType: 'date' },
          receivedAt: { bsonType: 'date' },
          text: { bsonType: 'string' },
          status: { enum: [...statuses] },
          sentiment: { bsonType: 'object', properties: { label: { enum: [...sentiments] } } },
          topics: { bsonType: 'array', items: { bsonType: 'object', properties: { id: { enum: [...topicIds] } } } },
        },
      },
    },
    indexes: [
      // With `_id`, so that pages in the order of time and id are read off the index and not sorted.
      { name: 'by_time_and_id', key: { tenant: 1, occurredAt: -1, _id: -1 } },
      { name: 'by_topic_and_id', key: { tenant: 1, 'topics.id': 1, occurredAt: -1, _id: -1 } },
      { name: 'by_band', key: { bands: 1, occurredAt: 1, id: 1 } },
      { name: 'by_customer', key: { tenant: 1, customer: 1, occurredAt: -1 } },
      { name: 'by_conversation', key: { tenant: 1, 'conversation.id': 1 } },
      { name: 'by_survey', key: { tenant: 1, 'survey.metric': 1, occurredAt: -1 } },
    ],
  },
  {
    name: 'rollups',
    validator: {
      $jsonSchema: {
        bsonType: 'object',
        required: ['_id', 'tenant', 'hour', 'marked', 'computed', 'stale', 'rows'],
        properties: {
          tenant: { bsonType: 'string' },
          hour: { bsonType: 'date' },
          marked: count,
          computed: count,
          stale: { bsonType: 'bool' },
          rows: { bsonType: 'array' },
        },
      },
    },
    indexes: [
      { name: 'by_hour', key: { tenant: 1, hour: 1 } },
      { name: 'by_staleness', key: { stale: 1, hour: -1 } },
    ],
  },
  {
    name: 'customer_events',
    validator: {
      $jsonSchema: {
        bsonType: 'object',
        required: ['_id', 'tenant', 'customer', 'occurredAt', 'receivedAt', 'type'],
        properties: {
          _id: { bsonType: 'string' },
          tenant: { bsonType: 'string' },
          customer: { bsonType: 'string' },
          occurredAt: { bsonType: 'date' },
          receivedAt: { bsonType: 'date' },
          type: { enum: [...customerEventTypes] },
        },
      },
    },
    indexes: [{ name: 'by_customer', key: { tenant: 1, customer: 1, occurredAt: -1 } }],
  },
  {
    name: 'api_keys',
    validator: {
      $jsonSchema: {
        bsonType: 'object',
        required: ['_id', 'tenant', 'role', 'name', 'digest', 'createdAt'],
        properties: {
          _id: { bsonType: 'string' },
          tenant: { bsonType: 'string' },
          role: { enum: [...apiRoles] },
          name: { bsonType: 'string' },
          digest: { bsonType: 'string' },
          createdAt: { bsonType: 'date' },
          revokedAt: { bsonType: 'date' },
        },
      },
    },
    indexes: [],
  },
  {
    name: 'churn_risks',
    validator: {
      $jsonSchema: {
        bsonType: 'object',
        required: ['_id', 'tenant', 'customer', 'hash', 'scoredAt', 'risk', 'band', 'mrr', 'changes'],
        properties: {
          _id: { bsonType: 'string' },
          tenant: { bsonType: 'string' },
          customer: { bsonType: 'string' },
          hash: count,
          scoredAt: { bsonType: 'date' },
          risk: { bsonType: 'number', minimum: 0, maximum: 1 },
          band: { enum: [...churnBands] },
          mrr: count,
          changes: count,
        },
      },
    },
    indexes: [
      { name: 'by_risk_and_id', key: { tenant: 1, risk: -1, _id: 1 } },
      { name: 'by_hash', key: { tenant: 1, hash: 1 } },
    ],
  },
  {
    name: 'models_churn',
    validator: {
      $jsonSchema: {
        bsonType: 'object',
        required: ['_id', 'tenant', 'version', 'fittedAt', 'kind', 'intercept', 'weights', 'means'],
        properties: {
          _id: { bsonType: 'string' },
          tenant: { bsonType: 'string' },
          version: count,
          fittedAt: { bsonType: 'date' },
          kind: { enum: ['fitted'] },
        },
      },
    },
    indexes: [{ name: 'by_version', key: { tenant: 1, version: -1 } }],
  },
  {
    name: 'replies',
    validator: {
      $jsonSchema: {
        bsonType: 'object',
        required: ['_id', 'digest', 'answer', 'at'],
        properties: { _id: { bsonType: 'string' }, digest: { bsonType: 'string' }, at: { bsonType: 'date' } },
      },
    },
    indexes: [{ name: 'expiry', key: { at: 1 }, expireAfterSeconds: 86_400 }],
  },
  {
    name: 'dead_letters',
    validator: {
      $jsonSchema: {
        bsonType: 'object',
        required: ['_id', 'status', 'by', 'at', 'claim'],
        properties: {
          _id: { bsonType: 'string' },
          status: { enum: ['redriving', 'redriven', 'dropped'] },
          by: { bsonType: 'string' },
          at: { bsonType: 'date' },
          claim: { bsonType: 'string' },
          leaseUntil: { bsonType: 'date' },
        },
      },
    },
    indexes: [],
  },
  {
    name: 'dictionaries',
    validator: {
      $jsonSchema: {
        bsonType: 'object',
        required: ['_id', 'tenant', 'version', 'words', 'synonyms', 'by', 'at'],
        properties: {
          _id: { bsonType: 'string' },
          tenant: { bsonType: 'string' },
          version: count,
          words: { bsonType: 'array' },
          synonyms: { bsonType: 'array' },
          by: { bsonType: 'string' },
          at: { bsonType: 'date' },
          from: count,
        },
      },
    },
    indexes: [{ name: 'by_version', key: { tenant: 1, version: -1 } }],
  },
  {
    name: 'rewrites',
    validator: {
      $jsonSchema: {
        bsonType: 'object',
        required: ['_id', 'records'],
        properties: { _id: { bsonType: 'string' }, records: { bsonType: 'array', items: { bsonType: 'string' } } },
      },
    },
    indexes: [],
  },
  turnCollection,
  ...alertCollections,
];
