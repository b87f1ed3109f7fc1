import { api, array, bool, float64, int8, int16, int32, string } from '../schema.js';

export const describeClientQuotas = api('DescribeClientQuotas', 48, [0, 1], 1, {
  request: {
    components: array({
      entityType: string(),
      /** 0: exact, 1: the default entity, 2: any. */
      matchType: int8(),
      match: string({ nullable: 0 }),
    }),
    strict: bool(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: 0 }),
    entries: array(
      {
        entity: array({ entityType: string(), entityName: string({ nullable: 0 }) }),
        values: array({ key: string(), value: float64() }),
      },
      { nullable: 0 },
    ),
  },
});
