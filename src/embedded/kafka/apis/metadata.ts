import { ErrorCode, unknownPartition } from '../protocol/errors.ts';
import type { Topic } from '../storage/topics.ts';
import { type Api, attemptFor, LEADER_EPOCH, NODE_ID } from './api.ts';

const UNKNOWN_OPERATIONS = -(2 ** 31); // authorized operations: this broker has no authorization

/** Metadata: the broker, and the topics asked for (all when none are named); creates missing ones if it may. */
export const metadata: Api = {
  key: 3,
  name: 'Metadata',
  versions: [0, 8],
  handle(parts, request, input, output) {
    const { version } = request;
    const asked = input.nullableArray(() => input.string());
    const mayCreate = parts.autoCreateTopics && (version < 4 || input.boolean());
    const everything = asked === null || (version === 0 && asked.length === 0);
    const names = everything ? [...parts.topics.all()].map(({ name }) => name) : asked;
    const find = (name: string): Topic => {
      const known = parts.topics.find(name);
      if (known !== undefined) return known;
      if (!mayCreate) throw unknownPartition();
      return parts.topics.create(name, parts.defaultPartitions, []);
    };
    if (version >= 3) output.int32(0);
    output.array([request.advertised], ({ host, port }) => {
      output.int32(NODE_ID).string(host).int32(port);
      if (version >= 1) output.string(null);
    });
    if (version >= 2) output.string(parts.clusterId);
    if (version >= 1) output.int32(NODE_ID);
    output.array(names, (name) => {
      const found = attemptFor(request, () => find(name));
      output.int16(found.code).string(name);
      if (version >= 1) output.boolean(false);
      output.array([...(found.value?.partitions.keys() ?? [])], (partition) => {
        output.int16(ErrorCode.NONE).int32(partition).int32(NODE_ID);
        if (version >= 7) output.int32(LEADER_EPOCH);
        output.array([NODE_ID], (node) => output.int32(node));
        output.array([NODE_ID], (node) => output.int32(node));
        if (version >= 5) output.array([], () => {});
      });
      if (version >= 8) output.int32(UNKNOWN_OPERATIONS);
    });
    if (version >= 8) output.int32(UNKNOWN_OPERATIONS);
    return 'reply';
  },
};
