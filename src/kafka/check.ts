import type { KafkaConnection } from './connection.ts';

/** What a Kafka cluster says of itself. */
export interface KafkaCheck {
  readonly clusterId: string;
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
  /** Node id of the controller, or `null` while there is none. */
  readonly controller: number | null;
  /** Names of the topics this user may see, sorted; internal ones left out. */
  readonly topics: readonly string[];
  /** Milliseconds from the first connection attempt to the last answer. */
  readonly tookMs: number;
}

/**
 * Connects to Kafka and asks what is there.
 *
 * @throws DependencyError with the sentence an operator needs when it cannot be reached or refuses
 */
export async function checkKafka(connection: KafkaConnection): Promise<KafkaCheck> {
  const begun = performance.now();
  return await connection.admin('describe the cluster', async (admin) => {
    const cluster = await admin.describeCluster();
    const topics = await admin.listTopics();
    return {
      clusterId: cluster.clusterId,
      brokers: cluster.brokers.map(({ nodeId, host, port }) => ({ nodeId, host, port })),
      controller: cluster.controller,
      topics: topics.filter((topic) => !topic.startsWith('__')).sort(),
      tookMs: Math.round(performance.now() - begun),
    };
  });
}
