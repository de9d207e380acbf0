import { ErrorCode } from '../protocol/errors.ts';
import type { Writer } from '../protocol/wire.ts';
import type { Api } from './api.ts';
import { alterConfigs, describeConfigs, incrementalAlterConfigs } from './configs.ts';
import { fetch } from './fetch.ts';
import { deleteGroups, describeGroups, listGroups, offsetCommit, offsetFetch } from './groups.ts';
import { findCoordinator, heartbeat, joinGroup, leaveGroup, syncGroup } from './membership.ts';
import { metadata } from './metadata.ts';
import { listOffsets, offsetForLeaderEpoch } from './offsets.ts';
import { produce } from './produce.ts';
import { createPartitions, createTopics, deleteRecords, deleteTopics } from './topics.ts';
import { addOffsetsToTxn, addPartitionsToTxn, endTxn, initProducerId, txnOffsetCommit } from './transactions.ts';

/** ApiVersions: what this broker answers. */
const apiVersions: Api = {
  key: 18,
  name: 'ApiVersions',
  versions: [0, 2],
  handle(_parts, { version, refusal }, _input, output) {
    writeApiVersions(output, version, refusal ?? ErrorCode.NONE);
    return 'reply';
  },
};

/** All request types by their key. Source: https://kafka.apache.org/protocol#protocol_api_keys */
export const API_TABLE: ReadonlyMap<number, Api> = new Map(
  [
    produce,
    fetch,
    listOffsets,
    metadata,
    offsetCommit,
    offsetFetch,
    findCoordinator,
    joinGroup,
    heartbeat,
    leaveGroup,
    syncGroup,
    describeGroups,
    listGroups,
    apiVersions,
    createTopics,
    deleteTopics,
    deleteRecords,
    initProducerId,
    offsetForLeaderEpoch,
    addPartitionsToTxn,
    addOffsetsToTxn,
    endTxn,
    txnOffsetCommit,
    describeConfigs,
    alterConfigs,
    createPartitions,
    deleteGroups,
    incrementalAlterConfigs,
  ].map((api) => [api.key, api]),
);

/**
 * Writes the body of an ApiVersions response.
 *
 * A client that asks in a version newer than ours gets version 0 with UNSUPPORTED_VERSION and the list, and asks
 * again (KIP-511).
 */
export function writeApiVersions(output: Writer, version: number, code: number): void {
  output.int16(code).array([...API_TABLE.values()], ({ key, versions: [lowest, highest] }) => {
    output.int16(key).int16(lowest).int16(highest);
  });
  if (version >= 1) output.int32(0);
}
