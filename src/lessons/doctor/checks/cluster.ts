import { findCluster } from '../../../flink/find-cluster.js';
import { javaVersionIn } from '../../../flink/local/java.js';
import { isRunning } from '../../../flink/local/process.js';
import { javaProgram } from '../../../flink/local/programs.js';
import { type ClusterState, findState } from '../../../flink/local/state.js';
import { getJson, runProgram, textIn } from '../ask.js';
import type { Finding, Probe } from '../report.js';

const group = 'A cluster, if you want one';
const START =
  '`npx streambook cluster start` starts one; so does `docker compose up -d --wait` in a clone of the project.';

/** The oldest Java that Flink is started with. */
const JAVA = 17;

export const clusterProbes: readonly Probe[] = [
  { name: 'Docker', group, needed: false, look: docker },
  { name: 'Java', group, needed: false, look: (limit) => java(limit) },
  { name: 'streambook cluster', group, needed: false, look: async () => ownCluster(findState()) },
  { name: 'Flink JobManager', group, needed: false, look: (limit) => jobManager(limit, findState()?.jobManager) },
  { name: 'Flink SQL Gateway', group, needed: false, look: (limit) => sqlGateway(limit, findCluster()) },
];

async function docker(limit: AbortSignal): Promise<Finding> {
  const [said, compose] = await Promise.all([
    runProgram('docker', ['version', '--format', '{{json .}}'], limit),
    runProgram('docker', ['compose', 'version', '--short'], limit),
  ]);
  if (said.missing) {
    return { verdict: 'absent', detail: 'not installed', mend: 'To have one: https://docs.docker.com/get-docker' };
  }
  return dockerFinding(said, compose.code === 0 ? compose.stdout.trim() : undefined);
}

/** @param compose the version of Docker Compose, if it is there */
export function dockerFinding(said: { stdout: string; stderr: string }, compose: string | undefined): Finding {
  const client = versionIn(said.stdout, 'Client');
  const engine = versionIn(said.stdout, 'Server');
  const version = engine ?? client;
  const known = version === undefined ? {} : { version };
  if (engine === undefined) {
    const refused = /permission denied/i.test(said.stderr);
    return {
      verdict: 'absent',
      ...known,
      detail: refused ? 'installed, but you may not use its engine' : 'installed, but its engine does not answer',
      mend: refused
        ? 'On Linux `sudo usermod -aG docker $USER`, then log in again.'
        : 'Start Docker Desktop; on Linux `sudo systemctl start docker`.',
    };
  }
  if (compose !== undefined) return { verdict: 'fine', ...known, detail: `its engine answers; Compose ${compose}` };
  return {
    verdict: 'note',
    ...known,
    detail: 'its engine answers, but Compose is missing',
    mend: 'Install the Compose plugin: https://docs.docker.com/compose/install',
  };
}

function versionIn(json: string, part: 'Client' | 'Server'): string | undefined {
  try {
    const { [part]: value } = JSON.parse(json) as Record<string, unknown>;
    return textIn(value, 'Version');
  } catch {
    return undefined;
  }
}

async function java(limit: AbortSignal): Promise<Finding> {
  return javaFinding(await runProgram(javaProgram(process.env), ['-version'], limit), process.env.JAVA_HOME);
}

/** @param home JAVA_HOME, which goes before the PATH */
export function javaFinding(said: { stdout: string; stderr: string; code: number | null }, home?: string): Finding {
  const output = said.stderr + said.stdout;
  const version = /version "([^"]+)"/.exec(output)?.[1];
  const mend = `Install Java ${JAVA}: https://adoptium.net, \`sudo apt install openjdk-${JAVA}-jre-headless\`, or \`brew install openjdk@${JAVA}\`.`;
  const from = home ? ` (JAVA_HOME, ${home})` : '';
  if (said.code !== 0 || version === undefined) {
    return { verdict: 'absent', detail: `not installed${from}; a cluster without Docker needs it`, mend };
  }
  if ((javaVersionIn(output) ?? 0) >= JAVA) return { verdict: 'fine', version, detail: `what Flink needs${from}` };
  return { verdict: 'note', version, detail: `a cluster without Docker needs Java ${JAVA}${from}`, mend };
}

/** What `streambook cluster start` has started, and whether it still runs. */
export async function ownCluster(state: ClusterState | undefined, runs = isRunning): Promise<Finding> {
  if (state === undefined) return { verdict: 'absent', detail: 'not started', mend: START };
  const { version, gateway, kafka, members } = state;
  const all = await Promise.all(members.map(async (one) => ({ ...one, running: await runs(one.pid, state.id) })));
  const ended = all.filter(({ running }) => !running).map(({ name }) => name);
  const where = kafka === undefined ? gateway : `${gateway}, Kafka on ${kafka}`;
  if (ended.length === 0) return { verdict: 'fine', version, detail: `${where}, processes: ${all.length}` };
  const only = ended.every((name) => name.startsWith('taskmanager')) && ended.length < all.length;
  return {
    verdict: 'note',
    version,
    detail: `no longer running: ${ended.join(', ')}`,
    mend: only
      ? '`npx streambook cluster start-taskmanager` starts it again.'
      : '`npx streambook cluster stop`, then `npx streambook cluster start`.',
  };
}

/** Where a Flink answers unless somebody has said otherwise. */
export const FLINK_PORT = 8081;
export const GATEWAY_PORT = 8083;

export async function jobManager(limit: AbortSignal, url = `http://localhost:${FLINK_PORT}`): Promise<Finding> {
  const overview = (await getJson(new URL('/v1/overview', url), limit)) as Record<string, unknown> | undefined;
  const version = textIn(overview, 'flink-version');
  if (version === undefined) return { verdict: 'absent', detail: `nobody answers on ${url}`, mend: START };
  const { taskmanagers, 'slots-total': slots, 'slots-available': free } = overview ?? {};
  const detail = `${url}, TaskManagers: ${String(taskmanagers)}, slots: ${String(slots)}, free: ${String(free)}`;
  if (taskmanagers !== 0) return { verdict: 'fine', version, detail };
  return { verdict: 'note', version, detail, mend: 'Jobs wait until a TaskManager is there; look into its log.' };
}

export async function sqlGateway(limit: AbortSignal, url = `http://localhost:${GATEWAY_PORT}`): Promise<Finding> {
  const info = await getJson(new URL('/v1/info', url), limit);
  const version = textIn(info, 'version');
  if (version === undefined || !/flink/i.test(textIn(info, 'productName') ?? '')) {
    return { verdict: 'absent', detail: `nobody answers on ${url}`, mend: START };
  }
  return { verdict: 'fine', version, detail: url };
}
