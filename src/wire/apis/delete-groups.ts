import { api, array, int16, int32, string } from '../schema.js';

export const deleteGroups = api('DeleteGroups', 42, [0, 2], 2, {
  request: { groupsNames: array(string()) },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    results: array({ groupId: string(), errorCode: int16() }),
  },
});
