import { api, array, bytes, int8, int16, int32, string } from '../schema.js';

export const alterUserScramCredentials = api('AlterUserScramCredentials', 51, [0, 0], 0, {
  request: {
    deletions: array({ name: string(), mechanism: int8() }),
    upsertions: array({
      name: string(),
      mechanism: int8(),
      iterations: int32(),
      salt: bytes(),
      saltedPassword: bytes(),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    results: array({ user: string(), errorCode: int16(), errorMessage: string({ nullable: 0 }) }),
  },
});
