import { errorCodes } from '../../wire/error-codes.js';
import { errorCodeOf, errorMessageOf, KafkaError } from '../kafka-error.js';
import { deleteRecords as deleteRecordsOf } from '../log/retention.js';
import { serve } from '../server/request.js';
import type { Services } from '../services.js';
import { checkConfigs } from '../topics/check-configs.js';
import { topicConfigs } from '../topics/describe-configs.js';
import { inSlices } from '../topics/in-slices.js';
import type { Topic } from '../topics/topics.js';
import { findTopic, missingTopic } from './topic-ref.js';

interface NewTopic {
  readonly name: string;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly assignments: readonly { readonly partitionIndex: number; readonly brokerIds: readonly number[] }[];
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

/** As many files and handles as this would be a mistake of the client. @see Kafka: `ReplicationControlManager` */
const MAX_PARTITIONS_PER_REQUEST = 10_000;
const TOO_MANY = 'Excessively large number of partitions per request.';

export const createTopics = serve('CreateTopics', [2, 7], async ({ topics, validateOnly }, _context, services) => {
  if (partitionsAskedFor(topics, services.defaultPartitions) > MAX_PARTITIONS_PER_REQUEST) {
    const errorCode = errorCodes.POLICY_VIOLATION;
    return { topics: topics.map(({ name }) => ({ name, errorCode, errorMessage: TOO_MANY, configs: null })) };
  }
  const times = new Map<string, number>();
  for (const { name } of topics) times.set(name, (times.get(name) ?? 0) + 1);
  // Side by side they are written down together.
  return {
    topics: await inSlices(topics, (wanted) => createOne(wanted, times.get(wanted.name)! > 1, validateOnly, services)),
  };
});

function partitionsAskedFor(topics: readonly NewTopic[], byDefault: number): number {
  let sum = 0;
  for (const { numPartitions, assignments } of topics) {
    if (assignments.length > 0) sum += assignments.length;
    else sum += numPartitions === -1 ? byDefault : Math.max(0, numPartitions);
  }
  return sum;
}

async function createOne(wanted: NewTopic, repeated: boolean, validateOnly: boolean, services: Services) {
  const { name } = wanted;
  try {
    if (repeated) throw new KafkaError('INVALID_REQUEST', 'Duplicate topic name.');
    const partitions = partitionsOf(wanted, services);
    const configs = checkConfigs(wanted.configs);
    services.topics.checkCreate(name, partitions);
    const topic = validateOnly ? undefined : await services.topics.create(name, partitions, configs);
    return {
      name,
      ...(topic === undefined ? {} : { topicId: topic.id }),
      errorCode: 0,
      errorMessage: null,
      numPartitions: partitions,
      replicationFactor: 1,
      configs: topicConfigs(configs, services.topics).map(({ name: key, value, configSource }) => ({
        name: key,
        value,
        readOnly: false,
        configSource,
        isSensitive: false,
      })),
    };
  } catch (error) {
    return { name, errorCode: errorCodeOf(error), errorMessage: errorMessageOf(error), configs: null };
  }
}

/** How many partitions a new topic gets. In the words of Kafka's controller. */
function partitionsOf({ numPartitions, replicationFactor, assignments }: NewTopic, services: Services): number {
  if (assignments.length > 0) {
    if (replicationFactor !== -1) {
      throw new KafkaError(
        'INVALID_REQUEST',
        'A manual partition assignment was specified, but replication factor was not set to -1.',
      );
    }
    if (numPartitions !== -1) {
      throw new KafkaError(
        'INVALID_REQUEST',
        'A manual partition assignment was specified, but numPartitions was not set to -1.',
      );
    }
    checkAssignments(
      assignments.map(({ brokerIds }) => brokerIds),
      services,
    );
    const indexes = assignments.map(({ partitionIndex }) => partitionIndex).sort((a, b) => a - b);
    if (indexes.some((index, position) => index !== position)) {
      throw new KafkaError('INVALID_REPLICA_ASSIGNMENT', 'partitions should be a consecutive 0-based integer sequence');
    }
    return assignments.length;
  }
  if (replicationFactor < -1 || replicationFactor === 0) {
    throw new KafkaError(
      'INVALID_REPLICATION_FACTOR',
      'Replication factor must be larger than 0, or -1 to use the default value.',
    );
  }
  if (replicationFactor > 1) {
    throw new KafkaError(
      'INVALID_REPLICATION_FACTOR',
      `Unable to replicate the partition ${replicationFactor} time(s): The target replication factor of ` +
        `${replicationFactor} cannot be reached because only 1 broker(s) are registered.`,
    );
  }
  if (numPartitions < -1 || numPartitions === 0) {
    throw new KafkaError('INVALID_PARTITIONS', 'Number of partitions was set to an invalid non-positive value.');
  }
  return numPartitions === -1 ? services.defaultPartitions : numPartitions;
}

function checkAssignments(assignments: readonly (readonly number[])[], { nodeId }: Services): void {
  for (const brokerIds of assignments) {
    if (brokerIds.length === 0)
      throw new KafkaError(
        'INVALID_REPLICA_ASSIGNMENT',
        'The manual partition assignment includes an empty replica list.',
      );
    const other = brokerIds.find((id) => id !== nodeId);
    if (other !== undefined) {
      throw new KafkaError(
        'INVALID_REPLICA_ASSIGNMENT',
        `The manual partition assignment includes broker ${other}, but no such broker is registered.`,
      );
    }
    if (brokerIds.length > 1) {
      throw new KafkaError(
        'INVALID_REPLICA_ASSIGNMENT',
        `The manual partition assignment includes the broker ${nodeId} more than once.`,
      );
    }
  }
}

export const deleteTopics = serve('DeleteTopics', [1, 6], async (body, { apiVersion }, services) => {
  const wanted = apiVersion >= 6 ? body.topics : body.topicNames.map((name) => ({ name, topicId: '' }));
  const responses = await inSlices(wanted, async ({ name, topicId }) => {
    const topic = findTopic(services.topics, name, topicId);
    return {
      name: topic?.name ?? name,
      ...(topicId === '' ? {} : { topicId: topic?.id ?? topicId }),
      ...(await deleteOne(topic, name, topicId, services)),
    };
  });
  return { responses };
});

async function deleteOne(topic: Topic | undefined, name: string | null, topicId: string, services: Services) {
  if (topic === undefined) {
    const error = missingTopic(name, topicId);
    const errorMessage =
      error === 'UNKNOWN_TOPIC_ID'
        ? 'This server does not host this topic ID.'
        : 'This server does not host this topic-partition.';
    return { errorCode: errorCodes[error], errorMessage };
  }
  try {
    await services.topics.delete(topic.name);
    return { errorCode: 0 };
  } catch (error) {
    return { errorCode: errorCodeOf(error), errorMessage: errorMessageOf(error) };
  }
}

export const createPartitions = serve(
  'CreatePartitions',
  [0, 3],
  async ({ topics, validateOnly }, _context, services) => {
    const results = [];
    let left = MAX_PARTITIONS_PER_REQUEST;
    for (const { name, count, assignments } of topics) {
      try {
        if (topics.filter((topic) => topic.name === name).length > 1)
          throw new KafkaError('INVALID_REQUEST', 'Duplicate topic name.');
        const topic = services.topics.get(name);
        if (topic === undefined)
          throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', 'This server does not host this topic-partition.');
        const current = topic.partitions.length;
        if (count === current) throw new KafkaError('INVALID_PARTITIONS', `Topic already has ${current} partition(s).`);
        if (count < current) {
          throw new KafkaError(
            'INVALID_PARTITIONS',
            `The topic ${name} currently has ${current} partition(s); ${count} would not be an increase.`,
          );
        }
        if (assignments !== null) {
          if (assignments.length !== count - current) {
            throw new KafkaError(
              'INVALID_REPLICA_ASSIGNMENT',
              `Attempted to add ${count - current} additional partition(s), but only ${assignments.length} assignment(s) were specified.`,
            );
          }
          checkAssignments(
            assignments.map(({ brokerIds }) => brokerIds),
            services,
          );
        }
        left -= count - current;
        if (left < 0) throw new KafkaError('POLICY_VIOLATION', TOO_MANY);
        services.topics.checkRoom(count - current);
        if (!validateOnly) await services.topics.addPartitions(name, count);
        results.push({ name, errorCode: 0, errorMessage: null });
      } catch (error) {
        results.push({ name, errorCode: errorCodeOf(error), errorMessage: errorMessageOf(error) });
      }
    }
    return { results };
  },
);

export const deleteRecords = serve('DeleteRecords', [0, 2], async ({ topics }, _context, services) => ({
  topics: await Promise.all(
    topics.map(async ({ name, partitions }) => ({
      name,
      partitions: await Promise.all(
        partitions.map(async ({ partitionIndex, offset }) => {
          const failed = (errorCode: number) => ({ partitionIndex, lowWatermark: -1, errorCode });
          const log = services.topics.log(name, partitionIndex);
          if (log === undefined) return failed(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
          // Kafka: records of a topic that is only compacted are not deleted.
          if (!log.config.deletes) return failed(errorCodes.POLICY_VIOLATION);
          try {
            return { partitionIndex, lowWatermark: await deleteRecordsOf(log, offset), errorCode: 0 };
          } catch (error) {
            return failed(errorCodeOf(error));
          }
        }),
      ),
    })),
  ),
}));
