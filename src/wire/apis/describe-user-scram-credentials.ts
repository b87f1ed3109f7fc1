import { api, array, int8, int16, int32, string } from '../schema.js';

export const describeUserScramCredentials = api('DescribeUserScramCredentials', 50, [0, 0], 0, {
  request: {
    /** Null: all. */
    users: array({ name: string() }, { nullable: 0 }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: 0 }),
    results: array({
      user: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: 0 }),
      /** Mechanism 1: SCRAM-SHA-256, 2: SCRAM-SHA-512. */
      credentialInfos: array({ mechanism: int8(), iterations: int32() }),
    }),
  },
});
