import { hostname } from 'node:os';
import { type FoundBroker, isAlive } from '../connection/brokers.js';
import { CLIENT_ID, openClient } from '../connection/client.js';
import type { Node } from '../connection/cluster.js';

/** Members of groups that live in this process, and how many joins of a group are under way in it. */
export const OUR_MEMBERS = new Set<string>();
export const JOINING = new Map<string, number>();

/**
 * Throws members out of a group whose process is gone: a kernel that was killed. Without this the group would wait for
 * them until their session has run out. Only processes of this machine with our own kind of client id can be told dead.
 * Anybody may send LeaveGroup for a member, in Kafka too.
 */
export async function removeDead(coordinator: Node, groupId: string): Promise<void> {
  const { groups } = await coordinator.describeGroups({ groupIds: [groupId] });
  for (const { memberId, clientId } of groups[0]?.members ?? []) {
    if (isDead(clientId) || isLeftover(groupId, memberId, clientId)) {
      await coordinator.leaveGroup({ groupId, memberId }).catch(() => {});
    }
  }
}

/** Whether a member is a leftover of this very process: of a cell that was interrupted while it joined. */
function isLeftover(groupId: string, memberId: string, clientId: string): boolean {
  return clientId === CLIENT_ID && !OUR_MEMBERS.has(memberId) && (JOINING.get(groupId) ?? 0) === 0;
}

function isDead(clientId: string): boolean {
  const [kind, host, pid] = clientId.split(':');
  return kind === 'streambook' && host === hostname() && pid !== undefined && !isAlive(Number(pid));
}

/** The client ids of a group's members, without one of them. Asks over a connection of its own. */
export async function holdersOf(found: FoundBroker, groupId: string, without: string): Promise<string[]> {
  const client = await openClient(found);
  try {
    const admin = client.kafka.admin();
    await admin.connect();
    const { groups } = await admin.describeGroups([groupId]);
    const others = (groups[0]?.members ?? []).filter(({ memberId }) => memberId !== without);
    return [...new Set(others.map(({ clientId }) => `\`${clientId}\``))];
  } finally {
    client.cut();
  }
}
