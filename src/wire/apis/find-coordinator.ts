import { api, array, int8, int16, int32, string } from '../schema.js';

/** One key up to version 3, several from version 4 on. */
export const findCoordinator = api('FindCoordinator', 10, [0, 6], 3, {
  request: {
    key: string({ until: 3 }),
    /** 0: group, 1: transaction, 2: share. */
    keyType: int8({ since: 1, default: 0 }),
    coordinatorKeys: array(string(), { since: 4 }),
  },
  response: {
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    errorCode: int16({ until: 3 }),
    errorMessage: string({ since: 1, until: 3, nullable: 1, ignorable: true }),
    nodeId: int32({ until: 3 }),
    host: string({ until: 3 }),
    port: int32({ until: 3 }),
    coordinators: array(
      {
        key: string(),
        nodeId: int32(),
        host: string(),
        port: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: 4, ignorable: true }),
      },
      { since: 4 },
    ),
  },
});
