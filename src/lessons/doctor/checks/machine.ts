import { statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { withAdmin } from '../../../kafka/connection/admin.js';
import { getJson, inTime, isTaken, textIn } from '../ask.js';
import type { Finding, Probe } from '../report.js';
import { FLINK_PORT, GATEWAY_PORT } from './cluster.js';

const group = 'This machine';
const GB = 1e9;
/** Whoever accepts a connection and then says nothing for so long is not the one we look for. */
const ANSWER_MS = 1000;

/** Somebody who may answer on a port. */
interface Owner {
  readonly what: string;
  readonly answers: (port: number, limit: AbortSignal) => Promise<boolean>;
}

const jupyter: Owner = {
  what: 'a Jupyter server',
  answers: async (port, limit) => textIn(await getJson(`http://127.0.0.1:${port}/api`, limit), 'version') !== undefined,
};
const kafka: Owner = {
  what: 'a Kafka',
  answers: async (port) => {
    const asked = withAdmin({ brokers: `localhost:${port}` }, 'looking who is there', async () => true);
    return (await inTime(asked, ANSWER_MS)) === true;
  },
};
const flink: Owner = {
  what: 'a Flink',
  answers: async (port, limit) => {
    const [overview, info] = await Promise.all(
      ['overview', 'info'].map((path) => getJson(`http://localhost:${port}/v1/${path}`, limit)),
    );
    return textIn(overview, 'flink-version') !== undefined || /flink/i.test(textIn(info, 'productName') ?? '');
  },
};

const PORTS: readonly (readonly [port: number, use: string, owner: Owner, otherwise: string])[] = [
  [8888, 'JupyterLab', jupyter, '`npm start` takes the next free one, or `npm start -- --port N`.'],
  [9092, 'Kafka', kafka, '`npm start` takes the next free one for its broker, and cells find it there.'],
  [FLINK_PORT, "Flink's web interface", flink, 'Free it before you start a Flink.'],
  [GATEWAY_PORT, "Flink's SQL Gateway", flink, 'Free it before you start a Flink.'],
];

/** @param folder where the data of the course will be */
export function machineProbes(folder: string): Probe[] {
  return [
    ...PORTS.map(
      ([port, use, owner, otherwise]): Probe => ({
        name: `port ${port}`,
        group,
        needed: false,
        look: (limit) => portFinding(port, use, owner, otherwise, limit),
      }),
    ),
    { name: 'disk', group, needed: false, look: () => disk(folder) },
    { name: 'memory', group, needed: false, look: async () => memory(totalmem(), process.availableMemory()) },
  ];
}

async function portFinding(
  port: number,
  use: string,
  owner: Owner,
  otherwise: string,
  limit: AbortSignal,
): Promise<Finding> {
  if (!(await isTaken(port, limit))) return { verdict: 'fine', detail: `free for ${use}` };
  if (await owner.answers(port, limit)) return { verdict: 'fine', detail: `${owner.what} answers` };
  return { verdict: 'note', detail: `another program has it, not ${use}`, mend: otherwise };
}

/** The data sets, a broker's topics and JupyterLab take some 2 GB together. */
const ENOUGH_DISK = 2 * GB;
const LITTLE_DISK = 0.3 * GB;

async function disk(folder: string): Promise<Finding> {
  const { bavail, bsize, blocks } = await statfs(folder);
  return diskFinding(bavail * bsize, blocks * bsize);
}

export function diskFinding(free: number, total: number): Finding {
  const detail = `${inGb(free)} free of ${inGb(total)}`;
  if (free >= ENOUGH_DISK) return { verdict: 'fine', detail };
  return {
    verdict: free < LITTLE_DISK ? 'mend' : 'note',
    detail,
    mend: 'Make room; `npm start -- --reset` empties the broker and forgets its topics.',
  };
}

const ENOUGH_MEMORY = 1 * GB;

export function memory(total: number, available: number): Finding {
  const detail = `${inGb(available)} available of ${inGb(total)}, ${availableParallelism()} cores`;
  if (available >= ENOUGH_MEMORY) return { verdict: 'fine', detail };
  return { verdict: 'note', detail, mend: 'Shut kernels down that you no longer use, and close other programs.' };
}

function inGb(bytes: number): string {
  return `${(bytes / GB).toFixed(1)} GB`;
}
