import { errorCodes } from '../../wire/error-codes.js';
import { ZERO_UUID } from '../../wire/schema.js';
import { serve } from '../server/request.js';
import type { Services } from '../services.js';
import type { Topic } from '../topics/topics.js';

/** Kafka: `max.request.partition.size.limit`. */
const MOST_PARTITIONS = 2000;

/**
 * What `kafka-topics --describe` asks for: topics in the order of their names, a page of partitions at a time. No topics
 * at all means every one.
 */
export const describeTopicPartitions = serve('DescribeTopicPartitions', [0, 0], (body, _context, services) => {
  const { cursor } = body;
  const all = body.topics.length === 0;
  const asked = all ? [...services.topics.all()].map(({ name }) => name) : body.topics.map(({ name }) => name);
  const names = [...new Set(asked)].sort().filter((name) => cursor === null || name >= cursor.topicName);
  let left = Math.max(1, Math.min(body.responsePartitionLimit, MOST_PARTITIONS));
  const topics = [];
  for (const name of names) {
    const topic = services.topics.get(name);
    if (topic === undefined) {
      topics.push(missing(name));
      continue;
    }
    const from = name === cursor?.topicName ? Math.max(0, cursor.partitionIndex) : 0;
    const to = Math.min(topic.partitions.length, from + left);
    if (left > 0) topics.push(describe(topic, from, to, services));
    left -= Math.max(0, to - from);
    if (to < topic.partitions.length) return { topics, nextCursor: { topicName: name, partitionIndex: to } };
  }
  return { topics, nextCursor: null };
});

function missing(name: string) {
  const errorCode = errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  return { errorCode, name, topicId: ZERO_UUID, isInternal: false, partitions: [] };
}

function describe(topic: Topic, from: number, to: number, { nodeId }: Services) {
  const nodes = [nodeId];
  return {
    errorCode: 0,
    name: topic.name,
    topicId: topic.id,
    isInternal: topic.internal,
    partitions: Array.from({ length: Math.max(0, to - from) }, (_, i) => ({
      errorCode: 0,
      partitionIndex: from + i,
      leaderId: nodeId,
      leaderEpoch: 0,
      replicaNodes: nodes,
      isrNodes: nodes,
      eligibleLeaderReplicas: [],
      lastKnownElr: [],
    })),
  };
}
