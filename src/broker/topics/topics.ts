import { KafkaError } from '../kafka-error.js';
import { openLog } from '../log/open.js';
import type { LogContext, PartitionLog } from '../log/partition-log.js';
import { newUuid } from '../meta.js';
import { type ConfigValues, logConfigOf } from './log-config-of.js';
import { checkTopicName, folderNameFor, namesCollide } from './names.js';
import { type StoredTopic, type StoredTopics, TOPICS_FILE } from './topics-file.js';

/** A topic and its logs. */
export interface Topic {
  readonly name: string;
  /** 22 characters of URL-safe base64. */
  readonly id: string;
  /** Its folders are `logs/<folder>-<partition>`. */
  readonly folder: string;
  /** Kafka's own topics: `__consumer_offsets`, `__transaction_state`. */
  readonly internal: boolean;
  /** By partition number. */
  readonly partitions: PartitionLog[];
  configs: ConfigValues;
}

export const INTERNAL_TOPICS: ReadonlySet<string> = new Set(['__consumer_offsets', '__transaction_state']);

/** As many files and handles as this would be a mistake of the client. */
export const MAX_PARTITIONS = 10_000;

/** The topics of a broker. What is created, changed or deleted here is on the disk when the promise resolves. */
export class Topics {
  private readonly byName = new Map<string, Topic>();
  private readonly byId = new Map<string, Topic>();
  /** Names that are being created or deleted. */
  private readonly busy = new Map<string, Promise<unknown>>();
  private readonly forgetters = new Set<(topic: Topic) => void>();
  private saving: Promise<void> = Promise.resolve();
  private saveQueued: Promise<void> | undefined;
  /** What was set while it ran, under the topics' keys: it goes before what the broker was started with. */
  dynamicDefaults: ConfigValues = {};

  private constructor(
    private readonly context: LogContext,
    /** What the broker was started with, under the topics' keys. */
    readonly startDefaults: ConfigValues,
  ) {}

  /**
   * Opens all logs.
   *
   * @param stored what `readTopics` found
   * @param defaults the broker's values under the topics' configuration keys
   */
  static async open(context: LogContext, stored: StoredTopics, defaults: ConfigValues): Promise<Topics> {
    const topics = new Topics(context, defaults);
    const { storage } = context;
    storage.makeFolder('logs');
    const folders = new Set(storage.list('logs').map(({ name }) => name));
    for (const name of folders) if (name.endsWith('.deleted')) await storage.remove(`logs/${name}`);
    topics.dynamicDefaults = stored.defaults;
    // From now on a folder with logs and without this file is a damaged one.
    if (stored.topics.length === 0) await topics.save();
    for (const one of stored.topics) {
      const topic: Topic = { ...one, internal: INTERNAL_TOPICS.has(one.name), partitions: [] };
      await topics.openPartitions(topic, one.partitions, folders);
      topics.enter(topic);
    }
    return topics;
  }

  private get defaults(): ConfigValues {
    return { ...this.startDefaults, ...this.dynamicDefaults };
  }

  get(name: string): Topic | undefined {
    return this.byName.get(name);
  }

  /** By the id that clients use from Fetch 13 on. */
  withId(id: string): Topic | undefined {
    return this.byId.get(id);
  }

  all(): IterableIterator<Topic> {
    return this.byName.values();
  }

  log(name: string, partition: number): PartitionLog | undefined {
    return this.byName.get(name)?.partitions[partition];
  }

  /** The logs of all partitions. */
  logs(): PartitionLog[] {
    return [...this.byName.values()].flatMap((topic) => topic.partitions);
  }

  /** Calls back when a topic has been deleted. */
  onDeleted(listener: (topic: Topic) => void): void {
    this.forgetters.add(listener);
  }

