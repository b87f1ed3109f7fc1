import { api, array, bool, int8, int16, int32, string } from '../schema.js';

export const incrementalAlterConfigs = api('IncrementalAlterConfigs', 44, [0, 1], 1, {
  request: {
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      configs: array({
        name: string(),
        /** 0: set, 1: delete, 2: append, 3: subtract. */
        configOperation: int8(),
        value: string({ nullable: 0 }),
      }),
    }),
    validateOnly: bool(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    responses: array({
      errorCode: int16(),
      errorMessage: string({ nullable: 0 }),
      resourceType: int8(),
      resourceName: string(),
    }),
  },
});
