// The embedded broker in the background: found, started, shared and stopped.
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { probeKafka } from './kafka-probe.mjs';
import { withLock } from './lock.mjs';
import { freePortFrom, isFree } from './ports.mjs';
import { endGently, endTreeOf, isAlive, launch, release } from './processes.mjs';
import { SetupError, tail } from './say.mjs';
import { enterStarts, leaveStarts } from './starts.mjs';

/** Every Kafka tutorial has it. */
export const kafkaPort = 9092;

/** The id of the Kafka in docker-compose.yml, by which it is told from others on the same port. */
export const composeClusterId = 'c3RyZWFtYm9va2NvbXBvcw';

/**
 * What `.streambook/broker.json` holds.
 *
 * @typedef {object} BrokerFile
 * @property {string} address `127.0.0.1:9092`
 * @property {number} pid
 * @property {string} startedAt ISO
 * @property {string} data the folder
 * @property {string} [clusterId] tells that the one who answers is the one who was started
 * @property {string} [startedBy] `npm start`: it may stop it again
 */

/** @typedef {import('./paths.mjs').Layout} Layout */

/**
 * @param {string} file
 * @returns {BrokerFile | undefined}
 */
export function readBrokerFile(file) {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value?.address === 'string' && Number.isInteger(value.pid) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The broker that the file speaks of, if it lives and answers. A file that a crash left behind may name a pid and a
 * port that belong to others by now, so the cluster's id has to be the same.
 *
 * @param {string} file
 * @returns {Promise<BrokerFile | undefined>}
 */
export async function livingBroker(file) {
  const noted = readBrokerFile(file);
  if (noted === undefined || !isAlive(noted.pid)) return undefined;
  const answer = await probeKafka(noted.address);
  if (answer === undefined) return undefined;
  return noted.clusterId === undefined || noted.clusterId === answer.clusterId ? noted : undefined;
}

/**
 * Starts a broker and waits until it listens.
 *
 * @param {Layout} at
 * @param {{ port: number, data: string, log: string }} options port 0: any
 * @returns {Promise<{ child: import('node:child_process').ChildProcess, file: BrokerFile }>}
 */
export async function launchBroker(at, { port, data, log }) {
  mkdirSync(dirname(log), { recursive: true });
  mkdirSync(data, { recursive: true });
  // A file, not a pipe: the broker may outlive us.
  const output = openSync(log, 'w');
  const child = launch(
    process.execPath,
    [join(at.dist, 'cli', 'main.js'), 'broker', '--port', String(port), '--data', data],
    { cwd: at.root, stdio: ['ignore', output, output], detached: true },
  );
  closeSync(output);
  const deadline = performance.now() + 30_000;
  for (;;) {
    const said = readFileSync(log, 'utf8');
    const address = /listening on (\S+:\d+)/.exec(said)?.[1];
    if (address !== undefined && child.pid !== undefined) {
      const clusterId = (await probeKafka(address))?.clusterId;
      const file = { address, pid: child.pid, startedAt: new Date().toISOString(), data };
      return { child, file: { ...file, ...(clusterId && { clusterId }), startedBy: 'npm start' } };
    }
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > deadline) {
      await endGently(child);
      throw new SetupError(
        'The embedded broker did not start.',
        `What it said is in ${log}. Run the same command again; \`npm start -- --reset\` begins with an empty broker.`,
        tail(said),
      );
    }
    await delay(25);
  }
}

/**
 * A Kafka that is there without us: the one that the reader named, or the one of docker-compose.yml.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ detail: string, env: NodeJS.ProcessEnv } | undefined>} `env`: what kernels need to find it
 */
export async function findKafka(env = process.env) {
  const named = env.STREAMBOOK_BROKERS;
  if (named) {
    const first = named.split(',')[0]?.trim() ?? '';
    if ((await probeKafka(first)) === undefined) {
      throw new SetupError(
        `No Kafka answers on ${first}, which STREAMBOOK_BROKERS names.`,
        'Start it, or unset STREAMBOOK_BROKERS to use the embedded broker; then run the same command again.',
      );
    }
    return { detail: `${named}, from STREAMBOOK_BROKERS`, env: {} };
  }
  const compose = `localhost:${kafkaPort}`;
  if ((await isFree(kafkaPort)) || (await probeKafka(compose))?.clusterId !== composeClusterId) return undefined;
  return { detail: `${compose}, the Kafka of docker compose`, env: { STREAMBOOK_BROKERS: compose } };
}

