import { errorCodes } from '../../wire/error-codes.js';
import { ZERO_UUID } from '../../wire/schema.js';
import { serve } from '../server/request.js';

/** The log of Kafka's controllers. There is none here: what it would hold is in `topics.json`. */
const METADATA_TOPIC = '__cluster_metadata';

/** A quorum of one, as that of a Kafka of one node; `kafka-metadata-quorum` shows it. */
export const describeQuorum = serve('DescribeQuorum', [0, 2], ({ topics }, { client, apiVersion }, services) => {
  const { nodeId } = services;
  const now = services.now();
  const voter = {
    replicaId: nodeId,
    // Kafka's folders have ids; this is its word for none.
    replicaDirectoryId: ZERO_UUID,
    logEndOffset: 0,
    lastFetchTimestamp: now,
    lastCaughtUpTimestamp: now,
  };
  const { host, port } = services.addressFor(client.localHost);
  return {
    errorCode: 0,
    errorMessage: null,
    topics: topics.map(({ topicName, partitions }) => ({
      topicName,
      partitions: partitions.map(({ partitionIndex }) => {
        const known = topicName === METADATA_TOPIC && partitionIndex === 0;
        return {
          partitionIndex,
          errorCode: known ? 0 : errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
          errorMessage: known ? null : 'This server does not host this topic-partition.',
          leaderId: known ? nodeId : 0,
          leaderEpoch: known ? 1 : 0,
          highWatermark: 0,
          currentVoters: known ? [voter] : [],
          observers: [],
        };
      }),
    })),
    ...(apiVersion >= 2 ? { nodes: [{ nodeId, listeners: [{ name: 'CONTROLLER', host, port }] }] } : {}),
  };
});
