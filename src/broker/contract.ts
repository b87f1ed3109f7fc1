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
  /** Finishes what is being written, saves everything and closes all connections. Further calls wait for the first. */
  stop(): Promise<void>;
}

/** What a client on this machine can connect to. */
export function addressOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
