import { api, array, int8, int16, int32, int64, string } from '../schema.js';

export const listOffsets = api('ListOffsets', 2, [1, 11], 6, {
  request: {
    /** -1 for consumers. */
    replicaId: int32(),
    isolationLevel: int8({ since: 2, default: 0 }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        currentLeaderEpoch: int32({ since: 4, default: -1, ignorable: true }),
        /** Epoch ms, or -1 latest, -2 earliest, -3 the maximum timestamp, -4 and below: local and tiered ends. */
        timestamp: int64(),
      }),
    }),
    timeoutMs: int32({ since: 10, ignorable: true }),
  },
  response: {
    throttleTimeMs: int32({ since: 2, ignorable: true }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        timestamp: int64({ default: -1 }),
        offset: int64({ default: -1 }),
        leaderEpoch: int32({ since: 4, default: -1 }),
      }),
    }),
  },
});
