import { join, resolve } from 'node:path';
import { messageOf, StreambookError } from '../core/errors.js';
import type { FlinkVersion } from '../flink/local/artefacts.js';
import { killTaskManager, startTaskManager, statusOf, stopLocalCluster } from '../flink/local/control.js';
import { functionsJar } from '../flink/local/functions-jar.js';
import { startLocalCluster } from '../flink/local/start.js';
import { type ClusterState, readState } from '../flink/local/state.js';

/** How `streambook cluster start` was called. */
export interface ClusterStartOptions {
  readonly flink: FlinkVersion;
  readonly port?: number;
  readonly webPort?: number;
  readonly kafkaPort?: number;
  readonly kafka: boolean;
  readonly functions: boolean;
  readonly slots: number;
  readonly memory: number;
  readonly data: string;
  readonly conf?: readonly string[];
}

const stateFile = (data: string): string => join(resolve(data), '..', 'cluster.json');

/**
 * `streambook cluster start`: a real Flink and a real Kafka in the background. Ctrl-C while it starts ends what was
 * started.
 *
 * @returns the exit code
 */
export async function clusterStart(options: ClusterStartOptions): Promise<number> {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return explained(async () => {
    const state = await startLocalCluster({
      version: options.flink,
      folder: resolve(options.data),
      stateFile: stateFile(options.data),
      kafka: options.kafka,
      functions: options.functions,
      slots: options.slots,
      heapMb: options.memory,
      settings: settingsOf(options.conf ?? []),
      say: (line) => console.error(line),
      signal: stopping.signal,
      ...(options.port === undefined ? {} : { gatewayPort: options.port }),
      ...(options.webPort === undefined ? {} : { webPort: options.webPort }),
      ...(options.kafkaPort === undefined ? {} : { kafkaPort: options.kafkaPort }),
    });
    console.log(addresses(state).join('\n'));
    return 0;
  });
}

/** `streambook cluster stop`. */
export async function clusterStop(data: string): Promise<number> {
  return explained(async () => {
    console.log((await stopLocalCluster(stateFile(data))) ? 'stopped' : 'no cluster runs here');
    return 0;
  });
}

/** `streambook cluster status`: its addresses and a line for each process. Exit code 1 when something of it is gone. */
export async function clusterStatus(data: string): Promise<number> {
  return explained(async () => {
    const state = readState(stateFile(data));
    if (state === undefined) {
      console.log('no cluster runs here');
      return 1;
    }
    const members = await statusOf(state);
    console.log(addresses(state).join('\n'));
    for (const { name, pid, running, memory } of members) {
      const size = memory === undefined ? '' : `  ${Math.round(memory / 1e6)} MB`;
      console.log(`${name.padEnd(14)}pid ${pid}  ${running ? `running${size}` : 'gone'}`);
    }
    return members.every(({ running }) => running) ? 0 : 1;
  });
}

/** `streambook cluster kill-taskmanager`, `start-taskmanager`: to see what a failure does. */
export async function clusterTaskManager(what: 'kill' | 'start', data: string): Promise<number> {
  return explained(async () => {
    const pid = await (what === 'kill' ? killTaskManager : startTaskManager)(stateFile(data));
    console.log(`${what === 'kill' ? 'killed' : 'started'} the TaskManager, pid ${pid}`);
    return 0;
  });
}

/** `streambook cluster functions-jar`: the path of the jar that a Flink needs to run functions of TypeScript. */
export async function clusterFunctionsJar(): Promise<number> {
  return explained(async () => {
    console.log(await functionsJar((line) => console.error(line)));
    return 0;
  });
}

function addresses({ version, gateway, jobManager, kafka, functionsJar: jar, folder }: ClusterState): string[] {
  return [
    `Flink ${version}`,
    `SQL Gateway   ${gateway}`,
    `Web UI        ${jobManager}`,
    ...(kafka === undefined ? [] : [`Kafka         ${kafka}`]),
    `functions     ${jar === undefined ? 'none: the jar for functions of TypeScript is not there' : 'of TypeScript'}`,
    `logs          ${join(folder, 'log')}`,
  ];
}

function settingsOf(conf: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    conf.map((one) => {
      const at = one.indexOf('=');
      if (at > 0) return [one.slice(0, at).trim(), one.slice(at + 1).trim()];
      throw new StreambookError('bad-argument', `--conf '${one}': write it as key=value`);
    }),
  );
}

async function explained(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    console.error(`streambook cluster: ${messageOf(error)}`);
    return error instanceof StreambookError && error.code === 'bad-argument' ? 2 : 1;
  }
}
