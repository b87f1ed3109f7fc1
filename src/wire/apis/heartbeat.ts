import { api, int16, int32, string } from '../schema.js';

export const heartbeat = api('Heartbeat', 12, [0, 4], 4, {
  request: {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string({ since: 3, nullable: 3, default: null }),
  },
  response: {
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    errorCode: int16(),
  },
});
