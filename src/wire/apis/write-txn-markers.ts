import { api, array, bool, int8, int16, int32, int64, string } from '../schema.js';

/** From broker to broker. */
export const writeTxnMarkers = api('WriteTxnMarkers', 27, [1, 2], 1, {
  request: {
    markers: array({
      producerId: int64(),
      producerEpoch: int16(),
      /** True: commit. */
      transactionResult: bool(),
      topics: array({ name: string(), partitionIndexes: array(int32()) }),
      coordinatorEpoch: int32(),
      transactionVersion: int8({ since: 2, default: 0, ignorable: true }),
    }),
  },
  response: {
    markers: array({
      producerId: int64(),
      topics: array({
        name: string(),
        partitions: array({ partitionIndex: int32(), errorCode: int16() }),
      }),
    }),
  },
});
