import { DependencyError } from '../domain/dependency-error.ts';

/** One message that no broker takes, whatever it is sent with: larger than `max.message.bytes` of its topic. */
export class MessageTooLargeError extends DependencyError {
  readonly topic: string;
  /** Bytes of key, value and headers before compression. */
  readonly bytes: number;

  constructor(topic: string, bytes: number, options?: ErrorOptions) {
    super(
      'kafka',
      'permanent',
      `A message of ${bytes} bytes is larger than topic ${topic} accepts. Raise max.message.bytes of the topic.`,
      options,
    );
    this.name = 'MessageTooLargeError';
    this.topic = topic;
    this.bytes = bytes;
  }
}

/** Protocol errors that Kafka marks as final although they pass: elections, group moves, a broker's own trouble. */
const passingTypes: ReadonlySet<string> = new Set([
  'UNKNOWN',
  'BROKER_NOT_AVAILABLE',
  'STALE_CONTROLLER_EPOCH',
  'STALE_BROKER_EPOCH',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'REBALANCE_IN_PROGRESS',
  'MEMBER_ID_REQUIRED',
  'ILLEGAL_SASL_STATE',
  'OFFSET_OUT_OF_RANGE',
]);

/** Protocol errors that mean: this member no longer owns its partitions as it did, and has to join again. */
const rejoinTypes: ReadonlySet<string> = new Set([
  'REBALANCE_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
]);

const permanentNames: ReadonlySet<string> = new Set([
  'KafkaJSSASLAuthenticationError',
  'KafkaJSServerDoesNotSupportApiKey',
  'KafkaJSNotImplemented',
  'KafkaJSUnsupportedMagicByteInMessageSet',
]);

const transientNames: ReadonlySet<string> = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
  'KafkaJSStaleTopicMetadataAssignment',
  'KafkaJSTimeout',
  'KafkaJSLockTimeout',
]);

/** Node's error codes for a peer whose certificate or protocol is wrong: waiting does not mend those. */
const tlsCode =
  /^(ERR_TLS_|ERR_SSL_|CERT_|EPROTO$|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_(GET|VERIFY)_)/;

const unknownAuthority =
  "no trusted authority signed the broker's certificate: name the one that did in KAFKA_SSL_CA_FILE";

/** What the operator has to do, for the refusals that occur in practice. */
const advice: Readonly<Record<string, string>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'the topic does not exist: create it, or let koe create it',
  INVALID_TOPIC_EXCEPTION: 'the topic name is not allowed',
  TOPIC_AUTHORIZATION_FAILED: 'this user may not use the topic: grant READ, WRITE and DESCRIBE on it',
  GROUP_AUTHORIZATION_FAILED: 'this user may not use the consumer group: grant READ on it',
  CLUSTER_AUTHORIZATION_FAILED: 'this user may not create topics: grant CREATE, or create them yourself',
  SASL_AUTHENTICATION_FAILED: 'user name or password is wrong',
  KafkaJSSASLAuthenticationError: 'user name, password or SASL mechanism is wrong',
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  ERR_TLS_CERT_ALTNAME_INVALID: "the broker's certificate is for another name: use one of its names in KAFKA_BROKERS",
  CERT_HAS_EXPIRED: "the broker's certificate has expired: renew it",
  ERR_SSL_WRONG_VERSION_NUMBER: 'the broker does not speak TLS on this port: use another one, or unset KAFKA_SSL',
  KafkaJSNotImplemented: 'a batch is compressed with a codec that koe does not read',
};

/** The chain of an error's causes, the outermost first, without repeats. */
function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let at = error; at instanceof Error && !chain.includes(at); at = causeOf(at)) chain.push(at);
  return chain;
}

/** The cause of an error; for the aggregates kafkajs makes of several failures, the first of them. */
function causeOf(error: Error): unknown {
  const errors = (error as { errors?: unknown }).errors;
  return error.cause ?? (Array.isArray(errors) ? errors[0] : undefined);
}

function text(error: Error, property: 'type' | 'code'): string | undefined {
  const value = (error as { type?: unknown; code?: unknown })[property];
  return typeof value === 'string' ? value : undefined;
}

/** The protocol error types (such as `MESSAGE_TOO_LARGE`) in an error and its causes. */
export function protocolTypes(error: unknown): string[] {
  return causes(error).flatMap((cause) => text(cause, 'type') ?? []);
}

/** Whether the error says that the consumer has to join its group again. */
export function asksToRejoin(error: unknown): boolean {
  return protocolTypes(error).some((type) => rejoinTypes.has(type));
}

function natureOf(error: Error): 'transient' | 'permanent' | undefined {
  const type = text(error, 'type');
  if (type !== undefined) {
    // Kafka calls a missing topic retriable because metadata spreads slowly; kafkajs has waited for that already.
    if (type === 'UNKNOWN_TOPIC_OR_PARTITION') return 'permanent';
    if (passingTypes.has(type) || (error as { retriable?: unknown }).retriable === true) return 'transient';
    return 'permanent';
  }
  const code = text(error, 'code');
  if (code !== undefined && tlsCode.test(code)) return 'permanent';
  if (permanentNames.has(error.name)) return 'permanent';
  if (transientNames.has(error.name)) return 'transient';
  return undefined;
}

/**
 * Turns what kafkajs threw into a DependencyError, judged by class, protocol type and system code, never by its text.
 * What is neither (a defect of ours or of kafkajs) comes back as it is.
 *
 * @param doing what was attempted, as the middle of a sentence: `send to koe.feedback.dlq.v1`
 */
export function asKafkaError(error: unknown, doing: string): unknown {
  // The innermost cause that can be judged is the reason; what is around it tells of retries.
  for (const cause of causes(error).reverse()) {
    if (cause instanceof DependencyError) return cause;
    const nature = natureOf(cause);
    if (nature === undefined) continue;
    const type = text(cause, 'type') ?? text(cause, 'code') ?? cause.name;
    const hint = advice[type] ?? advice[cause.name] ?? cause.message;
    const verb = nature === 'transient' ? 'cannot' : 'refused to';
    return new DependencyError('kafka', nature, `Kafka ${verb} ${doing}: ${hint} (${type})`, { cause: error });
  }
  return error;
}
