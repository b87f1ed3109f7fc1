import { errorCodes } from '../../wire/error-codes.js';
import { serve } from '../server/request.js';

/** JoinGroup, SyncGroup, Heartbeat and LeaveGroup: the classic group protocol. */

export const joinGroup = serve('JoinGroup', [0, 9], async (body, { apiVersion, clientId, client }, { groups }) => {
  const result = await groups.join({
    groupId: body.groupId,
    memberId: body.memberId,
    groupInstanceId: body.groupInstanceId,
    clientId,
    clientHost: client.host,
    sessionTimeoutMs: body.sessionTimeoutMs,
    rebalanceTimeoutMs: body.rebalanceTimeoutMs < 0 ? body.sessionTimeoutMs : body.rebalanceTimeoutMs,
    protocolType: body.protocolType,
    // Kept for as long as the member is there, unlike the frame they are views into.
    protocols: body.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
    requireKnownMemberId: apiVersion >= 4,
    connection: client,
  });
  const { error, protocolName } = result;
  return {
    errorCode: errorCodes[error],
    generationId: result.generationId,
    protocolType: result.protocolType,
    protocolName: apiVersion >= 7 ? protocolName : (protocolName ?? ''),
    // An older leader cannot be told to keep the assignment: it does not learn that it leads, and does not assign.
    leader: result.skipAssignment && apiVersion < 9 ? '' : result.leader,
    skipAssignment: apiVersion >= 9 && result.skipAssignment,
    memberId: result.memberId,
    members: result.skipAssignment && apiVersion < 9 ? [] : result.members,
  };
});

export const syncGroup = serve('SyncGroup', [0, 5], async (body, { client }, { groups }) => {
  const { error, protocolType, protocolName, assignment } = await groups.sync({ ...body, connection: client });
  return { errorCode: errorCodes[error], protocolType, protocolName, assignment };
});

export const heartbeat = serve('Heartbeat', [0, 4], (body, { client }, { groups }) => ({
  errorCode: errorCodes[groups.heartbeat({ ...body, connection: client })],
}));

export const leaveGroup = serve('LeaveGroup', [0, 5], (body, { apiVersion }, { groups }) => {
  if (body.groupId === '') return { errorCode: errorCodes.INVALID_GROUP_ID, members: [] };
  if (apiVersion < 3) return { errorCode: errorCodes[groups.leave(body.groupId, body.memberId, null)], members: [] };
  return {
    errorCode: 0,
    members: body.members.map(({ memberId, groupInstanceId }) => ({
      memberId,
      groupInstanceId,
      errorCode: errorCodes[groups.leave(body.groupId, memberId, groupInstanceId)],
    })),
  };
});
