import type { Fault, InjectedFault } from './faults/fault.js';
import type { BrokerMetrics } from './metrics/metrics.js';

/** How a topic is created. */
export interface NewTopicOptions {
  /** Default 1, or what the broker was started with. */
  readonly partitions?: number | undefined;
  /** Kafka's topic configurations, such as `{ 'cleanup.policy': 'compact' }`. */
  readonly configs?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** A running broker. */
export interface Broker {
  /** `127.0.0.1:9092`: what clients take as bootstrap server. */
  readonly address: string;
  readonly host: string;
  readonly port: number;
  /** 22 characters; the same for the life of a data folder. */
  readonly clusterId: string;
  /** The absolute path of the data folder; undefined in memory. */
  readonly data: string | undefined;
  /**
   * Creates a topic.
   *
   * @throws StreambookError `kafka-error` when it exists, or its name or configuration is invalid
   */
  createTopic(name: string, options?: NewTopicOptions): Promise<void>;
  /**
   * Makes something go wrong, for a lesson or a test: a delay, a dropped connection, a refused connection, an error in
   * place of an answer, or an answer that gets lost after the work was done. Faults are looked at in the order in which
   * they were injected; delays add up, and the first one of another kind decides. Without faults nothing is slower.
   *
   * @example
   *   // The next two writes to `novel` find no leader; clients try again by themselves.
   *   const fault = broker.inject({ fault: 'error', error: 'NOT_LEADER_OR_FOLLOWER', api: 'Produce', topic: 'novel', times: 2 });
   *   await fault.hit(2);
   * @example
   *   // Written, but the producer does not learn it: an idempotent one must not write it twice.
   *   broker.inject({ fault: 'lose-answer', api: 'Produce', times: 1 });
   * @example
   *   // Everything that one client asks takes half a second longer, until removed.
   *   const slow = broker.inject({ fault: 'delay', delayMs: 500, clientId: 'slow-reader' });
   *   slow.remove();
   * @example
   *   // Whatever can be said in code: the heartbeats of one group.
   *   broker.inject({ fault: 'drop', api: 'Heartbeat', when: ({ groupId }) => groupId === 'readers' });
   * @throws ArgumentError when it says what cannot be
   */
  inject(fault: Fault): InjectedFault;
  /** Removes all faults that were injected. */
  heal(): void;
  /**
   * Goes down: closes all connections and takes no more, as a crashed broker does. What is stored stays; so do the port,
   * groups and transactions, whose time-outs go on. Resolves when nobody is connected any more.
   *
   * @example
   *   await broker.down();
   *   // ... clients lose their connections and try again ...
   *   await broker.up();
   */
  down(): Promise<void>;
  /**
   * Comes back on the same port.
   *
   * @throws StreambookError `broker-port-taken` when somebody else took the port meanwhile (call it again then),
   *   `broker-stopped`
   */
  up(): Promise<void>;
  /**
   * What goes through the broker, and where groups stand: plain data, to be drawn or compared.
   *
   * @example
   *   const before = broker.metrics();
   *   // ... some traffic ...
   *   const after = broker.metrics();
   *   const lag = after.groups.find(({ group }) => group === 'readers')?.lag;
   */
  metrics(): BrokerMetrics;
  /** The same in the text format of Prometheus. `metricsPort` serves it. */
  prometheus(): string;
  /** `http://127.0.0.1:PORT/metrics`, when the broker was started with `metricsPort`. */
  readonly metricsAddress: string | undefined;
  /** Finishes what is being written, saves everything and closes all connections. Further calls wait for the first. */
  stop(): Promise<void>;
}

/** What a client on this machine can connect to. */
export function addressOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Whether an address reaches this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
