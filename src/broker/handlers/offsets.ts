import { errorCodes } from '../../wire/error-codes.js';
import type { OffsetEntry } from '../groups/offset-store.js';
import { isSubscribed } from '../groups/subscription.js';
import { errorCodeOf } from '../kafka-error.js';
import { serve } from '../server/request.js';
import type { Services } from '../services.js';
import { findTopic, missingTopic } from './topic-ref.js';

/** Kafka: `offset.metadata.max.bytes`. */
export const MAX_METADATA_BYTES = 4096;

export const offsetCommit = serve('OffsetCommit', [2, 10], async (body, { client }, services) => {
  const { groupId } = body;
  const refusal = services.groups.mayCommit({
    groupId,
    generationId: body.generationIdOrMemberEpoch,
    memberId: body.memberId,
    groupInstanceId: body.groupInstanceId,
    connection: client,
  });
  const entries: OffsetEntry[] = [];
  const topics = body.topics.map(({ name, topicId, partitions }) => {
    const topic = findTopic(services.topics, name, topicId);
    return {
      name,
      topicId,
      partitions: partitions.map((partition) => {
        const { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata } = partition;
        const metadata = committedMetadata ?? '';
        let errorCode: number = errorCodes[refusal];
        if (errorCode === 0) {
          if (topic === undefined) errorCode = errorCodes[missingTopic(name, topicId)];
          else if (topic.partitions[partitionIndex] === undefined) errorCode = errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
          else if (Buffer.byteLength(metadata) > MAX_METADATA_BYTES) errorCode = errorCodes.OFFSET_METADATA_TOO_LARGE;
          else {
            const leaderEpoch = committedLeaderEpoch;
            entries.push({
              topic: topic.name,
              partition: partitionIndex,
              offset: committedOffset,
              leaderEpoch,
              metadata,
            });
          }
        }
        return { partitionIndex, errorCode };
      }),
    };
  });
  if (entries.length === 0) return { topics };
  try {
    await services.offsets.commit(groupId, entries);
    return { topics };
  } catch (error) {
    // What was to be written was not: everything that looked well has failed.
    const errorCode = errorCodeOf(error);
    const failed = (code: number) => (code === 0 ? errorCode : code);
    return {
      topics: topics.map((topic) => ({
        ...topic,
        partitions: topic.partitions.map((one) => ({ ...one, errorCode: failed(one.errorCode) })),
      })),
    };
  }
});

/** The offsets of one group, asked for by names, by ids, or (null) all. */
function fetchGroup(
  groupId: string,
  topics: readonly { name: string; topicId?: string; partitionIndexes: readonly number[] }[] | null,
  requireStable: boolean,
  services: Services,
) {
  const wanted =
    topics ??
    [...(services.offsets.offsetsOf(groupId) ?? [])].map(([name, partitions]) => ({
      name,
      topicId: services.topics.get(name)?.id ?? '',
      partitionIndexes: [...partitions.keys()],
    }));
  return wanted.map(({ name, topicId = '', partitionIndexes }) => {
    const byId = name === '' && topicId !== '';
    const topic = byId ? services.topics.withId(topicId) : undefined;
    const errorCode = byId && topic === undefined ? errorCodes.UNKNOWN_TOPIC_ID : 0;
    return {
      name: topic?.name ?? name,
      ...(topicId === '' ? {} : { topicId }),
      partitions: partitionIndexes.map((partitionIndex) => {
        const topicName = topic?.name ?? name;
        const unstable = requireStable && services.offsets.pending.has(groupId, topicName, partitionIndex);
        const committed = unstable ? undefined : services.offsets.get(groupId, topicName, partitionIndex);
        return {
          partitionIndex,
          committedOffset: committed?.offset ?? -1,
          committedLeaderEpoch: committed?.leaderEpoch ?? -1,
          metadata: committed?.metadata ?? '',
          errorCode: unstable ? errorCodes.UNSTABLE_OFFSET_COMMIT : errorCode,
        };
      }),
    };
  });
}

export const offsetFetch = serve('OffsetFetch', [1, 10], (body, { apiVersion }, services) => {
  const { requireStable } = body;
  if (apiVersion < 8) return { topics: fetchGroup(body.groupId, body.topics, requireStable, services), errorCode: 0 };
  return {
    groups: body.groups.map(({ groupId, topics }) => ({
      groupId,
      topics: fetchGroup(groupId, topics, requireStable, services),
      errorCode: 0,
    })),
  };
});

export const offsetDelete = serve('OffsetDelete', [0, 0], async ({ groupId, topics }, _context, services) => {
  if (groupId === '') return { errorCode: errorCodes.INVALID_GROUP_ID, topics: [] };
  const group = services.groups.groups.get(groupId);
  if (group === undefined) return { errorCode: errorCodes.GROUP_ID_NOT_FOUND, topics: [] };
  const empty = group.state === 'Empty';
  // Of others than consumers we cannot know what they read.
  if (!empty && group.protocolType !== 'consumer') return { errorCode: errorCodes.NON_EMPTY_GROUP, topics: [] };
  const inUse = new Set(topics.flatMap(({ name }) => (!empty && isSubscribed(group, name) ? [name] : [])));
  await services.offsets.deleteOffsets(
    groupId,
    topics.flatMap(({ name, partitions }) =>
      inUse.has(name) ? [] : partitions.map(({ partitionIndex }) => ({ topic: name, partition: partitionIndex })),
    ),
  );
  return {
    errorCode: 0,
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: deletion(services.topics.log(name, partitionIndex) !== undefined, inUse.has(name)),
      })),
    })),
  };
});

function deletion(exists: boolean, inUse: boolean): number {
  if (!exists) return errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  return inUse ? errorCodes.GROUP_SUBSCRIBED_TO_TOPIC : 0;
}
