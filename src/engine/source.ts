import type { Clock } from '../core/clock.js';
import type { OutputTag } from './channels/output-tag.js';
import type { JobTransaction } from './checkpoint/transaction.js';

/** What {@link SourceReader.poll} returns when nothing will ever come again. */
export const END_OF_INPUT: unique symbol = Symbol('end of input');

/** What a source puts into a side output. */
export interface SideElement {
  readonly tag: OutputTag<unknown>;
  readonly value: unknown;
  readonly timestamp: number;
}

/** Elements that a source hands over at once, and what comes after them. */
export interface SourceBatch<T> {
  readonly values: readonly T[];
  /** The elements' own timestamps (epoch ms), one each; absent where the source knows none. */
  readonly timestamps?: readonly number[] | undefined;
  /** Watermarks between the elements, for sources that know their own: `values[i]` comes before element `at[i]`. */
  readonly marks?: { readonly at: readonly number[]; readonly values: readonly number[] } | undefined;
  /** Which part of the source (a partition, a file) all these come from: each has a watermark of its own. */
  readonly split?: string | undefined;
  /** What goes into side outputs, after the elements: records that could not be read. */
  readonly sides?: readonly SideElement[] | undefined;
  /** A watermark that comes after the elements, for sources that know their own. */
  readonly watermark?: number | undefined;
  /** Whether the source falls idle after the elements (until the next batch). */
  readonly idle?: boolean | undefined;
  /** Parts of which nothing will come any more after the elements: from then on they hold no watermark back. */
  readonly endedSplits?: readonly string[] | undefined;
}

/** What a reader has around it. */
export interface SourceContext {
  readonly clock: Clock;
  readonly subtask: number;
  readonly parallelism: number;
  /** To be called when `poll` has something again, after it returned `undefined`. From anywhere, any number of times. */
  readonly wake: () => void;
  /** Ends the job with this error; for what goes wrong between two polls. */
  readonly fail: (error: unknown) => void;
  /** Counts records that were left out because they could not be read. */
  readonly skipped?: (count: number) => void;
  /** The transaction of the job's exactly-once sinks, if it has one. */
  readonly transaction?: JobTransaction | undefined;
  /** The position to go on from, as {@link SourceReader.position} gave it; absent at a first start. */
  readonly restored?: unknown;
}

/**
 * Reads one subtask's share of a source. It hands over batches and never waits: what has to wait does so on its own and
 * calls `wake`.
 */
export interface SourceReader<T> {
  open?(): void | Promise<void>;
  /**
   * After `open`: the parts of the source that are known already. Their watermarks hold the source's back from the
   * beginning, not only from their first element on.
   */
  splits?(): Iterable<string>;
  /** The next batch; `undefined` if there is nothing now. */
  poll(): SourceBatch<T> | typeof END_OF_INPUT | undefined;
  /** The parts that alignment holds back: if it can, the reader hands over nothing of these, and of all others again. */
  pauseSplits?(paused: ReadonlySet<string>): void;
  /** Whether something is being fetched and will come for sure: a virtual clock waits for it. */
  readonly busy?: boolean;
  /** Where the elements handed over so far end, as plain data: what comes after is read again from here. */
  position(): unknown;
  /**
   * The transaction of the checkpoint that holds this position is about to be committed: what belongs into it besides what
   * sinks wrote goes in now.
   */
  checkpointCommitting?(position: unknown): void;
  /** A snapshot that holds this position is complete. */
  checkpointCompleted?(checkpointId: number, position: unknown): void | Promise<void>;
  close?(): void | Promise<void>;
}

/** Where a stream begins. */
export interface Source<T> {
  readonly name: string;
  /** Whether it ends by itself. */
  readonly bounded: boolean;
  /** The most subtasks that make sense; 1 for a collection. */
  readonly maxParallelism?: number;
  createReader(context: SourceContext): SourceReader<T>;
  /**
   * At a restore: the positions of all subtasks that there were, shared out among `parallelism` subtasks. Without it, a
   * source has to keep its parallelism.
   *
   * @see Flink: Data Sources, a split enumerator gets back what readers had
   */
  redistribute?(positions: readonly unknown[], parallelism: number): readonly unknown[];
}

/** The most elements a source should put in one batch. */
export const BATCH_SIZE = 1024;
