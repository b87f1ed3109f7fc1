import { ArgumentError, StreambookError } from '../core/errors.js';
import type { FolderLock } from '../core/folder-lock.js';
import { addressOf, type Broker, type NewTopicOptions } from './contract.js';
import type { Fault, InjectedFault } from './faults/fault.js';
import { Faults } from './faults/faults.js';
import { GroupCoordinator } from './groups/coordinator.js';
import { OffsetStore } from './groups/offset-store.js';
import { served } from './handlers/index.js';
import { Housekeeping } from './housekeeping.js';
import { errorMessageOf } from './kafka-error.js';
import { BufferPool } from './log/buffer-pool.js';
import type { LogContext } from './log/partition-log.js';
import type { Meta } from './meta.js';
import type { MetricsPage } from './metrics/http.js';
import type { BrokerMetrics } from './metrics/metrics.js';
import { prometheusText } from './metrics/prometheus.js';
import { type MetricsSource, snapshot } from './metrics/snapshot.js';
import { TrafficCounters } from './metrics/traffic.js';
import type { Settings } from './options.js';
import { ProducerIds } from './producer-ids.js';
import type { SaslSettings } from './security/session.js';
import { Connection } from './server/connection.js';
import { MemoryBudget } from './server/memory-budget.js';
import type { Server } from './server/server.js';
import type { Services } from './services.js';
import { diskSpaceOf } from './storage/disk-space.js';
import type { Storage } from './storage/storage.js';
import { checkConfigs } from './topics/check-configs.js';
import type { ConfigValues } from './topics/log-config-of.js';
import { Topics } from './topics/topics.js';
import type { StoredTopics } from './topics/topics-file.js';
import { TransactionCoordinator } from './transactions/coordinator.js';
import { TransactionStore } from './transactions/store.js';

/** Kafka: `transaction.max.timeout.ms`. */
const MAX_TRANSACTION_TIMEOUT_MS = 900_000;

/** What there is when a broker listens, and everything else is still to be made. */
export interface Beginning {
  readonly settings: Settings;
  readonly storage: Storage;
  readonly lock: FolderLock | undefined;
  readonly meta: Meta;
  readonly topics: StoredTopics;
  readonly server: Server;
  readonly port: number;
  readonly sasl: SaslSettings | undefined;
}

/** The parts of a broker, put together. */
export class RunningBroker implements Broker {
  private stopping: Promise<void> | undefined;
  private metricsPage: MetricsPage | undefined;
  private switching: Promise<void> = Promise.resolve();
  private isUp = true;

  private constructor(
    private readonly begun: Beginning,
    private readonly services: Services,
    private readonly faults: Faults,
    private readonly budget: MemoryBudget,
    private readonly housekeeping: Housekeeping,
  ) {}

  /** Opens the logs, and lets clients in. */
  static async open(begun: Beginning): Promise<RunningBroker> {
    const { settings, storage, meta, server, port } = begun;
    const { onEvent } = settings;
    const now = Date.now;
    const logs: LogContext = {
      storage,
      flushAlways: settings.flushAlways,
      onTrouble: (message, error) =>
        onEvent(error === undefined ? { kind: 'storage', message } : { kind: 'storage', message, error }),
      now,
    };
    const topics = await Topics.open(logs, begun.topics, defaultsOf(settings));
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
    const producerIds = new ProducerIds(storage);
    const transactions = await TransactionCoordinator.open({
      topics,
      offsets,
      store: new TransactionStore(topics, now),
      producerIds,
      maxTimeoutMs: MAX_TRANSACTION_TIMEOUT_MS,
      now,
    });
    const traffic = new TrafficCounters();
    topics.onDeleted(({ name }) => {
      traffic.forgetTopic(name);
      transactions
        .topicDeleted(name)
        .catch((error) => onEvent({ kind: 'storage', message: 'transactions were not forgotten', error }));
    });
    const services: Services = {
      nodeId: meta.nodeId,
      clusterId: meta.clusterId,
      topics,
      groups,
      offsets,
      producerIds,
      transactions,
      buffers: new BufferPool(),
      maxResponseMemoryBytes: settings.maxResponseMemoryBytes,
      traffic,
      logDir: storage.folder ?? 'memory',
      diskSpace: () => diskSpaceOf(storage.folder),
      autoCreateTopics: settings.autoCreateTopics,
      defaultPartitions: settings.defaultPartitions,
      fixedConfigs: fixedConfigs(settings, meta.nodeId),
      addressFor: (localHost) => settings.advertised ?? { host: localHost, port },
      onEvent,
      now,
    };
    const faults = new Faults();
    const budget = new MemoryBudget(settings.maxRequestMemoryBytes);
    const context = {
      services,
      served: served(),
      budget,
      maxFrameBytes: settings.maxRequestBytes,
      faults,
      sasl: begun.sasl,
      onEvent,
    };
    server.serve({
      serve(socket) {
        const connection = new Connection(socket, context);
        traffic.connectionsOpen++;
        traffic.connectionsAccepted++;
        connection.onClose(() => {
          traffic.connectionsOpen--;
          groups.connectionClosed(connection);
        });
        return connection;
      },
      refuses(open) {
        const refuses = open >= settings.maxConnections || (faults.refusing && faults.refuse());
        if (refuses) traffic.connectionsRefused++;
        return refuses;
      },
    });
    const broker = new RunningBroker(
      begun,
      services,
      faults,
      budget,
      new Housekeeping(topics, offsets, transactions, onEvent, now, {
        everyMs: settings.housekeepingMs,
        offsetsRetentionMs: settings.offsetsRetentionMinutes * 60_000,
      }),
    );
    if (settings.metricsPort !== undefined) await broker.openMetricsPage(settings.metricsPort);
    return broker;
  }