  /**
   * Whether a topic could be created.
   *
   * @throws KafkaError INVALID_TOPIC_EXCEPTION, TOPIC_ALREADY_EXISTS, INVALID_PARTITIONS
   */
  checkCreate(name: string, partitions: number): void {
    if (this.byName.has(name)) throw new KafkaError('TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`);
    checkTopicName(name);
    if (partitions < 1) throw new KafkaError('INVALID_PARTITIONS', 'Number of partitions must be larger than 0.');
    if (partitions > MAX_PARTITIONS) {
      throw new KafkaError(
        'INVALID_PARTITIONS',
        `${partitions} partitions are more than the ${MAX_PARTITIONS} allowed`,
      );
    }
    for (const other of this.byName.keys()) {
      if (namesCollide(name, other)) {
        throw new KafkaError('INVALID_TOPIC_EXCEPTION', `Topic '${name}' collides with existing topic: ${other}`);
      }
    }
  }

  /** Creates a topic whose configuration has been checked. */
  async create(name: string, partitions: number, configs: ConfigValues = {}): Promise<Topic> {
    while (this.busy.has(name)) await this.busy.get(name)!.catch(() => {});
    this.checkCreate(name, partitions);
    return this.during(name, async () => {
      const id = newUuid();
      const folder = folderNameFor(
        name,
        id,
        [...this.byName.values()].map((topic) => topic.folder),
      );
      const topic: Topic = { name, id, folder, internal: INTERNAL_TOPICS.has(name), partitions: [], configs };
      await this.openPartitions(topic, partitions, undefined);
      this.enter(topic);
      try {
        await this.save();
      } catch (error) {
        this.leave(topic);
        throw error;
      }
      return topic;
    });
  }

  /**
   * Raises the number of partitions.
   *
   * @throws KafkaError INVALID_PARTITIONS, UNKNOWN_TOPIC_OR_PARTITION
   */
  async addPartitions(name: string, count: number): Promise<void> {
    while (this.busy.has(name)) await this.busy.get(name)!.catch(() => {});
    const topic = this.existing(name);
    await this.during(name, async () => {
      await this.openPartitions(topic, count, undefined);
      await this.save();
    });
  }

  /** Deletes a topic with all its records. Its name is free at once. */
  async delete(name: string): Promise<void> {
    while (this.busy.has(name)) await this.busy.get(name)!.catch(() => {});
    const topic = this.existing(name);
    await this.during(name, async () => {
      this.leave(topic);
      await this.save();
      for (const listener of this.forgetters) listener(topic);
      await Promise.all(topic.partitions.map((log) => this.removeLog(log)));
    });
  }

  /** Puts values in place of a topic's own; they have been checked, and act at once. */
  async setConfigs(topic: Topic, configs: ConfigValues): Promise<void> {
    topic.configs = configs;
    const config = logConfigOf(configs, this.defaults);
    for (const log of topic.partitions) log.config = config;
    await this.save();
  }

  /** Puts values in place of those that were set for all topics at run time. */
  async setDefaults(values: ConfigValues): Promise<void> {
    this.dynamicDefaults = values;
    for (const topic of this.byName.values()) {
      const config = logConfigOf(topic.configs, this.defaults);
      for (const log of topic.partitions) log.config = config;
    }
    await this.save();
  }

  /** Saves all logs and gives their handles back. */
  async close(): Promise<void> {
    const results = await Promise.allSettled(this.logs().map((log) => log.close()));
    for (const result of results)
      if (result.status === 'rejected') this.context.onTrouble('closing a log failed', result.reason);
    await this.saving;
  }

  private existing(name: string): Topic {
    const topic = this.byName.get(name);
    if (topic === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `There is no topic '${name}'.`);
    return topic;
  }

  private during<T>(name: string, action: () => Promise<T>): Promise<T> {
    const done = action().finally(() => this.busy.delete(name));
    this.busy.set(name, done);
    return done;
  }

  private enter(topic: Topic): void {
    this.byName.set(topic.name, topic);
    this.byId.set(topic.id, topic);
  }

  private leave(topic: Topic): void {
    this.byName.delete(topic.name);
    this.byId.delete(topic.id);
  }

  /** @param folders what exists, when opening; undefined for new partitions, which must begin empty */
  private async openPartitions(topic: Topic, count: number, folders: ReadonlySet<string> | undefined): Promise<void> {
    const { storage } = this.context;
    const config = logConfigOf(topic.configs, this.defaults);
    const logs: PartitionLog[] = [];
    for (let partition = topic.partitions.length; partition < count; partition++) {
      const name = `${topic.folder}-${partition}`;
      const path = `logs/${name}`;
      if (folders === undefined) await storage.remove(path);
      if (folders === undefined || !folders.has(name)) storage.makeFolder(path);
      logs.push(await openLog(this.context, path, config));
    }
    topic.partitions.push(...logs);
  }

  private async removeLog(log: PartitionLog): Promise<void> {
    const { storage } = this.context;
    await log.abandon();
    // Renamed first: a crash in the middle of deleting must not leave half a log under the topic's name.
    const away = `${log.folder}.${newUuid()}.deleted`;
    try {
      await storage.rename(log.folder, away);
      await storage.remove(away);
    } catch (error) {
      this.context.onTrouble(`the folder ${log.folder} of a deleted topic could not be removed`, error);
    }
  }

  /** Writes `topics.json`. Changes that come while it is being written share the next writing. */
  private save(): Promise<void> {
    this.saveQueued ??= this.saving
      .catch(() => {})
      .then(() => {
        this.saveQueued = undefined;
        const topics: StoredTopic[] = [...this.byName.values()].map(({ name, id, folder, partitions, configs }) => ({
          name,
          id,
          folder,
          partitions: partitions.length,
          configs,
        }));
        const content = { version: 1, defaults: this.dynamicDefaults, topics };
        this.saving = this.context.storage.replace(TOPICS_FILE, `${JSON.stringify(content, null, 1)}\n`);
        return this.saving;
      });
    return this.saveQueued;
  }
}
