import { api, array, int16, int32, int64, string } from '../schema.js';

export const listTransactions = api('ListTransactions', 66, [0, 2], 0, {
  request: {
    stateFilters: array(string()),
    producerIdFilters: array(int64()),
    /** Only transactions that run for longer, in ms; -1: all. */
    durationFilter: int64({ since: 1, default: -1 }),
    transactionalIdPattern: string({ since: 2, nullable: 2, default: null }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    unknownStateFilters: array(string()),
    transactionStates: array({
      transactionalId: string(),
      producerId: int64(),
      transactionState: string(),
    }),
  },
});
