import { api, array, int8, int16, int32, string } from '../schema.js';

export const listConfigResources = api('ListConfigResources', 74, [0, 1], 0, {
  request: { resourceTypes: array(int8(), { since: 1 }) },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    configResources: array({
      resourceName: string(),
      /** 16: client metrics. */
      resourceType: int8({ since: 1, default: 16, ignorable: true }),
    }),
  },
});
