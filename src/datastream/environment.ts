import { type Collection, collectionSource } from '../connectors/collection.js';
import { LineDecoder } from '../connectors/file/lines.js';
import type { FilePaths } from '../connectors/file/paths.js';
import { fileSource } from '../connectors/file/source.js';
import { type GeneratorOptions, generatorSource } from '../connectors/generator.js';
import { kafkaSource } from '../connectors/kafka/source.js';
import { KAFKA_SOURCE_OPTIONS, type KafkaSourceOptions } from '../connectors/kafka/source-options.js';
import { sequenceSource } from '../connectors/sequence.js';
import { socketSource } from '../connectors/socket.js';
import { checkDuration, checkInteger, quoted } from '../core/arguments.js';
import { type Clock, SystemClock, VirtualClock } from '../core/clock.js';
import type { Duration } from '../core/duration.js';
import { ArgumentError, StreambookError } from '../core/errors.js';
import { DEFAULT_MAX_PARALLELISM } from '../core/key-groups.js';
import { checkOptions, type OptionNames } from '../core/option-names.js';
import type { FieldTypes, RowOf, Schema } from '../core/types/index.js';
import { CheckpointConfig, type CheckpointingMode, type CheckpointOptions } from '../engine/checkpoint/config.js';
import { userLine } from '../engine/errors.js';
import { checkErrorPolicy, type ErrorPolicy } from '../engine/functions/error-policy.js';
import { graphOf, type StreamNode } from '../engine/graph/graph.js';
import { Plan } from '../engine/inspect/explain.js';
import { TraceLog, type TraceOptions } from '../engine/inspect/trace.js';
import { Job, type JobResult } from '../engine/job.js';
import type { RestartStrategy } from '../engine/restart/strategies.js';
import type { Source } from '../engine/source.js';
import type { WatermarkStrategy } from '../engine/time/watermarks.js';
import {
  CSV_OPTIONS,
  type CsvOptions,
  csvDecoder,
  JSON_OPTIONS,
  type JsonOptions,
  jsonDecoder,
} from '../formats/index.js';
import type { Message } from '../kafka/index.js';
import { DataStream } from './data-stream.js';
import './all-windowed-stream.js';
import { checkSource, checkStrategy } from './checks.js';
import './connected-streams.js';
import './joined-streams.js';
import './keyed-stream.js';
import { FILE_OPTIONS, type FileFormatOptions, rowFileSource } from './row-files.js';

/** Settings of an environment. */
export interface StreamEnvOptions {
  /** Where processing time comes from. Default: the machine's clock; `virtualClock()` for lessons and tests. */
  readonly clock?: Clock;
  /** Subtasks of each operator that sets none itself. Default 1. */
  readonly parallelism?: number;
  /** Key groups: the most subtasks a keyed operator can ever have. Default 128. */
  readonly maxParallelism?: number;
  /** 0 (default): a watermark follows every element that raises it; above: Flink's periodic mode. */
  readonly autoWatermarkIntervalMs?: number;
  /** Checkpoints; the same as `enableCheckpointing` and `getCheckpointConfig().set(...)`. Default: none. */
  readonly checkpointing?: CheckpointOptions;
  /** Records what happens, for `job.trace`: elements, watermarks, windows, timers, state. Default: no. */
  readonly trace?: boolean | TraceOptions;
}

/** How a program is started. */
export interface ExecuteOptions {
  /** Default `Streaming Job`. */
  readonly name?: string;
  /** What outside systems know the job by over all its lives (a Kafka sink's transactions). Default: its name. */
  readonly uid?: string;
  /**
   * Go on from a snapshot: the directory of a savepoint or a checkpoint, or `'latest'`, the newest checkpoint in the
   * environment's checkpoint storage (from the beginning, if there is none). Default: from the beginning.
   */
  readonly restoreFrom?: string;
  /** Leave out state of operators that the program no longer has, instead of refusing. Default `false`. */
  readonly allowNonRestoredState?: boolean;
}

const ENV_OPTIONS: OptionNames<StreamEnvOptions> = {
  clock: true,
  parallelism: true,
  maxParallelism: true,
  autoWatermarkIntervalMs: true,
  checkpointing: true,
  trace: true,
};
const EXECUTE_OPTIONS: OptionNames<ExecuteOptions> = {
  name: true,
  uid: true,
  restoreFrom: true,
  allowNonRestoredState: true,
};

