import { api, bytes, int16, int64, string } from '../schema.js';

export const saslAuthenticate = api('SaslAuthenticate', 36, [0, 2], 2, {
  request: { authBytes: bytes() },
  response: {
    errorCode: int16(),
    errorMessage: string({ nullable: 0 }),
    authBytes: bytes(),
    sessionLifetimeMs: int64({ since: 1, default: 0, ignorable: true }),
  },
});
