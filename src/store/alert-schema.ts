import type { IndexDescription } from 'mongodb';
import { alertStatuses } from '../domain/alert.ts';
import { alertRuleKinds } from '../domain/alert-rule.ts';
import { churnBands } from '../domain/churn-change.ts';

/** The collections of alerting: what the server refuses, and the index behind each query. */
export const alertCollections: readonly {
  readonly name: string;
  readonly validator: object;
  readonly indexes: readonly IndexDescription[];
}[] = [
  {
    name: 'alerts',
    validator: {
      $jsonSchema: {
        bsonType: 'object',
        required: ['_id', 'id', 'tenant', 'rule', 'kind', 'subject', 'runs', 'status', 'beganAt', 'firedAt', 'history'],
        properties: {
          tenant: { bsonType: 'string' },
          kind: { enum: [...alertRuleKinds] },
          status: { enum: [...alertStatuses] },
          beganAt: { bsonType: 'date' },
          firedAt: { bsonType: 'date' },
          history: { bsonType: 'array' },
        },
      },
    },
    indexes: [
      { name: 'by_id', key: { tenant: 1, id: 1 } },
      { name: 'by_time', key: { tenant: 1, firedAt: -1 } },
      { name: 'by_beginning', key: { tenant: 1, beganAt: -1, id: -1 } },
      { name: 'by_incident', key: { tenant: 1, incident: 1 } },
      { name: 'by_status', key: { tenant: 1, status: 1, firedAt: -1 } },
      { name: 'unannounced', key: { unannounced: 1 } },
    ],
  },
  {
    name: 'alert_progress',
    validator: {
      $jsonSchema: {
        bsonType: 'object',
        required: ['_id', 'partitions', 'dueAt'],
        properties: { partitions: { bsonType: 'object' }, dueAt: { bsonType: 'date' } },
      },
    },
    indexes: [{ name: 'by_due', key: { dueAt: 1 } }],
  },
  {
    name: 'churn_changes',
    validator: {
      $jsonSchema: {
        bsonType: 'object',
        required: ['_id', 'tenant', 'customer', 'band', 'mrr', 'scoredAt'],
        properties: { band: { enum: [...churnBands] }, scoredAt: { bsonType: 'date' } },
      },
    },
    indexes: [
      { name: 'by_time', key: { tenant: 1, scoredAt: 1 } },
      { name: 'expiry', key: { scoredAt: 1 }, expireAfterSeconds: 400 * 86_400 },
    ],
  },
  {
    name: 'alert_rules',
    validator: { $jsonSchema: { bsonType: 'object', required: ['_id', 'tenant'] } },
    indexes: [{ name: 'by_tenant', key: { tenant: 1 } }],
  },
  {
    name: 'alert_calendar',
    validator: {
      $jsonSchema: {
        bsonType: 'object',
        required: ['_id', 'tenant', 'kind', 'from', 'until'],
        properties: {
          kind: { enum: ['campaign', 'maintenance'] },
          from: { bsonType: 'date' },
          until: { bsonType: 'date' },
        },
      },
    },
    indexes: [{ name: 'by_time', key: { tenant: 1, until: 1 } }],
  },
  {
    name: 'alert_deliveries',
    validator: {
      $jsonSchema: {
        bsonType: 'object',
        required: ['_id', 'tenant', 'channel', 'changes', 'status', 'dueAt', 'attempts'],
        properties: { status: { enum: ['waiting', 'sent', 'failed'] }, dueAt: { bsonType: 'date' } },
      },
    },
    indexes: [
      { name: 'by_due', key: { status: 1, dueAt: 1 } },
      { name: 'by_channel', key: { channel: 1, sentAt: -1 } },
    ],
  },
];