/** Flink: `UPPER_BOUND_MAX_PARALLELISM`. */
const MOST_KEY_GROUPS = 32_768;

const SYSTEM_CLOCK = new SystemClock();

/**
 * Where programs are written and run: streams begin here, and `execute` runs what was written.
 *
 * @example
 *   const env = streamEnv();
 *   env.fromElements('to be or not to be').flatMap((t) => t.split(' ')).print();
 *   await env.execute('words');
 * @see Flink: `StreamExecutionEnvironment`
 */
export class StreamExecutionEnvironment {
  readonly clock: Clock;
  private parallelism: number;
  private readonly maxParallelism: number;
  private autoWatermarkIntervalMs: number;
  private readonly checkpointConfig = new CheckpointConfig();
  private readonly traceOptions: TraceOptions | undefined;
  private errorPolicy: ErrorPolicy = 'fail';
  private restartStrategy: RestartStrategy | undefined;
  private sinks: StreamNode[] = [];
  private nodes = 0;

  constructor(options: StreamEnvOptions = {}) {
    checkOptions('streamEnv', options, ENV_OPTIONS);
    this.clock = options.clock ?? SYSTEM_CLOCK;
    if (typeof this.clock.now !== 'function' || typeof this.clock.schedule !== 'function') {
      throw new ArgumentError(`clock is ${quoted(this.clock)}`, { hint: 'virtualClock(), or leave it out' });
    }
    this.maxParallelism = options.maxParallelism ?? DEFAULT_MAX_PARALLELISM;
    checkInteger('maxParallelism', this.maxParallelism, 1, MOST_KEY_GROUPS);
    this.parallelism = checkParallelism('parallelism', options.parallelism ?? 1, this.maxParallelism);
    this.autoWatermarkIntervalMs = options.autoWatermarkIntervalMs ?? 0;
    checkDuration('autoWatermarkIntervalMs', this.autoWatermarkIntervalMs);
    if (options.trace !== undefined && options.trace !== false) {
      this.traceOptions = options.trace === true ? {} : options.trace;
      // What is wrong with them is said here, and not when the program starts.
      new TraceLog(this.clock, this.traceOptions);
    }
    if (options.checkpointing !== undefined) this.checkpointConfig.set(options.checkpointing);
  }

  /**
   * Takes a checkpoint every `interval`, from which the job goes on after a failure.
   *
   * @see Flink: Checkpointing
   */
  enableCheckpointing(interval: Duration, mode: CheckpointingMode = 'EXACTLY_ONCE'): this {
    this.checkpointConfig.set({ intervalMs: interval, mode });
    return this;
  }

  /** Where checkpoints go, how many are kept, how long they may take, ... */
  getCheckpointConfig(): CheckpointConfig {
    return this.checkpointConfig;
  }

  /** What becomes of elements on which a function throws, in operators written from now on; see `DataStream.onError`. */
  setErrorPolicy(policy: 'fail' | 'skip'): this {
    this.errorPolicy = checkErrorPolicy(policy);
    return this;
  }

  /** What happens when the job fails; see `RestartStrategies`. Default: with checkpoints it starts again, without not. */
  setRestartStrategy(strategy: RestartStrategy): this {
    this.restartStrategy = strategy;
    return this;
  }

  /** The subtasks of operators written from now on. */
  setParallelism(parallelism: number): this {
    this.parallelism = checkParallelism('setParallelism', parallelism, this.maxParallelism);
    return this;
  }

  getParallelism(): number {
    return this.parallelism;
  }

  /** 0: watermarks after each element that raises them (default). Above: every so many milliseconds, as Flink does. */
  setAutoWatermarkInterval(interval: Duration): this {
    checkDuration('setAutoWatermarkInterval: the interval', interval);
    this.autoWatermarkIntervalMs = interval;
    return this;
  }

  /** @internal */
  get autoWatermarkInterval(): number {
    return this.autoWatermarkIntervalMs;
  }

  /** @internal Whether jobs are traced. */
  get traces(): boolean {
    return this.traceOptions !== undefined;
  }

  /** What an array, any iterable, an async iterable, or a function that makes one of these, holds. */
  fromCollection<T>(items: Collection<T>): DataStream<T> {
    return this.notParallel(collectionSource(items));
  }

  /** The given elements. */
  fromElements<T>(...items: T[]): DataStream<T> {
    return this.notParallel(collectionSource(items));
  }

