import { api, array, int8, int16, int32, string } from '../schema.js';

export const electLeaders = api('ElectLeaders', 43, [0, 2], 2, {
  request: {
    /** 0: preferred, 1: unclean. */
    electionType: int8({ since: 1 }),
    topicPartitions: array({ topic: string(), partitions: array(int32()) }, { nullable: 0 }),
    timeoutMs: int32({ default: 60000 }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16({ since: 1 }),
    replicaElectionResults: array({
      topic: string(),
      partitionResult: array({
        partitionId: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: 0 }),
      }),
    }),
  },
});
