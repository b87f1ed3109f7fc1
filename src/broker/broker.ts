import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { StreambookError } from '../core/errors.js';
import { GroupCoordinator } from './groups/coordinator.js';
import { OffsetStore } from './groups/offset-store.js';
import { served } from './handlers/index.js';
import { Housekeeping } from './housekeeping.js';
import { type FolderLock, lockFolder } from './lock.js';
import { BufferPool } from './log/buffer-pool.js';
import type { LogContext } from './log/partition-log.js';
import { openMeta } from './meta.js';
import { type BrokerOptions, checkOptions, type Settings } from './options.js';
import { ProducerIds } from './producer-ids.js';
import { MemoryBudget } from './server/memory-budget.js';
import { Server } from './server/server.js';
import type { Services } from './services.js';
import { DiskStorage } from './storage/disk.js';
import { MemoryStorage } from './storage/memory.js';
import type { Storage } from './storage/storage.js';
import { checkConfigs } from './topics/check-configs.js';
import { Topics } from './topics/topics.js';

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

/**
 * Starts a broker that every Kafka client can talk to, in this process.
 *
 * @throws StreambookError `broker-port-taken`, `broker-data-in-use`, `broker-data-unwritable`, `broker-data-damaged`,
 *   `broker-data-newer`, `broker-data-foreign`, `broker-cannot-listen`, `bad-argument`
 * @example
 *   const broker = await startBroker({ port: 0 });           // a free port, data in memory
 *   const kafka = new Kafka({ brokers: [broker.address] });  // any client
 *   await broker.stop();
 */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const settings = checkOptions(options);
  const lock = settings.data === undefined ? undefined : lockData(settings.data);
  const storage = lock === undefined ? new MemoryStorage() : new DiskStorage(lock.folder);
  try {
    return await RunningBroker.start(settings, storage, lock);
  } catch (error) {
    await storage.close();
    lock?.release();
    throw error;
  }
}

interface LockedFolder extends FolderLock {
  readonly folder: string;
}

function lockData(data: string): LockedFolder {
  const folder = resolve(data);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new StreambookError('broker-data-unwritable', `cannot make the data folder ${folder}`, {
      hint: 'give --data a folder that belongs to you, on a disk that has room',
      cause: error,
    });
  }
  return { folder, ...lockFolder(folder) };
}

class RunningBroker implements Broker {
  port = 0;
  private stopping: Promise<void> | undefined;

  private constructor(
    private readonly settings: Settings,
    private readonly services: Services,
    private readonly storage: Storage,
    private readonly lock: FolderLock | undefined,
    private readonly housekeeping: Housekeeping,
    private readonly server: Server,
  ) {}

  static async start(settings: Settings, storage: Storage, lock: FolderLock | undefined): Promise<RunningBroker> {
    const { onEvent } = settings;
    const now = Date.now;
    const meta = await openMeta(storage);
    const logs: LogContext = {
      storage,
      flushAlways: settings.flushAlways,
      onTrouble: (message, error) =>
        onEvent(error === undefined ? { kind: 'storage', message } : { kind: 'storage', message, error }),
      now,
    };
    const topics = await Topics.open(logs, settings.topicDefaults);
    const offsets = await OffsetStore.open(topics, now);
    const groups = new GroupCoordinator(
      {
        minSessionTimeoutMs: settings.minSessionTimeoutMs,
        maxSessionTimeoutMs: 1_800_000,
        initialRebalanceDelayMs: settings.initialRebalanceDelayMs,
        fastRebalance: settings.fastRebalance,
        now,
      },
      offsets,
    );
    topics.onDeleted((topic) => {
      offsets
        .topicDeleted(topic.name)
        .catch((error) => onEvent({ kind: 'storage', message: `offsets of ${topic.name} were not deleted`, error }));
    });
    const services: Services = {
      nodeId: meta.nodeId,
      clusterId: meta.clusterId,
      served: served(),
      topics,
      groups,
      offsets,
      producerIds: new ProducerIds(storage),
      buffers: new BufferPool(),
      autoCreateTopics: settings.autoCreateTopics,
      defaultPartitions: settings.defaultPartitions,
      fixedConfigs: fixedConfigs(settings, meta.nodeId),
      addressFor: (localHost) => settings.advertised ?? { host: localHost, port: broker.port },
      onEvent,
      now,
    };
    const server = new Server(
      {
        services,
        budget: new MemoryBudget(settings.maxRequestMemoryBytes),
        maxFrameBytes: settings.maxRequestBytes,
        onEvent,
      },
      (connection) => groups.connectionClosed(connection),
    );
    const housekeeping = new Housekeeping(topics, offsets, onEvent, now, settings.housekeepingMs);
    const broker = new RunningBroker(settings, services, storage, lock, housekeeping, server);
    try {
      broker.port = await server.listen(settings.host, settings.port);
    } catch (error) {
      await broker.close();
      throw error;
    }
    return broker;
  }

  get host(): string {
    return this.settings.host;
  }

  get address(): string {
    const { host } = this.settings;
    const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
    return `${reachable.includes(':') ? `[${reachable}]` : reachable}:${this.port}`;
  }

  get clusterId(): string {
    return this.services.clusterId;
  }

  get data(): string | undefined {
    return this.storage.folder;
  }

  async createTopic(name: string, options: NewTopicOptions = {}): Promise<void> {
    const configs = Object.entries(options.configs ?? {}).map(([key, value]) => ({ name: key, value: String(value) }));
    const partitions = options.partitions ?? this.services.defaultPartitions;
    await this.services.topics.create(name, partitions, checkConfigs(configs));
  }

  stop(): Promise<void> {
    this.stopping ??= this.close();
    return this.stopping;
  }

  private async close(): Promise<void> {
    this.server.stopListening();
    await this.housekeeping.stop();
    this.services.groups.stop();
    // What is being written is still answered; nothing new is taken.
    await this.services.topics.close();
    await this.server.stop();
    await this.storage.close();
    this.lock?.release();
  }
}

function fixedConfigs(settings: Settings, nodeId: number): Record<string, string> {
  return {
    'auto.create.topics.enable': String(settings.autoCreateTopics),
    'broker.id': String(nodeId),
    'default.replication.factor': '1',
    'group.initial.rebalance.delay.ms': String(settings.initialRebalanceDelayMs),
    'group.max.session.timeout.ms': '1800000',
    'group.min.session.timeout.ms': String(settings.minSessionTimeoutMs),
    'log.dirs': settings.data ?? 'memory',
    'node.id': String(nodeId),
    'num.partitions': String(settings.defaultPartitions),
    'offsets.retention.minutes': '10080',
    'offsets.topic.replication.factor': '1',
    'process.roles': 'broker,controller',
    'socket.request.max.bytes': String(settings.maxRequestBytes),
  };
}
