import { api, array, int8, int16, int32, string } from '../schema.js';

export const createAcls = api('CreateAcls', 30, [1, 3], 2, {
  request: {
    creations: array({
      resourceType: int8(),
      resourceName: string(),
      resourcePatternType: int8({ default: 3 }),
      principal: string(),
      host: string(),
      operation: int8(),
      permissionType: int8(),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    results: array({ errorCode: int16(), errorMessage: string({ nullable: 0 }) }),
  },
});
