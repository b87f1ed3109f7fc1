import type { BrokersOption } from '../connection/brokers.js';
import { listOffsets, logEnds, type OpenCluster, openCluster } from '../connection/cluster.js';
import { explain } from '../errors.js';
import { Fetcher, type FetcherOptions, type Position, type ReaderBatch } from './fetcher.js';
import { type Offsets, type StartPosition, startOffsets } from './start.js';

export interface ReaderOptions extends FetcherOptions {
  /** One topic or several. */
  readonly topic: string | readonly string[];
  readonly brokers?: BrokersOption | undefined;
  /** Default: `'earliest'`. */
  readonly start?: StartPosition | undefined;
  /** `'end'`: what is there when the reader opens; or the offset after the last one wanted. Default: for ever. */
  readonly until?: 'end' | { readonly timestamp: number } | { readonly offsets: Offsets } | undefined;
  readonly clientId?: string | undefined;
  /** Which partitions are read. Default: all. */
  readonly only?: ((topic: string, partition: number) => boolean) | undefined;
}

/**
 * Reads partitions from offsets that the caller owns: no consumer group, no commits. What sources of the engine, and
 * `receive()`, are built on.
 */
export interface Reader extends AsyncIterable<ReaderBatch> {
  /** The next batch; `undefined` at the end, or after `close()`. @throws `broker-lost`, `offset-out-of-range`, ... */
  next(): Promise<ReaderBatch | undefined>;
  /** A batch that is there already, without waiting; for callers that poll. */
  poll(): ReaderBatch | undefined;
  /** Resolves when `poll()` may have something, or the end was reached. @throws what ended the reading */
  ready(): Promise<void>;
  /** Whether every partition has been handed out up to its end. Never, without `until`. */
  readonly atEnd: boolean;
  /** The offset behind the last record of each partition, those of open transactions included. */
  logEnds(): Promise<Position[]>;
  /** Every partition that is read, with the offset after the last record handed out, and its end if it has one. */
  positions(): Position[];
  /** Hands out nothing more of this partition, and soon fetches nothing more of it, until `resume`. */
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
  /** Goes on at other offsets. Partitions not named stop being read. */
  assign(positions: readonly Position[]): void;
  /** Reads these partitions, too, from their first record on; of topics that need not be known yet. */
  add(partitions: readonly { readonly topic: string; readonly partition: number }[]): Promise<void>;
  /** Closes the connection at once. */
  close(): void;
}

/**
 * Opens a reader: every partition of the topics, from `start` to `until`.
 *
 * The end is reached also where the last offsets hold no record for us (transaction markers, aborted transactions,
 * what compaction left).
 *
 * @example
 *   const reader = await openReader({ topic: 'novel', until: 'end' });
 *   for await (const { partition, records } of reader) console.log(partition, records.length);
 * @throws `broker-unreachable`, `topic-not-found`, `offset-out-of-range`
 */
export async function openReader(options: ReaderOptions): Promise<Reader> {
  const topics = typeof options.topic === 'string' ? [options.topic] : [...options.topic];
  const open = await openCluster(topics, options);
  try {
    const fetcher = new Fetcher(open, options);
    const all = await positionsOf(open, topics, options.start ?? 'earliest', options.until);
    const { only } = options;
    fetcher.assign(only === undefined ? all : all.filter(({ topic, partition }) => only(topic, partition)));
    return readerOf(open, fetcher);
  } catch (error) {
    open.close();
    throw explain(error, `opening a reader of ${topics.join(', ')}`, open.found);
  }
}

/** Start and end of every partition of the topics. */
export async function positionsOf(
  open: OpenCluster,
  topics: readonly string[],
  start: StartPosition,
  until: ReaderOptions['until'],
): Promise<Position[]> {
  const result: Position[] = [];
  for (const topic of topics) {
    // The end first: what is written in between belongs to neither.
    const ends = until === undefined ? undefined : await endOffsets(open, topic, until);
    const starts = await startOffsets(open, topic, start);
    for (const [partition, offset] of starts) {
      result.push({ topic, partition, offset, ...(ends === undefined ? {} : { end: ends.get(partition) ?? offset }) });
    }
  }
  return result;
}

/** The offset behind the last one wanted, per partition. */
export async function endOffsets(
  open: OpenCluster,
  topic: string,
  until: NonNullable<ReaderOptions['until']>,
): Promise<Map<number, number>> {
  if (until === 'end') return listOffsets(open, topic, 'latest');
  return startOffsets(open, topic, until, 'end');
}

function readerOf(open: OpenCluster, fetcher: Fetcher): Reader {
  let closed = false;
  const close = () => {
    closed = true;
    fetcher.close();
    open.close();
  };
  const next = async (): Promise<ReaderBatch | undefined> => {
    while (!closed) {
      const batch = fetcher.take();
      if (batch !== undefined) return batch;
      if (fetcher.atEnd) return undefined;
      await fetcher.changed();
    }
    return undefined;
  };
  return {
    next,
    poll: () => fetcher.take(),
    ready: async () => {
      if (!closed && !fetcher.atEnd) await fetcher.changed();
    },
    get atEnd() {
      return fetcher.atEnd;
    },
    positions: () => fetcher.positions(),
    async logEnds() {
      const found: Position[] = [];
      for (const topic of new Set(fetcher.positions().map((one) => one.topic))) {
        for (const [partition, offset] of await logEnds(open, topic)) found.push({ topic, partition, offset });
      }
      return found;
    },
    pause: (topic, partition) => fetcher.pause(topic, partition),
    resume: (topic, partition) => fetcher.resume(topic, partition),
    assign: (positions) => fetcher.assign(positions),
    async add(partitions) {
      const topics = [...new Set(partitions.map(({ topic }) => topic))];
      await open.learn(topics);
      const more: Position[] = [];
      for (const topic of topics) {
        const wanted = partitions.filter((one) => one.topic === topic).map(({ partition }) => partition);
        for (const [partition, offset] of await listOffsets(open, topic, 'earliest', wanted)) {
          more.push({ topic, partition, offset });
        }
      }
      if (!closed) fetcher.assign([...fetcher.positions(), ...more]);
    },
    close,
    async *[Symbol.asyncIterator]() {
      try {
        for (let batch = await next(); batch !== undefined; batch = await next()) yield batch;
      } finally {
        close();
      }
    },
  };
}
