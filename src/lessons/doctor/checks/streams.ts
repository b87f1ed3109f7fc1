import { isAbsolute, relative } from 'node:path';
import { kernelHook } from '../../../core/kernel.js';
import { ownTopics, withAdmin } from '../../../kafka/connection/admin.js';
import { findBroker, isAlive } from '../../../kafka/connection/brokers.js';
import { inTime } from '../ask.js';
import type { Places, SetUp } from '../checkout.js';
import type { Finding, Probe } from '../report.js';

const group = 'Streams';
/** A broker answers within milliseconds; loading the client takes longer. */
const ANSWER_MS = 1700;
const START = '`npm start` starts the embedded broker; so does `npx streambook broker`.';
/** An installed package has no `npm start` of ours. */
const START_INSTALLED = '`npx streambook broker` starts the embedded broker.';

/** Who may answer where Kafka is spoken, and how to tell them apart. */
interface Known {
  readonly setUp: SetUp;
  readonly at: Places;
}

export function streamProbes(known: Known | undefined): Probe[] {
  const kafkaProbe: Probe = { name: 'Kafka', group, needed: false, look: () => kafka(known) };
  if (known === undefined) return [kafkaProbe];
  return [{ name: 'embedded broker', group, needed: false, look: () => embedded(known) }, kafkaProbe];
}

/** The broker that `npm start` keeps for this project. */
export async function embedded({ setUp, at }: Known): Promise<Finding> {
  const noted = setUp.readBrokerFile(at.brokerFile);
  if (noted === undefined) return { verdict: 'absent', detail: 'not running', mend: START };
  const { address, pid, data } = noted;
  if ((await setUp.livingBroker(at.brokerFile)) !== undefined) {
    return { verdict: 'fine', detail: `${address}, process ${pid}, data in ${within(at.root, data)}` };
  }
  const detail = isAlive(pid) ? `process ${pid} does not answer on ${address}` : `process ${pid} has ended`;
  return { verdict: 'mend', detail, mend: 'Start it again with `npm start`; its data is kept.' };
}

/** The Kafka that cells connect to when they name none. */
export async function kafka(known: Known | undefined, answerMs = ANSWER_MS): Promise<Finding> {
  const found = findBroker();
  const asked = withAdmin({}, 'looking for Kafka', async (admin) => {
    const cluster = await admin.describeCluster();
    return { ...cluster, topics: (await ownTopics(admin)).length };
  });
  const cluster = await inTime(asked, answerMs);
  if (cluster !== undefined) {
    const { clusterId, brokers, topics } = cluster;
    const who = [await whoIs(clusterId, found.brokers, known), plural(brokers.length, 'broker')];
    return { verdict: 'fine', detail: `${found}: ${who.join(', ')}, ${plural(topics, 'topic')}` };
  }
  // Chosen by the reader, or needed by the cells of this very notebook: then it is missed.
  const missed = found.from !== 'default' || kernelHook() !== undefined;
  const start = known === undefined ? START_INSTALLED : START;
  const mend = found.from === 'STREAMBOOK_BROKERS' ? `Start it, or unset STREAMBOOK_BROKERS. ${start}` : start;
  return { verdict: missed ? 'mend' : 'absent', detail: `no Kafka answers on ${found}`, mend };
}

async function whoIs(clusterId: string, addresses: readonly string[], known: Known | undefined): Promise<string> {
  if (known === undefined) return `cluster ${clusterId}`;
  if (clusterId === known.setUp.composeClusterId) return 'the Kafka of docker compose';
  const own = await known.setUp.livingBroker(known.at.brokerFile);
  return own !== undefined && addresses.includes(own.address) ? 'the embedded broker' : `cluster ${clusterId}`;
}

/** A folder as the reader sees it from the project's. */
function within(root: string, folder: string): string {
  const path = relative(root, folder);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? folder : path;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
