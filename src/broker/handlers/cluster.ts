import { errorCodes } from '../../wire/error-codes.js';
import { serve } from '../server/request.js';

const BROKERS = 1;

export const describeCluster = serve('DescribeCluster', [0, 2], ({ endpointType }, { client }, services) => {
  if (endpointType !== BROKERS) {
    const errorMessage = 'This endpoint type is not served: ask for brokers.';
    return { errorCode: errorCodes.MISMATCHED_ENDPOINT_TYPE, errorMessage, clusterId: '', brokers: [] };
  }
  const { host, port } = services.addressFor(client.localHost);
  return {
    errorCode: 0,
    clusterId: services.clusterId,
    controllerId: services.nodeId,
    brokers: [{ brokerId: services.nodeId, host, port, isFenced: false }],
  };
});

/** Consumers ask after a change of leaders, of which there are none here: all that is written has epoch 0. */
export const offsetForLeaderEpoch = serve('OffsetForLeaderEpoch', [2, 4], ({ topics }, _context, services) => ({
  topics: topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition, currentLeaderEpoch, leaderEpoch }) => {
      const log = services.topics.log(topic, partition);
      if (log === undefined) return { partition, errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION };
      if (currentLeaderEpoch > 0) return { partition, errorCode: errorCodes.UNKNOWN_LEADER_EPOCH };
      if (leaderEpoch !== 0) return { partition, errorCode: 0, leaderEpoch: -1, endOffset: -1 };
      return { partition, errorCode: 0, leaderEpoch: 0, endOffset: log.endOffset };
    }),
  })),
}));
