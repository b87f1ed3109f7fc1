import { ArgumentError } from '../core/errors.js';
import type { OnEvent } from './events.js';
import type { SaslOptions, TlsOptions } from './security/options.js';

/** How to start a broker. Everything has a default. */
export interface BrokerOptions {
  /** TCP port; 0 takes a free one. Default 9092. */
  readonly port?: number | undefined;
  /** Address to listen on. Default `127.0.0.1`: only this machine. `0.0.0.0` is all of its addresses. */
  readonly host?: string | undefined;
  /**
   * `host:port` that clients are told to connect to, where they cannot reach the broker by the address they came by
   * (behind a tunnel or a container's port). Default: the address by which the client came. Kafka: `advertised.listeners`.
   */
  readonly advertised?: string | undefined;
  /** Folder that keeps the data, made if it is not there; `memory` keeps nothing. Default `memory`. */
  readonly data?: string | undefined;
  /** `os`: written records survive the end of the process, as Kafka's default. `always`: fsync before each answer. Default `os`. */
  readonly flush?: 'os' | 'always' | undefined;
  /** A group member whose connection drops has left at once, instead of after its session timeout. Default true. */
  readonly fastRebalance?: boolean | undefined;
  /** Kafka: `group.initial.rebalance.delay.ms`. Default 0 (Kafka's is 3000). */
  readonly initialRebalanceDelayMs?: number | undefined;
  /** Kafka: `group.min.session.timeout.ms`. Default 6000. */
  readonly minSessionTimeoutMs?: number | undefined;
  /**
   * Committed offsets of a group without members are forgotten after it. Kafka: `offsets.retention.minutes`. Default 10080,
   * seven days.
   */
  readonly offsetsRetentionMinutes?: number | undefined;
  /** Creates topics that clients ask for. Kafka: `auto.create.topics.enable`. Default true. */
  readonly autoCreateTopics?: boolean | undefined;
  /** Kafka: `num.partitions`. Default 1. */
  readonly defaultPartitions?: number | undefined;
  /** Configuration for topics that do not set it themselves, such as `{ 'retention.ms': 3_600_000 }`. */
  readonly topicDefaults?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** The largest request. Kafka: `socket.request.max.bytes`. Default 104857600. */
  readonly maxRequestBytes?: number | undefined;
  /** Memory that requests of all connections may take together. Default 512 MiB. */
  readonly maxRequestMemoryBytes?: number | undefined;
  /** Memory that answers which are not yet sent may take together, and one batch for each reader. Default 512 MiB. */
  readonly maxResponseMemoryBytes?: number | undefined;
  /** Connections at the same time; more are closed at once. Kafka: `max.connections`. Default 10000. */
  readonly maxConnections?: number | undefined;
  /** Asks clients who they are. Default: whoever can connect may do everything. */
  readonly sasl?: SaslOptions | undefined;
  /** Encrypts all connections. Default: none is. */
  readonly tls?: TlsOptions | undefined;
  /** Serves `http://127.0.0.1:PORT/metrics` for Prometheus; 0 takes a free port. Default: not served. */
  readonly metricsPort?: number | undefined;
  /** How often retention and compaction are looked at, in milliseconds. Default 1000 (Kafka: 300000 and 15000). */
  readonly housekeepingMs?: number | undefined;
  /** Told when clients can connect, which is a little before `startBroker` resolves. */
  readonly onListening?: ((where: ListeningAt) => void) | undefined;
  /** Told of closed connections, repaired damage, and what else goes wrong. Default: nothing is said. */
  readonly onEvent?: OnEvent | undefined;
}

/** Where a broker listens. */
export interface ListeningAt {
  readonly host: string;
  readonly port: number;
  /** `127.0.0.1:9092` */
  readonly address: string;
}

/** Options with their defaults, checked. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly advertised: { readonly host: string; readonly port: number } | undefined;
  /** Undefined: memory. */
  readonly data: string | undefined;
  readonly flushAlways: boolean;
  readonly fastRebalance: boolean;
  readonly initialRebalanceDelayMs: number;
  readonly minSessionTimeoutMs: number;
  readonly offsetsRetentionMinutes: number;
  readonly autoCreateTopics: boolean;
  readonly defaultPartitions: number;
  readonly topicDefaults: readonly { readonly name: string; readonly value: string }[];
  readonly maxRequestBytes: number;
  readonly maxRequestMemoryBytes: number;
  readonly maxResponseMemoryBytes: number;
  readonly maxConnections: number;
  readonly sasl: SaslOptions | undefined;
  readonly tls: TlsOptions | undefined;
  readonly metricsPort: number | undefined;
  readonly housekeepingMs: number;
  readonly onListening: ((where: ListeningAt) => void) | undefined;
  readonly onEvent: OnEvent;
}

/** @throws ArgumentError that quotes what is wrong */
export function checkOptions(options: BrokerOptions): Settings {
  const data = options.data === 'memory' || options.data === '' ? undefined : options.data;
  const { flush = 'os' } = options;
  if (flush !== 'os' && flush !== 'always') throw new ArgumentError(`flush must be 'os' or 'always', not '${flush}'`);
  return {
    port: integer('port', options.port, 9092, 0, 65535),
    host: options.host ?? '127.0.0.1',
    advertised: options.advertised === undefined ? undefined : parseAddress(options.advertised),
    data,
    flushAlways: flush === 'always',
    fastRebalance: options.fastRebalance ?? true,
    initialRebalanceDelayMs: integer('initialRebalanceDelayMs', options.initialRebalanceDelayMs, 0, 0),
    minSessionTimeoutMs: integer('minSessionTimeoutMs', options.minSessionTimeoutMs, 6000, 1),
    offsetsRetentionMinutes: integer('offsetsRetentionMinutes', options.offsetsRetentionMinutes, 10_080, 1),
    autoCreateTopics: options.autoCreateTopics ?? true,
    defaultPartitions: integer('defaultPartitions', options.defaultPartitions, 1, 1, 10_000),
    topicDefaults: Object.entries(options.topicDefaults ?? {}).map(([name, value]) => ({ name, value: String(value) })),
    maxRequestBytes: integer('maxRequestBytes', options.maxRequestBytes, 104_857_600, 1024),
    maxRequestMemoryBytes: integer('maxRequestMemoryBytes', options.maxRequestMemoryBytes, 512 * 1024 * 1024, 1024),
    maxResponseMemoryBytes: integer('maxResponseMemoryBytes', options.maxResponseMemoryBytes, 512 * 1024 * 1024, 0),
    maxConnections: integer('maxConnections', options.maxConnections, 10_000, 1),
    sasl: options.sasl,
    tls: options.tls,
    metricsPort:
      options.metricsPort === undefined ? undefined : integer('metricsPort', options.metricsPort, 0, 0, 65535),
    housekeepingMs: integer('housekeepingMs', options.housekeepingMs, 1000, 1),
    onListening: options.onListening,
    onEvent: options.onEvent ?? (() => {}),
  };
}

function integer(name: string, value: number | undefined, fallback: number, min: number, max = 0x7fffffff): number {
  if (value === undefined) return fallback;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new ArgumentError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}

function parseAddress(text: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65535) {
    throw new ArgumentError(`advertised must be host:port, such as my-machine:9092, not '${text}'`);
  }
  return { host: (match[1] ?? match[2])!, port };
}