  /** The integers from `from` to `to`, both included. */
  fromSequence(from: number, to: number): DataStream<number> {
    return this.fromSource(sequenceSource(from, to));
  }

  /**
   * Elements made by a function of their number (from 0), at a rate. `random()` gives numbers from 0 up to 1 that depend on
   * `seed` and the element's number only, so a run can be repeated.
   *
   * @example
   *   env.generate((i) => ({ id: i, ts: Date.now() }), { perSecond: 10, count: 100 });
   *   env.generate((i, random) => ({ id: i, price: Math.round(100 * random()) }), { count: 1000, seed: 42 });
   * @see Flink: DataGen connector, `DataGeneratorSource`
   */
  generate<T>(make: (index: number, random: () => number) => T, options: GeneratorOptions = {}): DataStream<T> {
    return this.fromSource(generatorSource(make, options));
  }

  /** The lines that a server sends on a socket, until it closes: `nc -lk 9999` in a terminal, and type. */
  socketTextStream(host: string, port: number): DataStream<string> {
    return this.notParallel(socketSource(host, port));
  }

  /** The lines of text files (UTF-8), without line ends; a folder's files by name. */
  readTextFile(paths: FilePaths): DataStream<string> {
    return this.fromSource(fileSource('Text File', paths, (_file, resume) => new LineDecoder(resume)));
  }

  /**
   * The rows of csv files, parsed by the engine into rows of the schema: several times faster than `line.split(',')`.
   *
   * @param schema the columns of the file in their order; with `columns` only those are read
   * @example
   *   env.readCsvFile('orders.csv', { id: type.bigint(), name: type.string() }, { header: true });
   */
  readCsvFile<F extends FieldTypes>(
    paths: FilePaths,
    schema: F | Schema<F>,
    options: Omit<CsvOptions, 'onBadRow'> & FileFormatOptions = {},
  ): DataStream<RowOf<F>> {
    checkOptions('readCsvFile', options, { ...CSV_OPTIONS, ...FILE_OPTIONS });
    const rows = rowFileSource('CSV File', paths, (decoding) => csvDecoder(schema, decoding), options);
    return this.fromSource(rows) as unknown as DataStream<RowOf<F>>;
  }

  /** The rows of files with one JSON object per line. */
  readJsonFile<F extends FieldTypes>(
    paths: FilePaths,
    schema: F | Schema<F>,
    options: Omit<JsonOptions, 'onBadRow'> & FileFormatOptions = {},
  ): DataStream<RowOf<F>> {
    checkOptions('readJsonFile', options, { ...JSON_OPTIONS, ...FILE_OPTIONS });
    const rows = rowFileSource('JSON File', paths, (decoding) => jsonDecoder(schema, decoding), options);
    return this.fromSource(rows) as unknown as DataStream<RowOf<F>>;
  }

  /**
   * A Kafka topic, or several.
   *
   * @param options where to begin (`from`, default `earliest`) and to end (`until: 'end'`; default: never); `watermarks`
   *   makes watermarks per partition
   */
  fromKafka<V = string>(
    topic: string | readonly string[],
    options: KafkaSourceOptions & { readonly watermarks?: WatermarkStrategy<Message<V>> } = {},
  ): DataStream<Message<V>> {
    checkOptions('fromKafka', options, { ...KAFKA_SOURCE_OPTIONS, watermarks: true });
    return this.fromSource(kafkaSource<V>(topic, options), options.watermarks);
  }

  /** A source of one's own; with watermarks made for each of its parts. */
  fromSource<T>(source: Source<T>, watermarks?: WatermarkStrategy<T>, name?: string): DataStream<T> {
    checkSource(source as Source<never>);
    if (watermarks !== undefined) checkStrategy('fromSource', watermarks);
    return this.sourceNode(source, {
      name: name ?? source.name,
      watermarks: watermarks as WatermarkStrategy<unknown> | undefined,
    });
  }

  /** A source that only one subtask can read. */
  private notParallel<T>(source: Source<T>): DataStream<T> {
    return this.sourceNode(source, { name: source.name, single: true });
  }

  private sourceNode<T>(source: Source<T>, more: Pick<StreamNode, 'name' | 'watermarks' | 'single'>): DataStream<T> {
    const node = this.addNode({ ...more, inputs: [], source: source as Source<unknown> });
    return new DataStream<T>(this, [{ node }]);
  }

