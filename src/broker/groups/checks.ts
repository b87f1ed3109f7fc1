import type { KafkaErrorName } from '../../wire/error-codes.js';
import type { Group } from './group.js';
import type { Member } from './member.js';
import type { MemberRef } from './requests.js';

type Groups = ReadonlyMap<string, Group>;

/** A member, with its group. */
export interface FoundMember {
  readonly group: Group;
  readonly member: Member;
}

/** The member that a request names, if it is one of the current generation; otherwise the error to answer. */
export function findMember(groups: Groups, request: MemberRef): FoundMember | KafkaErrorName {
  if (request.groupId === '') return 'INVALID_GROUP_ID';
  const group = groups.get(request.groupId);
  if (group === undefined) return 'UNKNOWN_MEMBER_ID';
  const fenced = fencing(group, request.memberId, request.groupInstanceId);
  if (fenced !== undefined) return fenced;
  const member = group.members.get(request.memberId);
  if (member === undefined) return 'UNKNOWN_MEMBER_ID';
  if (request.generationId !== group.generationId) return 'ILLEGAL_GENERATION';
  if (request.connection !== undefined) member.connection = request.connection;
  return { group, member };
}

/** What a static member is answered whose place another one has taken; undefined when all is well. */
export function fencing(group: Group, memberId: string, groupInstanceId: string | null): KafkaErrorName | undefined {
  if (groupInstanceId === null) return undefined;
  const current = group.instances.get(groupInstanceId);
  if (current === undefined) return 'UNKNOWN_MEMBER_ID';
  return current === memberId ? undefined : 'FENCED_INSTANCE_ID';
}

/** Whether a commit of offsets is in order: the member that commits, `NONE` for somebody who need not be one, or an error. */
export function checkCommit(groups: Groups, request: MemberRef): FoundMember | KafkaErrorName {
  const group = groups.get(request.groupId);
  if (request.generationId < 0) {
    // Clients that assign partitions themselves use a group for its offsets only.
    if (group === undefined || group.state === 'Empty') return 'NONE';
    if (request.memberId === '') return 'UNKNOWN_MEMBER_ID';
  }
  if (group === undefined) return 'ILLEGAL_GENERATION';
  const found = findMember(groups, request);
  if (typeof found === 'string') return found;
  return group.state === 'CompletingRebalance' ? 'REBALANCE_IN_PROGRESS' : found;
}

/**
 * Whether a commit of offsets in a transaction is in order. Older clients do not say which member they are; they are let
 * through, being fenced by their producer's epoch.
 *
 * @see Kafka: `ClassicGroup.validateOffsetCommit`, KIP-447
 */
export function checkTransactionCommit(groups: Groups, request: MemberRef): KafkaErrorName {
  const { groupId, generationId, memberId, groupInstanceId } = request;
  if (groupId === '') return 'INVALID_GROUP_ID';
  const group = groups.get(groupId);
  if (group === undefined) return generationId < 0 ? 'NONE' : 'ILLEGAL_GENERATION';
  if (generationId < 0 && (group.state === 'Empty' || (memberId === '' && groupInstanceId === null))) return 'NONE';
  const found = findMember(groups, request);
  return typeof found === 'string' ? found : 'NONE';
}
