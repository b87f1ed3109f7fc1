import { type Admin, Kafka, logLevel, type Producer } from 'kafkajs';
import { until } from '../support/temp.js';
import { readCommitted } from './committed.js';

const PARTITIONS = 2;
/** Written behind the results. */
const END = 'end';

/** The topics of one job, `in` and `out`, and what is written to the one and read from the other. */
export class Topics {
  readonly in: string;
  readonly out: string;
  private readonly kafka: Kafka;
  private readonly admin: Admin;
  private readonly producer: Producer;
  private sent = 0;
  private feeding: Promise<void> | undefined;
  private stopped = false;

  private constructor(
    readonly address: string,
    readonly name: string,
  ) {
    this.in = `${name}-in`;
    this.out = `${name}-out`;
    this.kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING });
    this.admin = this.kafka.admin();
    this.producer = this.kafka.producer();
  }

  static async create(address: string, name: string): Promise<Topics> {
    const topics = new Topics(address, name);
    await topics.admin.connect();
    await topics.producer.connect();
    await topics.admin.createTopics({
      topics: [topics.in, topics.out].map((topic) => ({ topic, numPartitions: PARTITIONS })),
      waitForLeaders: true,
    });
    return topics;
  }

  /** Writes the next numbers. */
  async feed(count: number): Promise<void> {
    const messages = Array.from({ length: count }, () => ({
      partition: this.sent % PARTITIONS,
      value: `${this.sent++}`,
    }));
    await this.producer.send({ topic: this.in, messages });
  }

  /** Writes a few numbers at a time until `stopFeeding`. */
  keepFeeding(): void {
    this.feeding = (async () => {
      while (!this.stopped) {
        await this.feed(10);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
  }

  async stopFeeding(): Promise<void> {
    this.stopped = true;
    await this.feeding;
  }

  /** All numbers that were written. */
  get numbers(): number[] {
    return Array.from({ length: this.sent }, (_, n) => n);
  }

  /** The numbers in `out` that are committed: all that was written must be among them, whatever comes twice. */
  async results(): Promise<number[]> {
    const seen: number[] = [];
    let ends = 0;
    let stopped = false;
    const take = (text: string): void => {
      if (text === END) ends++;
      else seen.push(Number(text));
    };
    const readers = Array.from({ length: PARTITIONS }, (_, partition) =>
      readCommitted(this.address, this.out, partition, take, () => stopped),
    );
    try {
      const missing = (): number[] => {
        const there = new Set(seen);
        return this.numbers.filter((n) => !there.has(n));
      };
      await until(() => missing().length === 0, `all of ${this.sent} numbers in ${this.out}`, 60_000).catch((error) => {
        throw new Error(`${error.message}: ${seen.length} read, ${missing().slice(0, 5)} ... missing`);
      });
      // What is there twice may lie behind the last number.
      const messages = Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, value: END }));
      await this.producer.send({ topic: this.out, messages });
      await until(() => ends === PARTITIONS, `the end of ${this.out}`, 60_000);
    } finally {
      stopped = true;
      await Promise.all(readers);
    }
    return seen;
  }

  /** How many records of `in` the job's group has yet to read, by its committed offsets. */
  async lag(): Promise<number> {
    const ends = await this.admin.fetchTopicOffsets(this.in);
    const [group] = await this.admin.fetchOffsets({ groupId: this.name, topics: [this.in] });
    const committed = new Map(group!.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return ends.reduce(
      (sum, { partition, high }) => sum + Number(high) - Math.max(0, committed.get(partition) ?? 0),
      0,
    );
  }

  async close(): Promise<void> {
    await this.stopFeeding();
    await this.producer.disconnect();
    await this.admin.disconnect();
  }
}
