import { api, array, bool, bytes, int16, int32, string } from '../schema.js';

export const joinGroup = api('JoinGroup', 11, [0, 9], 6, {
  request: {
    groupId: string(),
    sessionTimeoutMs: int32(),
    /** -1 (version 0): the session timeout. */
    rebalanceTimeoutMs: int32({ since: 1, default: -1, ignorable: true }),
    /** Empty for a member that joins for the first time. */
    memberId: string(),
    groupInstanceId: string({ since: 5, nullable: 5, default: null }),
    protocolType: string(),
    protocols: array({ name: string(), metadata: bytes() }),
    reason: string({ since: 8, nullable: 8, default: null, ignorable: true }),
  },
  response: {
    throttleTimeMs: int32({ since: 2, ignorable: true }),
    errorCode: int16(),
    generationId: int32({ default: -1 }),
    protocolType: string({ since: 7, nullable: 7, default: null, ignorable: true }),
    protocolName: string({ nullable: 7 }),
    leader: string(),
    skipAssignment: bool({ since: 9, default: false }),
    memberId: string(),
    /** Filled for the leader only. */
    members: array({
      memberId: string(),
      groupInstanceId: string({ since: 5, nullable: 5, default: null, ignorable: true }),
      metadata: bytes(),
    }),
  },
});
