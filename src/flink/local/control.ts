import { setTimeout as delay } from 'node:timers/promises';
import { StreambookError } from '../../core/errors.js';
import { end, isRunning, kill, type Member, memoryOf } from './process.js';
import { slotsAt, taskManager, until } from './start.js';
import { type ClusterState, readState, removeState, writeState } from './state.js';

/** One process of a cluster, as it is now. */
export interface MemberStatus extends Member {
  readonly running: boolean;
  /** Resident memory in bytes, where the system says. */
  readonly memory?: number;
}

/** Ends all processes of a cluster. @returns whether any of them ran */
export async function stopLocalCluster(stateFile: string): Promise<boolean> {
  const state = readState(stateFile);
  if (state === undefined) return false;
  const running = (await statusOf(state)).some((member) => member.running);
  await end(state.members, state.id);
  removeState(stateFile);
  return running;
}

/** What has become of a cluster's processes. */
export function statusOf(state: ClusterState): Promise<MemberStatus[]> {
  return Promise.all(
    state.members.map(async (member) => {
      const running = await isRunning(member.pid, state.id);
      const memory = running ? await memoryOf(member.pid) : undefined;
      return { ...member, running, ...(memory === undefined ? {} : { memory }) };
    }),
  );
}

/** Ends the TaskManager at once, as a crash would. @returns its pid */
export async function killTaskManager(stateFile: string): Promise<number> {
  const { state, member } = await taskManagerOf(stateFile);
  if (!(await isRunning(member.pid, state.id))) {
    throw new StreambookError('no-task-manager', 'the TaskManager does not run', {
      hint: '`streambook cluster start-taskmanager` starts one',
    });
  }
  kill(member.pid);
  while (await isRunning(member.pid, state.id)) await delay(20);
  return member.pid;
}

/** Starts a TaskManager in place of one that has ended, and waits until its slots are there. */
export async function startTaskManager(stateFile: string): Promise<number> {
  const { state, member } = await taskManagerOf(stateFile);
  if (await isRunning(member.pid, state.id)) {
    throw new StreambookError('task-manager-running', 'the TaskManager runs', { where: `pid ${member.pid}` });
  }
  const started = await taskManager(state, 1);
  const members = state.members.map((one) => (one === member ? started : one));
  writeState(stateFile, { ...state, members });
  await until(
    'TaskManager',
    async () => {},
    async () => (await slotsAt(state.jobManager)) >= state.slots,
  );
  return started.pid;
}

async function taskManagerOf(stateFile: string): Promise<{ state: ClusterState; member: Member }> {
  const state = readState(stateFile);
  const member = state?.members.find(({ name }) => name.startsWith('taskmanager'));
  if (state !== undefined && member !== undefined) return { state, member };
  throw new StreambookError('no-cluster', 'no cluster was started here', {
    where: stateFile,
    hint: '`streambook cluster start` starts one',
  });
}
