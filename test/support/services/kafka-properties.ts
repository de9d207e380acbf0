/** A user whom the secure listener lets in. */
export interface KafkaUser {
  readonly name: string;
  readonly password: string;
}

/** What differs from broker to broker. */
export interface KafkaPlace {
  /** Folder of its data. */
  readonly storage: string;
  /** Ports on the loopback: without any security, with TLS and SCRAM, and of the controller. */
  readonly plain: number;
  readonly secure: number;
  readonly controller: number;
  /** PEM file with key and certificate of the secure listener; absent while storage is formatted. */
  readonly certificate?: string;
}

/** The `server.properties` of a broker that is its own controller, of Kafka 3.9 and 4.x, quick rather than large. */
export function kafkaProperties(place: KafkaPlace): string {
  const { storage, plain, secure, controller, certificate } = place;
  const listeners = `PLAIN://127.0.0.1:${plain},SECURE://127.0.0.1:${secure}`;
  const properties: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAIN',
    listeners: `${listeners},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': listeners,
    'listener.security.protocol.map': 'PLAIN:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT',
    'listener.name.secure.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'listener.name.secure.scram-sha-512.sasl.jaas.config':
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    ...(certificate !== undefined && {
      'listener.name.secure.ssl.keystore.type': 'PEM',
      'listener.name.secure.ssl.keystore.location': certificate,
    }),
    'log.dirs': storage,
    'auto.create.topics.enable': false,
    'group.initial.rebalance.delay.ms': 0,
    // One node has to do everything, and little of it.
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 1,
    'log.cleaner.dedupe.buffer.size': 4_194_304,
    // A transaction over its time is looked for every 10 s by default; tests do not wait that long.
    'transaction.abort.timed.out.transaction.cleanup.interval.ms': 500,
    // A start after SIGKILL waits for the old registration to lapse: 9 s by default.
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
