import { api, array, int16, string } from '../schema.js';

export const saslHandshake = api('SaslHandshake', 17, [0, 1], undefined, {
  request: { mechanism: string() },
  response: {
    errorCode: int16(),
    /** What the broker offers. */
    mechanisms: array(string()),
  },
});
