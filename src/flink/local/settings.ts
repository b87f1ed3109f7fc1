import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the settings of a cluster are made of. */
export interface ClusterSettings {
  readonly folder: string;
  readonly rpcPort: number;
  readonly webPort: number;
  readonly gatewayPort: number;
  readonly slots: number;
  /** Further settings of Flink. */
  readonly more: Readonly<Record<string, string>>;
}

/** A value of YAML, whatever is in it. */
const quoted = (value: string | number): string => `'${String(value).replaceAll("'", "''")}'`;

/** Flink's `config.yaml`: everything on loopback; figures of jobs at most a second old. */
export function flinkConfig({ folder, rpcPort, webPort, gatewayPort, slots, more }: ClusterSettings): string {
  const url = pathToFileURL(folder).href;
  const settings: Record<string, string | number> = {
    'jobmanager.rpc.address': '127.0.0.1',
    'jobmanager.rpc.port': rpcPort,
    'jobmanager.bind-host': '127.0.0.1',
    'jobmanager.memory.process.size': '1024m',
    'taskmanager.host': '127.0.0.1',
    'taskmanager.bind-host': '127.0.0.1',
    'taskmanager.numberOfTaskSlots': slots,
    'rest.address': '127.0.0.1',
    'rest.bind-address': '127.0.0.1',
    'rest.port': webPort,
    'rest.bind-port': webPort,
    'web.refresh-interval': 250,
    'web.upload.dir': join(folder, 'upload'),
    'io.tmp.dirs': join(folder, 'tmp'),
    'parallelism.default': 1,
    'execution.checkpointing.dir': `${url}/checkpoints`,
    'execution.checkpointing.savepoint-dir': `${url}/savepoints`,
    'metrics.fetcher.update-interval': 1000,
    // A TaskManager that was killed is noticed after a second or two, not after twenty.
    'heartbeat.interval': 1000,
    'heartbeat.timeout': 10_000,
    'sql-gateway.endpoint.rest.address': '127.0.0.1',
    'sql-gateway.endpoint.rest.bind-address': '127.0.0.1',
    'sql-gateway.endpoint.rest.port': gatewayPort,
    'sql-gateway.endpoint.rest.bind-port': gatewayPort,
    // A kernel that was killed says nothing: its queries end, and free their slots, after this. One that lives says so once a
    // minute.
    'sql-gateway.session.idle-timeout': '3 min',
    'sql-gateway.session.check-interval': '10 s',
    ...more,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}: ${quoted(value)}\n`)
    .join('');
}

/** Logging of all of them: to standard output, which goes to a file each. */
export const LOGGING = `rootLogger.level = INFO
rootLogger.appenderRef.out.ref = out
appender.out.name = out
appender.out.type = Console
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %c - %m%n
logger.pekko.name = org.apache.pekko
logger.pekko.level = WARN
logger.kafka.name = org.apache.kafka
logger.kafka.level = WARN
`;

/** Kafka's `server.properties`: one process that is broker and controller, for few and small topics. */
export function kafkaConfig(folder: string, port: number, controllerPort: number): string {
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    // Backslashes are signs of their own in a file of properties.
    'log.dirs': join(folder, 'kafka').replaceAll('\\', '/'),
    'num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'auto.create.topics.enable': true,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
