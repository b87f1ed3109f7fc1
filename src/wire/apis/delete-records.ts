import { api, array, int16, int32, int64, string } from '../schema.js';

export const deleteRecords = api('DeleteRecords', 21, [0, 2], 2, {
  request: {
    topics: array({
      name: string(),
      /** Everything before `offset` goes; -1: up to the high watermark. */
      partitions: array({ partitionIndex: int32(), offset: int64() }),
    }),
    timeoutMs: int32(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    topics: array({
      name: string(),
      partitions: array({ partitionIndex: int32(), lowWatermark: int64(), errorCode: int16() }),
    }),
  },
});
