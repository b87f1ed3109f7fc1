import { errorCodes } from '../../wire/error-codes.js';
import type { OffsetEntry } from '../groups/offset-store.js';
import { errorCodeOf } from '../kafka-error.js';
import { serve } from '../server/request.js';
import type { Services } from '../services.js';
import { INTERNAL_TOPICS } from '../topics/topics.js';
import type { ProducerRef } from '../transactions/state.js';
import { fencedCode } from './fenced.js';
import { MAX_METADATA_BYTES } from './offsets.js';

interface TopicPartitions {
  readonly name: string;
  readonly partitions: readonly number[];
}

/** The error code of something that may fail; what should not happen ends the connection. */
async function outcome(action: () => Promise<void>, knowsFenced: boolean): Promise<number> {
  try {
    await action();
    return 0;
  } catch (error) {
    const errorCode = errorCodeOf(error);
    if (errorCode === errorCodes.UNKNOWN_SERVER_ERROR) throw error;
    return fencedCode(errorCode, knowsFenced);
  }
}

/** One transaction of a client up to version 3; several from version 4 on, which may only ask. */
export const addPartitionsToTxn = serve('AddPartitionsToTxn', [0, 5], async (body, { apiVersion }, services) => {
  if (apiVersion < 4) {
    const { v3AndBelowTransactionalId: id, v3AndBelowProducerId: producerId, v3AndBelowProducerEpoch: epoch } = body;
    const producer = { producerId, epoch };
    const results = await addPartitions(id, producer, body.v3AndBelowTopics, apiVersion >= 2, services);
    return { resultsByTopicV3AndBelow: results };
  }
  const resultsByTransaction = [];
  for (const { transactionalId, producerId, producerEpoch, verifyOnly, topics } of body.transactions) {
    const producer = { producerId, epoch: producerEpoch };
    const topicResults = verifyOnly
      ? verifyPartitions(transactionalId, producer, topics, services)
      : await addPartitions(transactionalId, producer, topics, true, services);
    resultsByTransaction.push({ transactionalId, topicResults });
  }
  return { errorCode: 0, resultsByTransaction };
});

async function addPartitions(
  transactionalId: string,
  producer: ProducerRef,
  topics: readonly TopicPartitions[],
  knowsFenced: boolean,
  services: Services,
) {
  const problem = (name: string, partition: number): number => {
    if (INTERNAL_TOPICS.has(name)) return errorCodes.TOPIC_AUTHORIZATION_FAILED;
    return services.topics.log(name, partition) === undefined ? errorCodes.UNKNOWN_TOPIC_OR_PARTITION : 0;
  };
  const results = topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({
      partitionIndex,
      partitionErrorCode: problem(name, partitionIndex),
    })),
  }));
  const refused = results.some((topic) => topic.resultsByPartition.some((one) => one.partitionErrorCode !== 0));
  const wanted = new Map<string, Set<number>>();
  for (const { name, partitions } of topics) wanted.set(name, new Set([...(wanted.get(name) ?? []), ...partitions]));
  // All of them or none.
  const errorCode = refused
    ? errorCodes.OPERATION_NOT_ATTEMPTED
    : await outcome(() => services.transactions.addPartitions(transactionalId, producer, wanted), knowsFenced);
  return results.map(({ name, resultsByPartition }) => ({
    name,
    resultsByPartition: resultsByPartition.map(({ partitionIndex, partitionErrorCode }) => ({
      partitionIndex,
      partitionErrorCode: partitionErrorCode === 0 ? errorCode : partitionErrorCode,
    })),
  }));
}

function verifyPartitions(
  transactionalId: string,
  producer: ProducerRef,
  topics: readonly TopicPartitions[],
  services: Services,
) {
  const verify = (name: string, partition: number): number => {
    try {
      services.transactions.verify(transactionalId, producer, name, partition, true);
      return 0;
    } catch (error) {
      const code = errorCodeOf(error);
      return code === errorCodes.INVALID_PRODUCER_EPOCH ? errorCodes.PRODUCER_FENCED : code;
    }
  };
  return topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({
      partitionIndex,
      partitionErrorCode: verify(name, partitionIndex),
    })),
  }));
}

export const addOffsetsToTxn = serve('AddOffsetsToTxn', [0, 4], async (body, { apiVersion }, { transactions }) => {
  const { transactionalId, producerId, producerEpoch } = body;
  const add = () => transactions.addOffsets(transactionalId, { producerId, epoch: producerEpoch });
  return { errorCode: await outcome(add, apiVersion >= 2) };
});

/** Version 5 would give each transaction an epoch of its own: `transaction.version` 2, which is not offered. */
export const endTxn = serve('EndTxn', [0, 4], async (body, { apiVersion }, { transactions }) => {
  const { transactionalId, producerId, producerEpoch, committed } = body;
  const end = () => transactions.end(transactionalId, { producerId, epoch: producerEpoch }, committed);
  return { errorCode: await outcome(end, apiVersion >= 2) };
});

/** Offsets of a group as part of a transaction: they count when it commits. */
export const txnOffsetCommit = serve('TxnOffsetCommit', [0, 4], async (body, { apiVersion, client }, services) => {
  const { transactionalId, groupId, producerId, producerEpoch } = body;
  const entries: OffsetEntry[] = [];
  const topics = body.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata }) => {
      const metadata = committedMetadata ?? '';
      let errorCode = 0;
      if (services.topics.log(name, partitionIndex) === undefined) errorCode = errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
      else if (Buffer.byteLength(metadata) > MAX_METADATA_BYTES) errorCode = errorCodes.OFFSET_METADATA_TOO_LARGE;
      else {
        const leaderEpoch = committedLeaderEpoch;
        entries.push({ topic: name, partition: partitionIndex, offset: committedOffset, leaderEpoch, metadata });
      }
      return { partitionIndex, errorCode };
    }),
  }));
  if (entries.length === 0) return { topics };
  const producer = { producerId, epoch: producerEpoch };
  const { generationId, memberId, groupInstanceId } = body;
  const refusal = services.groups.mayCommitInTransaction({
    ...{ groupId, generationId, memberId, groupInstanceId, connection: client },
  });
  const commit = async (): Promise<void> => {
    const log = await services.offsets.ready();
    // From here on nothing may come in between.
    services.transactions.verifyOffsets(transactionalId, producer, apiVersion >= 4);
    await services.offsets.commitInTransaction(log, groupId, producer, entries);
  };
  const failure = refusal === 'NONE' ? await outcome(commit, true) : errorCodes[refusal];
  return {
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, errorCode }) => ({
        partitionIndex,
        errorCode: errorCode === 0 ? failure : errorCode,
      })),
    })),
  };
});
