import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from './cache.js';
import { java } from './maven.js';

/** A real Kafka in a process of its own. */
export interface Kafka {
  readonly address: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts a single Apache Kafka broker (KRaft, plaintext, loopback) with fresh data on a free port.
 *
 * @param jars the folder that `kafkaJars` found
 * @param heap 400 MiB do for tests; Kafka's own start script gives it 1 GiB
 */
export async function startKafka(jars: string, heap = '400m'): Promise<Kafka> {
  const folder = mkdtempSync(join(tmpdir(), 'streambook-kafka-'));
  const [port, controller] = await freePorts();
  const settings = join(folder, 'server.properties');
  const logging = join(folder, 'log4j2.properties');
  writeFileSync(settings, properties(port, controller, join(folder, 'data')));
  writeFileSync(
    logging,
    'rootLogger.level=INFO\nrootLogger.appenderRef.out.ref=out\nappender.out.type=Console\nappender.out.name=out\n',
  );
  mkdirSync(join(folder, 'data'));
  const base = [`-Dlog4j2.configurationFile=${logging}`, `-Xmx${heap}`, '-cp', join(jars, 'libs', '*')];
  const quick = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
  await must(java, [...quick, ...base, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', settings]);
  const child = spawn(java, [...base, 'kafka.Kafka', settings], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill();
    // What it would still do in good order, nobody needs.
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await exited;
    clearTimeout(timer);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await started(child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { address: `127.0.0.1:${port}`, pid: child.pid!, stop };
}

const CLUSTER_ID = 'c3RyZWFtYm9va2NsaWVudA';

function started(child: ChildProcess): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      // The pipes must be emptied as long as it lives.
      said = (said + String(chunk)).slice(-4000);
      if (said.includes('Kafka Server started')) resolve();
    };
    child.stdout!.on('data', listen);
    child.stderr!.on('data', listen);
    child.once('exit', (code) => reject(new Error(`Kafka ended with ${code}: ${said}`)));
  });
}

function properties(port: number, controller: number, data: string): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs=${data.replaceAll('\\', '/')}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
`;
}

async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports as [number, number];
}
