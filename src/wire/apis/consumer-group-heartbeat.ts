import { api, array, int16, int32, string, struct, uuid } from '../schema.js';

/** The one request of the groups of KIP-848. */
export const consumerGroupHeartbeat = api('ConsumerGroupHeartbeat', 68, [0, 1], 0, {
  request: {
    groupId: string(),
    memberId: string(),
    /** 0: join, -1: leave, -2: a static member leaves for a while. */
    memberEpoch: int32(),
    instanceId: string({ nullable: 0, default: null }),
    rackId: string({ nullable: 0, default: null }),
    rebalanceTimeoutMs: int32({ default: -1 }),
    subscribedTopicNames: array(string(), { nullable: 0, default: null }),
    subscribedTopicRegex: string({ since: 1, nullable: 1, default: null }),
    serverAssignor: string({ nullable: 0, default: null }),
    topicPartitions: array({ topicId: uuid(), partitions: array(int32()) }, { nullable: 0, default: null }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: 0, default: null }),
    memberId: string({ nullable: 0, default: null }),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    assignment: struct(
      { topicPartitions: array({ topicId: uuid(), partitions: array(int32()) }) },
      { nullable: 0, default: null },
    ),
  },
});
