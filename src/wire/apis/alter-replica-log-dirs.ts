import { api, array, int16, int32, string } from '../schema.js';

export const alterReplicaLogDirs = api('AlterReplicaLogDirs', 34, [1, 2], 2, {
  request: {
    dirs: array({
      path: string(),
      topics: array({ name: string(), partitions: array(int32()) }),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    results: array({
      topicName: string(),
      partitions: array({ partitionIndex: int32(), errorCode: int16() }),
    }),
  },
});
