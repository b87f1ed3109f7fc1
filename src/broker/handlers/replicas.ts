import { errorCodes } from '../../wire/error-codes.js';
import { serve } from '../server/request.js';
import type { Services } from '../services.js';

/*
 * What tools ask about replicas. There is one of each partition, here: nothing can be moved, and no other leader elected.
 * The answers and their words are those of a Kafka of one node.
 */

export const listPartitionReassignments = serve('ListPartitionReassignments', [0, 0], () => ({
  errorCode: 0,
  errorMessage: null,
  topics: [],
}));

export const alterPartitionReassignments = serve(
  'AlterPartitionReassignments',
  [0, 1],
  ({ topics }, _context, services) => ({
    errorCode: 0,
    errorMessage: null,
    responses: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, replicas }) => ({
        partitionIndex,
        ...reassigned(name, partitionIndex, replicas, services),
      })),
    })),
  }),
);

function reassigned(name: string, partition: number, replicas: readonly number[] | null, services: Services) {
  const answer = (error: keyof typeof errorCodes, errorMessage: string | null) => ({
    errorCode: errorCodes[error],
    errorMessage,
  });
  const topic = services.topics.get(name);
  if (topic === undefined) return answer('UNKNOWN_TOPIC_OR_PARTITION', `Unable to find a topic named ${name}.`);
  if (topic.partitions[partition] === undefined) {
    return answer('UNKNOWN_TOPIC_OR_PARTITION', `Unable to find partition ${name}:${partition}.`);
  }
  if (replicas === null) return answer('NO_REASSIGNMENT_IN_PROGRESS', null);
  const refuse = (why: string) =>
    answer('INVALID_REPLICA_ASSIGNMENT', `The manual partition assignment includes ${why}`);
  if (replicas.length === 0) return refuse('an empty replica list.');
  const twice = replicas.find((id, index) => replicas.indexOf(id) !== index);
  if (twice !== undefined) return refuse(`the broker ${twice} more than once.`);
  const other = replicas.find((id) => id !== services.nodeId);
  if (other !== undefined) return refuse(`broker ${other}, but no such broker is registered.`);
  return answer('NONE', null);
}

export const electLeaders = serve('ElectLeaders', [0, 2], ({ topicPartitions }, _context, { topics }) => {
  // Null: all partitions, of which Kafka lists those only where there was something to elect.
  const wanted = topicPartitions ?? [...topics.all()].map(({ name }) => ({ topic: name, partitions: [] }));
  return {
    errorCode: 0,
    replicaElectionResults: wanted.map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions.map((partitionId) => {
        const found = topics.get(topic);
        const unknown = found === undefined ? `topic as ${topic}` : `partition as ${topic}-${partitionId}`;
        if (found?.partitions[partitionId] === undefined) {
          const errorCode = errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
          return { partitionId, errorCode, errorMessage: `No such ${unknown}` };
        }
        const errorMessage = 'Leader election not needed for topic partition.';
        return { partitionId, errorCode: errorCodes.ELECTION_NOT_NEEDED, errorMessage };
      }),
    })),
  };
});

export const describeLogDirs = serve('DescribeLogDirs', [1, 5], async (body, _context, services) => {
  const { topics, logDir, diskSpace } = services;
  const all = [...topics.all()].map(({ name, partitions }) => ({ topic: name, partitions: [...partitions.keys()] }));
  const described = [];
  for (const { topic, partitions } of body.topics ?? all) {
    const logs = partitions.flatMap((partitionIndex) => {
      const log = topics.log(topic, partitionIndex);
      return log === undefined ? [] : [{ partitionIndex, partitionSize: log.size, offsetLag: 0, isFutureKey: false }];
    });
    if (logs.length > 0) described.push({ name: topic, partitions: logs });
  }
  return { errorCode: 0, results: [{ errorCode: 0, logDir, topics: described, ...(await diskSpace()) }] };
});
