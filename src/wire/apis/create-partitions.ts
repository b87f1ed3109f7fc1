import { api, array, bool, int16, int32, string } from '../schema.js';

export const createPartitions = api('CreatePartitions', 37, [0, 3], 2, {
  request: {
    topics: array({
      name: string(),
      /** The new total, not the increase. */
      count: int32(),
      assignments: array({ brokerIds: array(int32()) }, { nullable: 0 }),
    }),
    timeoutMs: int32(),
    validateOnly: bool(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    results: array({
      name: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: 0, default: null }),
    }),
  },
});
