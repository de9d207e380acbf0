import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { DependencyError } from '../../../src/domain/dependency-error.ts';
import { asKafkaError, asksToRejoin, protocolTypes } from '../../../src/kafka/errors.ts';

const load = createRequire(import.meta.url);
const { createErrorFromCode } = load('kafkajs/src/protocol/error.js') as {
  createErrorFromCode(code: number): Error & { type: string };
};
/** The error classes with the arguments their constructors really take; kafkajs types only some of them. */
const kafkajs = load('kafkajs/src/errors.js') as {
  [Name in ErrorName]: new (
    ...args: unknown[]
  ) => Error;
};
type ErrorName =
  | 'KafkaJSNumberOfRetriesExceeded'
  | 'KafkaJSConnectionError'
  | 'KafkaJSConnectionClosedError'
  | 'KafkaJSGroupCoordinatorNotFound'
  | 'KafkaJSSASLAuthenticationError'
  | 'KafkaJSNotImplemented'
  | 'KafkaJSAggregateError';

/** What kafkajs throws when it has tried often enough. */
function retriesExceeded(cause: Error): Error {
  return new kafkajs.KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 5, retryTime: 1 });
}

function natureOf(error: unknown): string {
  const judged = asKafkaError(error, 'do it');
  return judged instanceof DependencyError ? judged.nature : 'none';
}

describe('protocol errors, by Kafka error code', () => {
  test.each([
    [5, 'LEADER_NOT_AVAILABLE'],
    [6, 'NOT_LEADER_FOR_PARTITION'],
    [7, 'REQUEST_TIMED_OUT'],
    [14, 'GROUP_LOAD_IN_PROGRESS'],
    [16, 'NOT_COORDINATOR_FOR_GROUP'],
    [19, 'NOT_ENOUGH_REPLICAS'],
    [25, 'UNKNOWN_MEMBER_ID'],
    [-1, 'UNKNOWN'],
  ])('%i %s passes', (code, type) => {
    const error = createErrorFromCode(code);
    expect(error.type).toBe(type);
    expect(natureOf(error)).toBe('transient');
    expect(natureOf(retriesExceeded(error))).toBe('transient');
  });

  test.each([
    [3, 'UNKNOWN_TOPIC_OR_PARTITION'],
    [10, 'MESSAGE_TOO_LARGE'],
    [17, 'INVALID_TOPIC_EXCEPTION'],
    [29, 'TOPIC_AUTHORIZATION_FAILED'],
    [30, 'GROUP_AUTHORIZATION_FAILED'],
    [31, 'CLUSTER_AUTHORIZATION_FAILED'],
    [38, 'INVALID_REPLICATION_FACTOR'],
    [44, 'POLICY_VIOLATION'],
    [58, 'SASL_AUTHENTICATION_FAILED'],
  ])('%i %s does not', (code, type) => {
    const error = createErrorFromCode(code);
    expect(error.type).toBe(type);
    expect(natureOf(error)).toBe('permanent');
    expect(natureOf(retriesExceeded(error))).toBe('permanent');
  });
});

describe('errors of the client', () => {
  test('a connection that is refused or cut passes', () => {
    expect(natureOf(new kafkajs.KafkaJSConnectionError('x', { broker: 'b:1', code: 'ECONNREFUSED' }))).toBe(
      'transient',
    );
    expect(natureOf(retriesExceeded(new kafkajs.KafkaJSConnectionClosedError('x', { host: 'b', port: 1 })))).toBe(
      'transient',
    );
    expect(natureOf(new kafkajs.KafkaJSGroupCoordinatorNotFound('x'))).toBe('transient');
  });

  test.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_HAS_EXPIRED', 'EPROTO'])(
    'a certificate problem (%s) does not',
    (code) => {
      expect(natureOf(retriesExceeded(new kafkajs.KafkaJSConnectionError('x', { broker: 'b:1', code })))).toBe(
        'permanent',
      );
    },
  );

  test.each([
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'KAFKA_SSL_CA_FILE'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'KAFKA_SSL_CA_FILE'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'KAFKA_BROKERS'],
    ['CERT_HAS_EXPIRED', 'expired'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'KAFKA_SSL'],
  ])('a certificate problem (%s) says what to do', (code, hint) => {
    const error = retriesExceeded(new kafkajs.KafkaJSConnectionError('x', { broker: 'b:1', code }));
    expect(asKafkaError(error, 'do it')).toMatchObject({ message: expect.stringContaining(hint) });
  });

  test('a wrong password and an unknown codec do not', () => {
    expect(natureOf(new kafkajs.KafkaJSSASLAuthenticationError('x'))).toBe('permanent');
    expect(natureOf(new kafkajs.KafkaJSNotImplemented('x'))).toBe('permanent');
  });

  test('the first of several refusals decides', () => {
    expect(natureOf(new kafkajs.KafkaJSAggregateError('x', [createErrorFromCode(44)]))).toBe('permanent');
  });
});

test('a defect stays what it is, whatever its text says', () => {
  const defect = new TypeError('ECONNREFUSED LEADER_NOT_AVAILABLE');
  expect(asKafkaError(defect, 'do it')).toBe(defect);
  expect(asKafkaError('not an error', 'do it')).toBe('not an error');
});

test('an error that is judged already is not judged again', () => {
  const judged = new DependencyError('mongodb', 'transient', 'away');
  expect(asKafkaError(judged, 'do it')).toBe(judged);
  expect(asKafkaError(retriesExceeded(judged), 'do it')).toBe(judged);
});

test('the sentence says what was attempted and what to do; the cause is kept', () => {
  const refused = retriesExceeded(createErrorFromCode(29));
  expect(asKafkaError(refused, 'send to koe.feedback.dlq.v1')).toMatchObject({
    message: expect.stringMatching(/send to koe\.feedback\.dlq\.v1.*grant.*TOPIC_AUTHORIZATION_FAILED/),
    cause: refused,
  });
});

test('causes that go round in a circle end', () => {
  const one = new Error('one');
  one.cause = new Error('two', { cause: one });
  expect(asKafkaError(one, 'do it')).toBe(one);
});

test('a rebalance is told by the protocol error', () => {
  expect(asksToRejoin(createErrorFromCode(27))).toBe(true);
  expect(asksToRejoin(retriesExceeded(createErrorFromCode(22)))).toBe(true);
  expect(asksToRejoin(createErrorFromCode(7))).toBe(false);
  expect(asksToRejoin(new Error('REBALANCE_IN_PROGRESS'))).toBe(false);
  expect(protocolTypes(createErrorFromCode(27))).toEqual(['REBALANCE_IN_PROGRESS']);
});
