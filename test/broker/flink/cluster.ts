import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { java } from '../clients/found/maven.js';

const SLOTS = 4;
/** What anything may take: a Java machine that has just started is slow. */
const PATIENCE_MS = 90_000;
const POLL_MS = 100;

/**
 * A real Apache Flink on this machine: JobManager, one TaskManager and SQL Gateway, each a process of its own, on
 * loopback and free ports. It has more than a moment to start, and takes about a gigabyte.
 */
export class FlinkCluster {
  private readonly processes = new Map<string, ChildProcess>();
  private taskManagers = 0;

  private constructor(
    private readonly jars: string,
    private readonly folder: string,
    private readonly ports: { readonly rpc: number; readonly rest: number; readonly gateway: number },
  ) {}

  /** @param jars the folder that `flinkJars` found */
  static async start(jars: string): Promise<FlinkCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'streambook-flink-'));
    const [rpc, rest, gateway] = await freePorts();
    const cluster = new FlinkCluster(jars, folder, { rpc, rest, gateway });
    for (const name of ['log', 'tmp', 'checkpoints']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'config.yaml'), settings(folder, cluster.ports));
    writeFileSync(join(folder, 'log4j.properties'), LOGGING);
    try {
      const conf = ['--configDir', folder];
      cluster.launch('jobmanager', 400, [
        'org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint',
        ...conf,
      ]);
      cluster.startTaskManager();
      cluster.launch('gateway', 400, ['org.apache.flink.table.gateway.SqlGateway']);
      await cluster.ready();
      await poll(() => cluster.living() && answers(`${cluster.gateway}/v1/info`), 'the SQL Gateway');
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  get rest(): string {
    return `http://127.0.0.1:${this.ports.rest}`;
  }

  get gateway(): string {
    return `http://127.0.0.1:${this.ports.gateway}`;
  }

  /** Ends the TaskManager as a crash would, and starts another. */
  async killTaskManager(): Promise<void> {
    const name = `taskmanager-${this.taskManagers}`;
    const child = this.processes.get(name)!;
    this.processes.delete(name);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    this.startTaskManager();
  }

  async stop(): Promise<void> {
    const children = [...this.processes.values()].filter((child) => child.exitCode === null);
    this.processes.clear();
    await Promise.all(
      children.map((child) => {
        const gone = new Promise((resolve) => child.once('exit', resolve));
        // Nothing of it is needed any more, and in good order it takes ten seconds.
        child.kill('SIGKILL');
        return gone;
      }),
    );
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private ready(): Promise<void> {
    return poll(async () => {
      this.living();
      return ((await answers(`${this.rest}/overview`)) as { 'slots-total'?: number })?.['slots-total'] === SLOTS;
    }, `${SLOTS} slots`);
  }

  /** @throws Error with the end of the log when one of the processes has ended by itself */
  private living(): true {
    for (const [name, child] of this.processes) {
      if (child.exitCode === null && child.signalCode === null) continue;
      throw new Error(`${name} ended: ${readFileSync(join(this.folder, 'log', name), 'utf8').slice(-2000)}`);
    }
    return true;
  }

  private startTaskManager(): void {
    const sizes = {
      'taskmanager.resource-id': `taskmanager-${++this.taskManagers}`,
      'taskmanager.cpu.cores': SLOTS,
      'taskmanager.memory.task.heap.size': '256mb',
      'taskmanager.memory.framework.heap.size': '128mb',
      'taskmanager.memory.task.off-heap.size': 0,
      'taskmanager.memory.framework.off-heap.size': '128mb',
      'taskmanager.memory.network.min': '64mb',
      'taskmanager.memory.network.max': '64mb',
      'taskmanager.memory.managed.size': '64mb',
      'taskmanager.memory.jvm-metaspace.size': '256mb',
      'taskmanager.memory.jvm-overhead.min': '192mb',
      'taskmanager.memory.jvm-overhead.max': '192mb',
    };
    const dynamic = Object.entries(sizes).flatMap(([key, value]) => ['-D', `${key}=${value}`]);
    const main = 'org.apache.flink.runtime.taskexecutor.TaskManagerRunner';
    this.launch(`taskmanager-${this.taskManagers}`, 384, [main, '--configDir', this.folder, ...dynamic]);
  }

  private launch(name: string, heapMb: number, args: readonly string[]): void {
    const options = [
      `-Xmx${heapMb}m`,
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-XX:+IgnoreUnrecognizedVMOptions',
      ...OPENED.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
      `-Dlog4j.configurationFile=${join(this.folder, 'log4j.properties')}`,
    ];
    const child = spawn(java, [...options, '-cp', join(this.jars, 'libs', '*'), ...args], {
      env: { ...process.env, FLINK_CONF_DIR: this.folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(join(this.folder, 'log', name));
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    this.processes.set(name, child);
  }
}

/** What Flink's own start scripts open to it. */
const OPENED = [
  'java.lang',
  'java.net',
  'java.io',
  'java.nio',
  'sun.nio.ch',
  'java.lang.reflect',
  'java.text',
  'java.time',
  'java.util',
  'java.util.concurrent',
  'java.util.concurrent.atomic',
  'java.util.concurrent.locks',
];

const LOGGING = `rootLogger.level = WARN
rootLogger.appenderRef.out.ref = out
appender.out.name = out
appender.out.type = CONSOLE
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{HH:mm:ss,SSS} %-5p %c - %m%n
`;

/** A lost TaskManager is noticed after a second, not after ten; a job goes on as often as it must. */
function settings(folder: string, { rpc, rest, gateway }: { rpc: number; rest: number; gateway: number }): string {
  const url = `file:///${folder.replaceAll('\\', '/').replace(/^\//, '')}`;
  return `jobmanager.rpc.address: 127.0.0.1
jobmanager.rpc.port: ${rpc}
jobmanager.bind-host: 127.0.0.1
jobmanager.memory.process.size: 1024m
taskmanager.host: 127.0.0.1
taskmanager.bind-host: 127.0.0.1
taskmanager.numberOfTaskSlots: ${SLOTS}
rest.address: 127.0.0.1
rest.bind-address: 127.0.0.1
rest.port: ${rest}
rest.bind-port: '${rest}'
io.tmp.dirs: ${join(folder, 'tmp')}
execution.checkpointing.dir: ${url}/checkpoints
execution.checkpointing.interval: 300ms
execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION
restart-strategy.type: fixed-delay
restart-strategy.fixed-delay.attempts: 1000
restart-strategy.fixed-delay.delay: 200ms
heartbeat.interval: 500
heartbeat.timeout: 10000
sql-gateway.endpoint.rest.address: 127.0.0.1
sql-gateway.endpoint.rest.bind-address: 127.0.0.1
sql-gateway.endpoint.rest.port: ${gateway}
sql-gateway.endpoint.rest.bind-port: '${gateway}'
`;
}

/** Asks until something holds, not so often that Flink has nothing else to do. */
export async function poll(condition: () => Promise<unknown> | unknown, what: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${what} did not come true within ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** What an address answers as JSON, or undefined. */
async function answers(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

async function freePorts(): Promise<[number, number, number]> {
  const servers = [createServer(), createServer(), createServer()];
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ports.push((server.address() as { port: number }).port);
  }
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports as [number, number, number];
}
