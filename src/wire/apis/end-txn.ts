import { api, bool, int16, int32, int64, string } from '../schema.js';

export const endTxn = api('EndTxn', 26, [0, 5], 3, {
  request: {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    /** False: abort. */
    committed: bool(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    /** From `transaction.version` 2 on every transaction gets a new epoch. */
    producerId: int64({ since: 5, default: -1, ignorable: true }),
    producerEpoch: int16({ since: 5, default: -1, ignorable: true }),
  },
});
