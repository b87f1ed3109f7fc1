import { errorCodes } from '../../wire/error-codes.js';
import { serve } from '../server/request.js';

const BROKERS = 1;
const CONTROLLERS = 2;
/** What may be done to a cluster: all that there is, as a bit field. */
const ALL_OPERATIONS = 8096;

export const describeCluster = serve('DescribeCluster', [0, 2], (body, { client }, services) => {
  const { endpointType } = body;
  if (endpointType !== BROKERS) {
    const known = endpointType === CONTROLLERS;
    return {
      errorCode: known ? errorCodes.MISMATCHED_ENDPOINT_TYPE : errorCodes.UNSUPPORTED_ENDPOINT_TYPE,
      errorMessage: known
        ? 'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER'
        : `Unsupported endpoint type ${endpointType}`,
      clusterId: '',
      brokers: [],
    };
  }
  const { host, port } = services.addressFor(client.localHost);
  return {
    errorCode: 0,
    clusterId: services.clusterId,
    controllerId: services.nodeId,
    brokers: [{ brokerId: services.nodeId, host, port, isFenced: false }],
    ...(body.includeClusterAuthorizedOperations ? { clusterAuthorizedOperations: ALL_OPERATIONS } : {}),
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
