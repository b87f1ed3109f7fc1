import { api, int16, int32, int64, string } from '../schema.js';

export const addOffsetsToTxn = api('AddOffsetsToTxn', 25, [0, 4], 3, {
  request: {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    groupId: string(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
  },
});
