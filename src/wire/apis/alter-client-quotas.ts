import { api, array, bool, float64, int16, int32, string } from '../schema.js';

export const alterClientQuotas = api('AlterClientQuotas', 49, [0, 1], 1, {
  request: {
    entries: array({
      entity: array({ entityType: string(), entityName: string({ nullable: 0 }) }),
      ops: array({ key: string(), value: float64(), remove: bool() }),
    }),
    validateOnly: bool(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    entries: array({
      errorCode: int16(),
      errorMessage: string({ nullable: 0 }),
      entity: array({ entityType: string(), entityName: string({ nullable: 0 }) }),
    }),
  },
});