  /** Runs everything that has a sink, to its end. @throws what made it fail */
  async execute(options?: string | ExecuteOptions, ...more: never[]): Promise<JobResult> {
    return (await this.executeAsync(options, ...more)).wait();
  }

  /** Starts everything that has a sink, and returns at once with a handle. */
  async executeAsync(options: string | ExecuteOptions = {}, ...more: never[]): Promise<Job> {
    if (more.length > 0) {
      throw new ArgumentError(`execute takes a name or options, and was given ${quoted(more[0])} besides`, {
        hint: `execute({ ${Object.keys(EXECUTE_OPTIONS).join(', ')} })`,
      });
    }
    return this.start(options, []);
  }

  /** What `execute` would run now: `console.log(env.explain())`, `.toMermaid()`, `JSON.stringify(...)`. */
  explain(): Plan {
    return new Plan(graphOf(this.ends([])));
  }

  /** Moves a virtual clock on, and waits until all jobs have done what was to be done on the way. */
  async advance(duration: Duration): Promise<void> {
    if (!(this.clock instanceof VirtualClock)) {
      throw new StreambookError('real-clock', 'advance() moves a virtual clock, and this environment has a real one', {
        hint: 'streamEnv({ clock: virtualClock() })',
      });
    }
    await this.clock.advance(duration);
  }

  /** @internal Starts what has a sink, and `ends` besides. */
  start(given: string | ExecuteOptions, ends: readonly StreamNode[]): Job {
    const options: ExecuteOptions = typeof given === 'string' ? { name: given } : given;
    checkOptions('execute', options, EXECUTE_OPTIONS);
    const all = this.ends(ends);
    this.sinks = [];
    const { name = 'Streaming Job', uid, restoreFrom, allowNonRestoredState } = options;
    return new Job(
      name,
      graphOf(all),
      {
        clock: this.clock,
        maxParallelism: this.maxParallelism,
        autoWatermarkIntervalMs: this.autoWatermarkIntervalMs,
        trace: this.traceOptions === undefined ? undefined : new TraceLog(this.clock, this.traceOptions),
      },
      {
        checkpointing: this.checkpointConfig.settings(),
        restartStrategy: this.restartStrategy,
        uid,
        restoreFrom,
        allowNonRestoredState,
      },
    );
  }

  /** What a cell or `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const { length } = this.sinks;
    const clock = this.clock instanceof VirtualClock ? `virtual clock at ${this.clock.now()}, ` : '';
    return `StreamExecutionEnvironment (${clock}parallelism ${this.parallelism}, ${length} sink${length === 1 ? '' : 's'} to execute)`;
  }

  private ends(more: readonly StreamNode[]): readonly StreamNode[] {
    const all = [...this.sinks, ...more];
    if (all.length > 0) return all;
    throw new StreambookError('no-sink', 'there is nothing to execute: no stream of this environment has a sink', {
      hint: 'end a stream with .print() or .sinkTo(...), or ask it itself: await stream.executeAndCollect()',
    });
  }

  /** @internal */
  addNode(node: Omit<StreamNode, 'id' | 'parallelism' | 'uid'>): StreamNode {
    return {
      onError: this.errorPolicy,
      line: userLine(new Error('here')),
      ...node,
      id: this.nodes++,
      parallelism: this.parallelism,
      uid: undefined,
    };
  }

  /** @internal */
  addSink(node: StreamNode): void {
    this.sinks.push(node);
  }

  /** @internal */
  setParallelismOf(node: StreamNode, parallelism: number): void {
    checkParallelism('setParallelism', parallelism, this.maxParallelism);
    // Flink: OperatorValidationUtils.validateParallelism
    if (parallelism > 1 && node.single === true) {
      throw new ArgumentError(`setParallelism: ${node.name} has one subtask, and can have no more`, {
        hint: 'set it on the operators behind; in between, .rebalance() spreads the elements',
      });
    }
    node.parallelism = parallelism;
  }
}

function checkParallelism(where: string, parallelism: number, max: number): number {
  if (Number.isInteger(parallelism) && parallelism >= 1 && parallelism <= max) return parallelism;
  throw new ArgumentError(
    `${where}: ${quoted(parallelism)} is not an integer from 1 to ${max} (the maximum parallelism)`,
  );
}

/** An environment that runs in this process. */
export function streamEnv(options: StreamEnvOptions = {}): StreamExecutionEnvironment {
  return new StreamExecutionEnvironment(options);
}
