import { api, array, bool, int8, int16, int32, string } from '../schema.js';

export const alterConfigs = api('AlterConfigs', 33, [0, 2], 2, {
  request: {
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      /** What is not listed goes back to its default. */
      configs: array({ name: string(), value: string({ nullable: 0 }) }),
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
