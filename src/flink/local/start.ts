import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, StreambookError } from '../../core/errors.js';
import { type FlinkVersion, flinkArtefacts, KAFKA_VERSION, kafkaArtefacts } from './artefacts.js';
import { functionsJar } from './functions-jar.js';
import { fetchJars } from './jars.js';
import { findJava } from './java.js';
import { coordinatorJvm, kafkaJvm, taskManagerArguments, taskManagerJvm } from './jvm.js';
import { Ports } from './ports.js';
import { end, isRunning, launch, type Member } from './process.js';
import { run } from './programs.js';
import { flinkConfig, kafkaConfig, LOGGING } from './settings.js';
import { type ClusterState, readState, removeState, writeState } from './state.js';

/** How `startLocalCluster` may be told. */
export interface LocalClusterOptions {
  /** Default `1.20.3`. */
  readonly version?: FlinkVersion;
  /** Where everything of it is kept. */
  readonly folder: string;
  /** The file that says it runs. */
  readonly stateFile: string;
  /** Of the SQL Gateway: 8083, or the next free one, unless given; 0: any. */
  readonly gatewayPort?: number;
  /** Of the JobManager with its Web UI: 8081 or the next free one. */
  readonly webPort?: number;
  /** Of Kafka: 9092 or the next free one. */
  readonly kafkaPort?: number;
  /** Default true. */
  readonly kafka?: boolean;
  /** Jobs take one slot each at parallelism 1. Default 4. */
  readonly slots?: number;
  /** Heap of the TaskManager in MB. Default 512. */
  readonly heapMb?: number;
  /** Whether Flink can run functions of TypeScript: the jar for them is built, once. Default true. */
  readonly functions?: boolean;
  /** Further folders whose jars Flink's processes get. */
  readonly jars?: readonly string[];
  /** Further settings of Flink. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly say?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** What a Java machine that starts on a busy machine may take. */
const PATIENCE_MS = 180_000;

const SUMS = {
  '1.20.3': async () => (await import('./sums/flink-1-20-3.js')).FLINK_1_20_3,
  '2.2.0': async () => (await import('./sums/flink-2-2-0.js')).FLINK_2_2_0,
} as const;

/** The folder with the jars of a release of Flink. */
export async function flinkJars(
  version: FlinkVersion,
  say?: (line: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  return fetchJars({
    what: `Flink ${version} (about 140 MB)`,
    name: `flink-${version}`,
    artefacts: flinkArtefacts(version),
    checksums: await SUMS[version](),
    signal,
    ...(say === undefined ? {} : { say }),
  });
}

/** The folder with the jars of the real Kafka. */
export async function kafkaJars(say?: (line: string) => void, signal?: AbortSignal): Promise<string> {
  return fetchJars({
    what: `Kafka ${KAFKA_VERSION} (about 55 MB)`,
    name: `kafka-${KAFKA_VERSION}`,
    artefacts: kafkaArtefacts(),
    checksums: (await import('./sums/kafka-4-1-0.js')).KAFKA_4_1_0,
    signal,
    ...(say === undefined ? {} : { say }),
  });
}

/**
 * Starts a real Flink (JobManager, TaskManager, SQL Gateway) and a real Kafka on this machine, each a Java machine of its
 * own, on loopback. They outlive this process; `stopLocalCluster` ends them. When something goes wrong, or `signal` says
 * so, nothing of it is left.
 *
 * @throws {StreambookError} `cluster-running`, `java-missing`, `maven-missing`, `download-failed`, `cluster-not-started`
 */
export async function startLocalCluster(options: LocalClusterOptions): Promise<ClusterState> {
  const { version = '1.20.3', folder, stateFile, slots = 4, heapMb = 512, say = () => {}, signal } = options;
  await refuseSecond(stateFile);
  const java = await findJava();
  const withKafka = options.kafka !== false;
  const flink = await flinkJars(version, say, signal);
  const kafka = withKafka ? await kafkaJars(say, signal) : undefined;
  const functions = options.functions === false ? undefined : await functionsJarOrNone(say, signal);
  const ports = new Ports();
  const gatewayPort = await ports.take('SQL Gateway', options.gatewayPort, 8083);
  const webPort = await ports.take('JobManager', options.webPort, 8081);
  const kafkaPort = withKafka ? await ports.take('Kafka', options.kafkaPort, 9092) : 0;
  const rpcPort = await ports.take('JobManager', 0);
  const controllerPort = await ports.take('Kafka', 0);

  const state: ClusterState = {
    id: randomUUID(),
    version,
    gateway: `http://127.0.0.1:${gatewayPort}`,
    jobManager: `http://127.0.0.1:${webPort}`,
    ...(withKafka ? { kafka: `127.0.0.1:${kafkaPort}` } : {}),
    folder,
    slots,
    heapMb,
    java,
    jars: [flink, ...(functions === undefined ? [] : [dirname(functions)]), ...(options.jars ?? [])],
    ...(functions === undefined ? {} : { functionsJar: functions }),
    startedAt: new Date().toISOString(),
    members: [],
  };
  // The logs of the run before are kept until now.
  for (const name of ['conf', 'log']) await rm(join(folder, name), { recursive: true, force: true });
  for (const name of ['conf', 'log', 'tmp', 'upload', 'checkpoints', 'savepoints']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  const more = options.settings ?? {};
  await writeFile(
    join(folder, 'conf', 'config.yaml'),
    flinkConfig({ folder, rpcPort, webPort, gatewayPort, slots, more }),
  );
  await writeFile(join(folder, 'conf', 'log4j.properties'), LOGGING);

  const members: Member[] = [];
  const started = async (member: Promise<Member>): Promise<void> => {
    members.push(await member);
    writeState(stateFile, { ...state, members });
    signal?.throwIfAborted();
  };
  say(`starting Flink ${version}${withKafka ? ` and Kafka ${KAFKA_VERSION}` : ''}`);
  try {
    const conf = ['--configDir', join(folder, 'conf')];
    const entry = 'org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint';
    await started(flinkProcess(state, 'jobmanager', coordinatorJvm(folder, 400), entry, conf));
    await started(taskManager(state, 1));
    const gateway = 'org.apache.flink.table.gateway.SqlGateway';
    await started(flinkProcess(state, 'gateway', coordinatorJvm(folder, 512), gateway, []));
    if (kafka !== undefined) {
      await formatKafka(java, kafka, folder, kafkaPort, controllerPort, signal);
      await started(kafkaProcess(state, kafka));
    }
    const alive = (): Promise<void> => allAlive(state, members, signal);
    await until('TaskManager', alive, async () => slotsAt(state.jobManager).then((found) => found >= slots));
    await until('SQL Gateway', alive, () => answers(`${state.gateway}/v3/info`));
    if (withKafka) await until('Kafka', alive, () => kafkaIsUp(folder, kafkaPort));
  } catch (error) {
    await end(members, state.id, 2000);
    removeState(stateFile);
    if (signal?.aborted === true) throw new StreambookError('cluster-not-started', 'stopped before it was up');
    throw error;
  }
  return { ...state, members };
}

/** A cluster without functions of TypeScript is better than none. */
async function functionsJarOrNone(say: (line: string) => void, signal?: AbortSignal): Promise<string | undefined> {
  try {
    return await functionsJar(say, signal);
  } catch (error) {
    signal?.throwIfAborted();
    say(`functions of TypeScript cannot run on this cluster: ${messageOf(error)}`);
    return undefined;
  }
}

async function refuseSecond(stateFile: string): Promise<void> {
  const known = readState(stateFile);
  if (known === undefined) return;
  for (const { pid } of known.members) {
    if (!(await isRunning(pid, known.id))) continue;
    throw new StreambookError('cluster-running', `a cluster runs already: ${known.gateway}`, {
      where: stateFile,
      hint: '`streambook cluster stop` ends it',
    });
  }
}

function flinkProcess(
  state: ClusterState,
  name: string,
  jvm: readonly string[],
  main: string,
  args: readonly string[],
): Promise<Member> {
  const { java, id, folder, jars } = state;
  const env = { FLINK_CONF_DIR: join(folder, 'conf') };
  const log = join(folder, 'log', `${name}.log`);
  return launch({ java, name, clusterId: id, jvm, jars, main, args, log, env, cwd: folder });
}

/** @internal Starts a TaskManager of a cluster. */
export function taskManager(state: ClusterState, index: number): Promise<Member> {
  const { folder, heapMb, slots } = state;
  const args = taskManagerArguments(folder, `taskmanager-${index}-${Date.now()}`, heapMb, slots);
  const main = 'org.apache.flink.runtime.taskexecutor.TaskManagerRunner';
  return flinkProcess(state, `taskmanager-${index}`, taskManagerJvm(folder, heapMb), main, args);
}

async function formatKafka(
  java: string,
  jars: string,
  folder: string,
  port: number,
  controllerPort: number,
  signal?: AbortSignal,
): Promise<void> {
  const properties = join(folder, 'conf', 'kafka.properties');
  await writeFile(properties, kafkaConfig(folder, port, controllerPort));
  if (existsSync(join(folder, 'kafka', 'meta.properties'))) return;
  const id = randomBytes(16).toString('base64url').replace(/^-/, 'A');
  const args = ['format', '--ignore-formatted', '-t', id, '-c', properties];
  const jvm = kafkaJvm(folder, 128);
  const { code, output } = await run(java, [...jvm, '-cp', join(jars, '*'), 'kafka.tools.StorageTool', ...args], {
    signal,
  });
  if (code === 0) return;
  throw notStarted(`Kafka's storage could not be made: ${output.trim().split('\n').at(-1)}`, folder);
}

function kafkaProcess({ java, id, folder }: ClusterState, jars: string): Promise<Member> {
  const args = [join(folder, 'conf', 'kafka.properties')];
  const log = join(folder, 'log', 'kafka.log');
  const jvm = kafkaJvm(folder, 384);
  return launch({ java, name: 'kafka', clusterId: id, jvm, jars: [jars], main: 'kafka.Kafka', args, log, cwd: folder });
}

async function allAlive(state: ClusterState, members: readonly Member[], signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  for (const { name, pid } of members) {
    if (await isRunning(pid, state.id)) continue;
    throw notStarted(`${name} ended: ${endOfLog(join(state.folder, 'log', `${name}.log`))}`, state.folder);
  }
}

function endOfLog(file: string): string {
  try {
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const telling = lines.filter(
      (line) => /Exception|\b(FATAL|ERROR|Error):? /.test(line) && !/^\s+at |INFO/.test(line),
    );
    return (telling.length > 0 ? telling : lines).slice(-3).join(' | ').slice(0, 800);
  } catch (error) {
    return messageOf(error);
  }
}

function notStarted(message: string, folder: string): StreambookError {
  return new StreambookError('cluster-not-started', message, { hint: `the logs are in ${join(folder, 'log')}` });
}

/** @internal Asks until something holds; an error of `alive` ends it. */
export async function until(
  what: string,
  alive: () => Promise<void>,
  condition: () => Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await condition())) {
    await alive();
    if (Date.now() > end) {
      throw new StreambookError('cluster-not-started', `no ${what} after ${patienceMs / 1000} s`);
    }
    await delay(100);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

/** @internal How many slots a JobManager knows of; 0 when it does not answer. */
export async function slotsAt(jobManager: string): Promise<number> {
  try {
    const response = await fetch(`${jobManager}/overview`, { signal: AbortSignal.timeout(2000) });
    return ((await response.json()) as { 'slots-total'?: number })['slots-total'] ?? 0;
  } catch {
    return 0;
  }
}

async function kafkaIsUp(folder: string, port: number): Promise<boolean> {
  const log = await Promise.resolve(readFileSync(join(folder, 'log', 'kafka.log'), 'utf8'));
  return /Kafka Server started/.test(log) && (await connects(port));
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(2000, () => socket.destroy());
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('close', () => resolve(false));
    socket.once('error', () => {});
  });
}
