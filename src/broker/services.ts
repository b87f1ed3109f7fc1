import type { OnEvent } from './events.js';
import type { GroupCoordinator } from './groups/coordinator.js';
import type { OffsetStore } from './groups/offset-store.js';
import type { BufferPool } from './log/buffer-pool.js';
import type { TrafficCounters } from './metrics/traffic.js';
import type { ProducerIds } from './producer-ids.js';
import type { Topics } from './topics/topics.js';
import type { TransactionCoordinator } from './transactions/coordinator.js';

/** What handlers work with. */
export interface Services {
  readonly nodeId: number;
  readonly clusterId: string;
  readonly topics: Topics;
  readonly groups: GroupCoordinator;
  readonly offsets: OffsetStore;
  readonly producerIds: ProducerIds;
  readonly transactions: TransactionCoordinator;
  /** For what is read from logs. */
  readonly buffers: BufferPool;
  /** How much of it may be lent before readers get one batch only. */
  readonly maxResponseMemoryBytes: number;
  readonly traffic: TrafficCounters;
  /** The folder with the data, or `memory`. */
  readonly logDir: string;
  /** Bytes of the disk and what is free of them; -1 in memory. */
  diskSpace(): Promise<{ readonly totalBytes: number; readonly usableBytes: number }>;
  readonly autoCreateTopics: boolean;
  /** Partitions of a topic for which nobody said how many. */
  readonly defaultPartitions: number;
  /** Where clients shall connect: the advertised address, or where they came by. */
  addressFor(localHost: string): { readonly host: string; readonly port: number };
  /** What DescribeConfigs says of the broker besides the defaults of topics. */
  readonly fixedConfigs: Readonly<Record<string, string>>;
  readonly onEvent: OnEvent;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
