import { checkMetadata } from '../coordinator/groups.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { Reader } from '../protocol/wire.ts';
import { type Api, attemptFor, LEADER_EPOCH } from './api.ts';

const UNKNOWN_OPERATIONS = -(2 ** 31); // authorized operations: this broker has no authorization
const NO_COMMIT = { offset: -1, metadata: '' };

/** OffsetCommit: durable when answered; refused to those who are no member of the current generation. */
export const offsetCommit: Api = {
  key: 8,
  name: 'OffsetCommit',
  versions: [2, 7],
  handle({ groups, topics }, request, input, output) {
    const { version } = request;
    const group = input.string();
    const generation = input.int32();
    const memberId = input.string();
    if (version <= 4) input.int64(); // retention: commits are kept until they are deleted
    if (version >= 7) input.nullableString(); // group instance id: its members cannot have joined
    const wanted = input.array(() => ({ topic: input.string(), partitions: readOffsets(input, version >= 6) }));
    const allowed = attemptFor(request, () => groups.checkCommit(group, memberId, generation));
    const judged = wanted.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map((commit) => {
        const checked = attemptFor(request, () => {
          topics.partition(topic, commit.partition);
          checkMetadata({ topic, ...commit });
        });
        return { ...commit, code: allowed.code === ErrorCode.NONE ? checked.code : allowed.code };
      }),
    }));
    const commits = judged.flatMap(({ topic, partitions }) =>
      partitions
        .filter(({ code }) => code === ErrorCode.NONE)
        .map(({ partition, offset, metadata }) => ({ group, topic, partition, offset, metadata })),
    );
    const typeChanges = groups.offsets.typeChanges(group, groups.find(group)?.protocolType ?? '');
    const stored = attemptFor(request, () => groups.offsets.commit(commits, commits.length > 0 ? typeChanges : []));
    if (version >= 3) output.int32(0);
    output.array(judged, ({ topic, partitions }) => {
      output.string(topic).array(partitions, ({ partition, code }) => {
        output.int32(partition).int16(code === ErrorCode.NONE ? stored.code : code);
      });
    });
    return 'reply';
  },
};

/** OffsetFetch: a group's commits on the partitions asked for, or on all (-1 where there is none). */
export const offsetFetch: Api = {
  key: 9,
  name: 'OffsetFetch',
  versions: [1, 5],
  handle({ groups }, request, input, output) {
    const { version } = request;
    const group = input.string();
    const asked = input.nullableArray(() => ({
      topic: input.string(),
      partitions: input.array(() => input.int32()),
    }));
    const all = () =>
      [...groups.offsets.topicsOf(group)].map(({ topic, partitions }) => ({
        topic,
        partitions: [...partitions.keys()],
      }));
    const allowed = attemptFor(request, () => undefined);
    if (version >= 3) output.int32(0);
    output.array(asked ?? all(), ({ topic, partitions }) => {
      output.string(topic).array(partitions, (partition) => {
        const { offset, metadata } = groups.offsets.find(group, topic, partition) ?? NO_COMMIT;
        output.int32(partition).int64(offset);
        if (version >= 5) output.int32(offset < 0 ? -1 : LEADER_EPOCH);
        output.string(metadata).int16(allowed.code);
      });
    });
    if (version >= 2) output.int16(allowed.code);
    return 'reply';
  },
};

/** DescribeGroups: states and members; a group that does not exist is Dead. */
export const describeGroups: Api = {
  key: 15,
  name: 'DescribeGroups',
  versions: [0, 4],
  handle({ groups }, request, input, output) {
    const { version } = request;
    const names = input.array(() => input.string());
    if (version >= 1) output.int32(0);
    output.array(names, (name) => {
      const found = attemptFor(request, () => groups.find(name));
      const state = found.value?.state ?? (groups.offsets.has(name) ? 'Empty' : 'Dead');
      output.int16(found.code).string(name).string(state);
      output
        .string(found.value?.protocolType ?? groups.offsets.protocolTypeOf(name))
        .string(found.value?.protocol ?? '');
      output.array(found.value?.describe() ?? [], ({ memberId, clientId, clientHost, metadata, assignment }) => {
        output.string(memberId);
        if (version >= 4) output.string(null);
        output.string(clientId).string(clientHost).bytes(metadata).bytes(assignment);
      });
      if (version >= 3) output.int32(UNKNOWN_OPERATIONS);
    });
    return 'reply';
  },
};

/** ListGroups: all groups with members or commits. */
export const listGroups: Api = {
  key: 16,
  name: 'ListGroups',
  versions: [0, 2],
  handle({ groups }, request, _input, output) {
    const listed = attemptFor(request, () => [...groups.list()]);
    if (request.version >= 1) output.int32(0);
    output.int16(listed.code).array(listed.value ?? [], ({ groupId, protocolType }) => {
      output.string(groupId).string(protocolType);
    });
    return 'reply';
  },
};

/** DeleteGroups: the commits of groups without members. */
export const deleteGroups: Api = {
  key: 42,
  name: 'DeleteGroups',
  versions: [0, 1],
  handle({ groups }, request, input, output) {
    const names = input.array(() => input.string());
    output.int32(0).array(names, (name) => {
      const done = attemptFor(request, () => groups.delete(name));
      output.string(name).int16(done.code);
    });
    return 'reply';
  },
};

/** Reads the partitions of one topic of a commit: partition, offset, the leader epoch if there is one, metadata. */
export function readOffsets(
  input: Reader,
  withEpoch: boolean,
): { partition: number; offset: number; metadata: string | null }[] {
  return input.array(() => {
    const partition = input.int32();
    const offset = input.int64();
    if (withEpoch) input.int32();
    return { partition, offset, metadata: input.nullableString() };
  });
}
