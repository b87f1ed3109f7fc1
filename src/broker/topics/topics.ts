import { KafkaError } from '../kafka-error.js';
import { openLog } from '../log/open.js';
import type { LogContext, PartitionLog } from '../log/partition-log.js';
import { newUuid } from '../meta.js';
import { type ConfigValues, logConfigOf } from './log-config-of.js';
import { checkTopicName, collisionKey, folderNameFor } from './names.js';
import { DeletedLogs, makeLogs } from './partition-logs.js';
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

/** Each takes about two kilobytes of memory: what nobody means to have must not end the broker. */
const MAX_PARTITIONS = 200_000;

/** The topics of a broker. What is created, changed or deleted here is on the disk when the promise resolves. */
export class Topics {
  private readonly byName = new Map<string, Topic>();
  private readonly byId = new Map<string, Topic>();
  /** Names by `collisionKey`. */
  private readonly collisions = new Map<string, string>();
  /** In small letters. */
  private readonly folders = new Set<string>();
  private readonly deleted: DeletedLogs;
  private partitions = 0;
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
  ) {
    this.deleted = new DeletedLogs(context);
  }

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
    topics.deleted.takeLeftovers(folders);
    topics.dynamicDefaults = stored.defaults;
    // From now on a folder with logs and without this file is a damaged one.
    if (stored.topics.length === 0) await topics.save();
    for (const one of stored.topics) {
      const topic: Topic = { ...one, internal: INTERNAL_TOPICS.has(one.name), partitions: [] };
      await topics.openPartitions(topic, one.partitions, folders);
      topics.reserve(topic, one.partitions);
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
    const other = this.collisions.get(collisionKey(name));
    if (other !== undefined) {
      throw new KafkaError('INVALID_TOPIC_EXCEPTION', `Topic '${name}' collides with existing topic: ${other}`);
    }
    this.checkRoom(partitions);
  }

  /**
   * Whether there is room for so many partitions more.
   *
   * @throws KafkaError POLICY_VIOLATION
   */
  checkRoom(more: number): void {
    if (this.partitions + more <= MAX_PARTITIONS) return;
    const text = `There are ${this.partitions} partitions; with ${more} more there would be more than ${MAX_PARTITIONS}.`;
    throw new KafkaError('POLICY_VIOLATION', text);
  }

  /** Creates a topic whose configuration has been checked. */
  async create(name: string, partitions: number, configs: ConfigValues = {}): Promise<Topic> {
    while (this.busy.has(name)) await this.busy.get(name)!.catch(() => {});
    this.checkCreate(name, partitions);
    return this.during(name, async () => {
      const id = newUuid();
      const folder = folderNameFor(name, id, this.folders);
      const topic: Topic = { name, id, folder, internal: INTERNAL_TOPICS.has(name), partitions: [], configs };
      // At once: others may be created at the same time.
      this.reserve(topic, partitions);
      try {
        await this.makePartitions(topic, partitions);
        this.enter(topic);
        await this.save();
      } catch (error) {
        this.leave(topic);
        this.release(topic, partitions);
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
    const more = count - topic.partitions.length;
    this.checkRoom(more);
    this.partitions += more;
    await this.during(name, async () => {
      try {
        await this.makePartitions(topic, count);
      } catch (error) {
        this.partitions -= more;
        throw error;
      }
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
      await this.deleted.take(topic.partitions);
      this.release(topic, topic.partitions.length);
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
    await this.deleted.stop();
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

  private reserve(topic: Topic, partitions: number): void {
    this.collisions.set(collisionKey(topic.name), topic.name);
    this.folders.add(topic.folder.toLowerCase());
    this.partitions += partitions;
  }

  private release(topic: Topic, partitions: number): void {
    this.collisions.delete(collisionKey(topic.name));
    this.folders.delete(topic.folder.toLowerCase());
    this.partitions -= partitions;
  }

  private enter(topic: Topic): void {
    this.byName.set(topic.name, topic);
    this.byId.set(topic.id, topic);
  }

  private leave(topic: Topic): void {
    this.byName.delete(topic.name);
    this.byId.delete(topic.id);
  }

  /** @param folders what exists */
  private async openPartitions(topic: Topic, count: number, folders: ReadonlySet<string>): Promise<void> {
    const config = logConfigOf(topic.configs, this.defaults);
    for (const path of foldersOf(topic, count)) {
      if (!folders.has(path.slice('logs/'.length))) this.context.storage.makeFolder(path);
      topic.partitions.push(await openLog(this.context, path, config));
    }
  }

  private async makePartitions(topic: Topic, count: number): Promise<void> {
    const config = logConfigOf(topic.configs, this.defaults);
    topic.partitions.push(...(await makeLogs(this.context, foldersOf(topic, count), config)));
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

/** The folders of the partitions that a topic is to have more. */
function foldersOf(topic: Topic, count: number): string[] {
  const first = topic.partitions.length;
  return Array.from({ length: count - first }, (_, i) => `logs/${topic.folder}-${first + i}`);
}