/**
 * Shares this project's embedded broker, and starts it where none runs.
 *
 * @param {Layout} at
 * @param {number} [port] where it shall start, if it can: what runs in the notebooks knows no other address
 * @returns {Promise<{ address: string, detail: string }>}
 */
export function joinBroker(at, port) {
  return withLock(
    brokerLock(at),
    () => {},
    async () => {
      enterStarts(at.starts);
      const running = await livingBroker(at.brokerFile);
      if (running !== undefined) return { address: running.address, detail: `${running.address}, running already` };
      const { address } = await launchOnFreePort(at, port);
      const taken = address.endsWith(`:${kafkaPort}`) ? '' : ` (${kafkaPort} is taken)`;
      return { address, detail: `${address}, embedded${taken}` };
    },
  );
}

/**
 * Looks after the broker while notebooks are open: one that was killed is started again, with its data.
 *
 * @param {Layout} at
 * @param {(line: string) => void} say
 * @returns {() => Promise<void>} ends the looking; a start on its way is waited for
 */
export function watchBroker(at, say) {
  let starts = 0;
  let lastPort = portOf(readBrokerFile(at.brokerFile));
  /** @type {Promise<void> | undefined} */
  let starting;
  const startAgain = async () => {
    starts += 1;
    try {
      const { address } = await joinBroker(at, lastPort);
      say(`The broker had ended; it was started again on ${address}, with all its data.`);
    } catch (error) {
      say(`The broker has ended and does not start again. ${error instanceof Error ? error.message : error}`);
      starts = MOST_RESTARTS;
    }
    // One that falls again and again needs a person, not another start.
    if (starts >= MOST_RESTARTS) clearInterval(timer);
    starting = undefined;
  };
  const timer = setInterval(() => {
    const noted = readBrokerFile(at.brokerFile);
    lastPort = portOf(noted) ?? lastPort;
    if (starting === undefined && (noted === undefined || !isAlive(noted.pid))) starting = startAgain();
  }, 1000);
  return async () => {
    clearInterval(timer);
    await starting;
  };
}

const MOST_RESTARTS = 10;

/** @param {BrokerFile | undefined} file */
function portOf(file) {
  const port = Number(file?.address.split(':').at(-1));
  return port > 0 ? port : undefined;
}

/**
 * @param {Layout} at
 * @param {number} [first] taken if it is free
 */
async function launchOnFreePort(at, first) {
  for (let from = kafkaPort; ; ) {
    const port = first !== undefined && from === kafkaPort && (await isFree(first)) ? first : await freePortFrom(from);
    try {
      const { child, file } = await launchBroker(at, {
        port,
        data: at.brokerData,
        log: join(at.logs, 'broker.log'),
      });
      writeBrokerFile(at.brokerFile, file);
      release(child);
      return file;
    } catch (error) {
      // Another program may have been quicker on this port.
      if (await isFree(port)) throw error;
      from = port + 1;
    }
  }
}

/**
 * Leaves the broker. The last `npm start` of this project stops it.
 *
 * @param {Layout} at
 * @returns {Promise<string | undefined>} what to tell the reader
 */
export function leaveBroker(at) {
  return withLock(
    brokerLock(at),
    () => {},
    async () => {
      const others = leaveStarts(at.starts);
      const running = await livingBroker(at.brokerFile);
      if (running === undefined) {
        // What a killed broker left behind would send the helpers to a dead address.
        rmSync(at.brokerFile, { force: true });
        return undefined;
      }
      if (others.length > 0) return `the broker on ${running.address} stays: process ${others[0]} uses it, too`;
      if (running.startedBy !== 'npm start') return `the broker on ${running.address} stays: it was started elsewhere`;
      await stopBroker(running.pid);
      rmSync(at.brokerFile, { force: true });
      return undefined;
    },
  );
}

/** @param {number} pid */
async function stopBroker(pid) {
  endTreeOf(pid, 'SIGTERM');
  for (let waitedMs = 0; isAlive(pid); waitedMs += 50) {
    if (waitedMs === 8000) endTreeOf(pid, 'SIGKILL');
    if (waitedMs > 10_000) return;
    await delay(50);
  }
}

/** @param {Layout} at */
function brokerLock(at) {
  return join(at.state, 'broker.lock');
}

/**
 * Whole or not at all: kernels read it while we write.
 *
 * @param {string} path
 * @param {BrokerFile} file
 */
export function writeBrokerFile(path, file) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(file, undefined, 2)}\n`);
  renameSync(`${path}.new`, path);
}
