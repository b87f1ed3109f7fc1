import { errorCodes } from '../../wire/error-codes.js';
import { serve } from '../server/request.js';

const NOTHING = Buffer.alloc(0);

export const listGroups = serve('ListGroups', [0, 5], ({ statesFilter, typesFilter }, _context, { groups }) => {
  const states = new Set(statesFilter.map((state) => state.toLowerCase()));
  const types = new Set(typesFilter.map((type) => type.toLowerCase()));
  const listed = [];
  for (const group of groups.groups.values()) {
    if (states.size > 0 && !states.has(group.state.toLowerCase())) continue;
    if (types.size > 0 && !types.has('classic')) continue;
    listed.push({
      groupId: group.groupId,
      protocolType: group.protocolType ?? '',
      groupState: group.state,
      groupType: 'classic',
    });
  }
  return { errorCode: 0, groups: listed };
});

export const describeGroups = serve('DescribeGroups', [0, 6], (body, { apiVersion }, { groups }) => ({
  groups: body.groups.map((groupId) => {
    const group = groups.groups.get(groupId);
    if (group === undefined) {
      // From version 6 on Kafka says that there is no such group; before, that it is dead.
      const newer = apiVersion >= 6;
      return {
        errorCode: newer ? errorCodes.GROUP_ID_NOT_FOUND : 0,
        errorMessage: newer ? `Group ${groupId} not found.` : null,
        groupId,
        groupState: 'Dead',
        protocolType: '',
        protocolData: '',
        members: [],
      };
    }
    const agreed = group.state === 'Stable';
    return {
      errorCode: 0,
      groupId,
      groupState: group.state,
      protocolType: group.protocolType ?? '',
      protocolData: agreed ? (group.protocolName ?? '') : '',
      members: [...group.members.values()].map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        memberMetadata: agreed ? member.metadataFor(group.protocolName) : NOTHING,
        memberAssignment: member.assignment,
      })),
    };
  }),
}));

export const deleteGroups = serve('DeleteGroups', [0, 2], async ({ groupsNames }, _context, { groups }) => ({
  results: await Promise.all(
    groupsNames.map(async (groupId) => ({ groupId, errorCode: errorCodes[await groups.deleteGroup(groupId)] })),
  ),
}));