  private async openMetricsPage(port: number): Promise<void> {
    const { serveMetrics } = await import('./metrics/http.js');
    this.metricsPage = await serveMetrics(port, () => this.prometheus());
  }

  get host(): string {
    return this.begun.settings.host;
  }

  get port(): number {
    return this.begun.port;
  }

  get address(): string {
    return addressOf(this.host, this.port);
  }

  get clusterId(): string {
    return this.services.clusterId;
  }

  get data(): string | undefined {
    return this.begun.storage.folder;
  }

  async createTopic(name: string, options: NewTopicOptions = {}): Promise<void> {
    const configs = Object.entries(options.configs ?? {}).map(([key, value]) => ({ name: key, value: String(value) }));
    const partitions = options.partitions ?? this.services.defaultPartitions;
    await this.services.topics.create(name, partitions, checkConfigs(configs));
  }

  inject(fault: Fault): InjectedFault {
    return this.faults.inject(fault);
  }

  heal(): void {
    this.faults.clear();
  }

  down(): Promise<void> {
    return this.switch(false, () => this.begun.server.stop());
  }

  up(): Promise<void> {
    return this.switch(true, async () => {
      if (this.stopping !== undefined) throw new StreambookError('broker-stopped', 'the broker has been stopped');
      await this.begun.server.listen(this.host, this.port);
    });
  }

  /** One after the other, whoever calls. */
  private switch(up: boolean, action: () => Promise<void>): Promise<void> {
    const done = this.switching.then(async () => {
      if (this.isUp === up) return;
      await action();
      this.isUp = up;
    });
    this.switching = done.catch(() => {});
    return done;
  }

  metrics(): BrokerMetrics {
    return snapshot(this.metricsSource);
  }

  prometheus(): string {
    const source = this.metricsSource;
    return prometheusText(snapshot(source), source.counters, source.apiName);
  }

  get metricsAddress(): string | undefined {
    return this.metricsPage === undefined ? undefined : `http://127.0.0.1:${this.metricsPage.port}/metrics`;
  }

  private get metricsSource(): MetricsSource {
    const { services } = this;
    return {
      counters: services.traffic,
      services,
      apiName: (apiKey) => served().get(apiKey)?.name ?? String(apiKey),
      requestMemoryBytes: this.budget.heldBytes,
    };
  }

  stop(): Promise<void> {
    this.stopping ??= this.close();
    return this.stopping;
  }

  private async close(): Promise<void> {
    await this.switching;
    await this.metricsPage?.close();
    this.begun.server.stopListening();
    await this.housekeeping.stop();
    this.services.groups.stop();
    this.services.transactions.stop();
    // What is being written is still answered; nothing new is taken.
    await this.services.topics.close();
    await this.begun.server.stop();
    await this.begun.storage.close();
    this.begun.lock?.release();
  }
}

function defaultsOf({ topicDefaults }: Settings): ConfigValues {
  try {
    return checkConfigs(topicDefaults);
  } catch (error) {
    throw new ArgumentError(`topicDefaults: ${errorMessageOf(error)}`);
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
    'offsets.retention.minutes': String(settings.offsetsRetentionMinutes),
    'offsets.topic.replication.factor': '1',
    'process.roles': 'broker,controller',
    'socket.request.max.bytes': String(settings.maxRequestBytes),
    'transaction.max.timeout.ms': String(MAX_TRANSACTION_TIMEOUT_MS),
    'transactional.id.expiration.ms': '604800000',
  };
}
