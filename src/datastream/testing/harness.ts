import { VirtualClock } from '../../core/clock.js';
import type { Duration } from '../../core/duration.js';
import { ArgumentError, StreambookError } from '../../core/errors.js';
import { DEFAULT_MAX_PARALLELISM } from '../../core/key-groups.js';
import { checkOptions, type OptionNames } from '../../core/option-names.js';
import { type Channel, InputGate } from '../../engine/channels/channel.js';
import { ChannelCompiler } from '../../engine/channels/compiled-channel.js';
import type { OutputTag } from '../../engine/channels/output-tag.js';
import { capture } from '../../engine/checkpoint/capture.js';
import { RestorePlan } from '../../engine/checkpoint/restore.js';
import type { Snapshot } from '../../engine/checkpoint/snapshot.js';
import type { StreamNode } from '../../engine/graph/graph.js';
import { OperatorState } from '../../engine/inspect/operator-state.js';
import { TraceLog, type TraceOptions } from '../../engine/inspect/trace.js';
import { traceChannel, traceGate } from '../../engine/inspect/tracing.js';
import type { StreamOperator } from '../../engine/operator.js';
import { OperatorContext } from '../../engine/operator-context.js';
import { OperatorTask } from '../../engine/run/topology.js';
import { KeyedStateBackend } from '../../engine/state/backend.js';
import { OperatorStateBackend } from '../../engine/state/operator-state.js';
import { MAX_WATERMARK, NO_TIMESTAMP } from '../../engine/time/time.js';
import { type KeySelector, keyFunction } from '../selectors.js';
import { HarnessLoop, type HarnessOutput, RecordingOutput } from './harness-loop.js';

/** How an operator under test runs. */
export interface HarnessOptions {
  /** Where the clock begins, epoch ms. Default 0. */
  readonly startMs?: number;
  /** 0 (default): watermarks after each element that raises them; above: every so many ms of the harness's clock. */
  readonly autoWatermarkIntervalMs?: number;
  /** Records what happens, for `harness.trace`. Default: no. */
  readonly trace?: boolean | TraceOptions;
  /** Which subtask it is, from 0. Default 0. */
  readonly subtask?: number;
  /** Of how many. Default 1. */
  readonly parallelism?: number;
  /** Key groups. Default 128. */
  readonly maxParallelism?: number;
}

const NAMES: OptionNames<HarnessOptions> = {
  startMs: true,
  autoWatermarkIntervalMs: true,
  trace: true,
  subtask: true,
  parallelism: true,
  maxParallelism: true,
};

/** The state of an operator under test, for `initializeState` of another harness. */
export type HarnessSnapshot = Snapshot;

/** An operator, and the keys of its inputs. */
export interface OperatorUnderTest {
  readonly name: string;
  /** A new operator. */
  readonly create: () => StreamOperator<unknown>;
  /** One for each input; `undefined` where the input has no key. */
  readonly keys: readonly (((value: unknown) => unknown) | undefined)[];
}

/**
 * One operator alone, under a clock that is set by hand: elements, watermarks and time are pushed in one by one, and what
 * comes out, the state and the timers can be looked at after each. Every call is done when it returns.
 *
 * @see Flink: Testing, `AbstractStreamOperatorTestHarness`
 */
export class StreamOperatorTestHarness<OUT> {
  /** What happened so far; present with `{ trace: true }`. */
  readonly trace: TraceLog | undefined;
  protected readonly channels: readonly Channel[];
  private readonly loop: HarnessLoop;
  private readonly clock: VirtualClock;
  private readonly recorded = new RecordingOutput<OUT>();
  private readonly task: OperatorTask;
  private readonly node: StreamNode;
  private readonly maxParallelism: number;
  private opened = false;

  constructor(under: OperatorUnderTest, options: HarnessOptions = {}) {
    checkOptions('the harness', options, NAMES);
    const { startMs = 0, autoWatermarkIntervalMs = 0, trace, subtask = 0, parallelism = 1 } = options;
    this.maxParallelism = options.maxParallelism ?? DEFAULT_MAX_PARALLELISM;
    this.clock = new VirtualClock({ startMs });
    if (trace !== undefined && trace !== false) this.trace = new TraceLog(this.clock, trace === true ? {} : trace);
    this.loop = new HarnessLoop(this.clock, this.trace, autoWatermarkIntervalMs);
    const { name, create, keys } = under;
    const operator = create();
    this.node = { id: 0, name, uid: 'under-test', parallelism: 1, inputs: [], createOperator: create };
    const backend = keys.some((key) => key !== undefined) ? new KeyedStateBackend(this.clock) : undefined;
    const context = new OperatorContext(
      this.loop,
      name,
      'under-test',
      subtask,
      parallelism,
      this.maxParallelism,
      keys.length,
      backend,
      new OperatorStateBackend(),
    );
    context.operator = operator;
    operator.context = context;
    operator.output = this.recorded;
    const gates = keys.map((_, index) => new InputGate(operator, context, index));
    this.task = new OperatorTask(this.node, operator, context, gates);
    this.channels = gates.map((gate, index) => {
      const key = keys[index];
      const receiver = operator.receiver(index);
      const channel = new ChannelCompiler().make(gate, { context, receiver, key });
      channel.attach();
      channel.from = `input ${index + 1}`;
      if (this.trace !== undefined) {
        traceGate(gate, this.trace);
        traceChannel(channel, context, this.trace, key);
      }
      return channel;
    });
  }

  /** Begins with the state of a snapshot. To be called before {@link open}. */
  initializeState(snapshot: HarnessSnapshot): void {
    if (this.opened) throw new StreambookError('harness', 'initializeState() comes before open()');
    new RestorePlan(snapshot, { nodes: [this.node] }, this.maxParallelism, false).fill(this.task);
  }

  /** Opens the operator: before the first element. */
  async open(): Promise<this> {
    this.opened = true;
    await this.task.open();
    return this;
  }

  /** Closes it. */
  async close(): Promise<void> {
    await this.task.close();
  }

  /** Writes down its state, as a checkpoint does. */
  async snapshot(checkpointId = 1): Promise<HarnessSnapshot> {
    await this.task.operator.snapshotState(checkpointId);
    const execution = { graph: { nodes: [this.node] }, topology: this.topology() };
    const pieces = capture(execution, {
      id: checkpointId,
      job: 'harness',
      run: 'harness',
      kind: 'checkpoint',
      takenAt: this.clock.now(),
      maxParallelism: this.maxParallelism,
    });
    for (;;) {
      const piece = pieces.next();
      if (piece.done === true) return piece.value;
    }
  }

  /** Tells it that a checkpoint is complete. */
  async notifyOfCompletedCheckpoint(checkpointId: number): Promise<void> {
    await this.task.operator.checkpointCompleted(checkpointId);
  }

  /** Sets the clock, epoch ms: timers in processing time fire, each at its time. */
  setProcessingTime(time: number): void {
    if (!(time >= this.clock.now())) {
      throw new ArgumentError(`setProcessingTime(${time}): it is ${this.clock.now()}, and a clock moves forward only`);
    }
    this.check();
    this.loop.advanceTo(time);
  }

  /** Moves the clock on. */
  advance(duration: Duration): void {
    this.setProcessingTime(this.clock.now() + duration);
  }

  getProcessingTime(): number {
    return this.clock.now();
  }

  /** The watermark over all inputs. */
  getCurrentWatermark(): number {
    return this.task.context.currentWatermark;
  }

  /** Waits for what is under way: answers to asynchronous functions. @throws what failed */
  settled(): Promise<void> {
    return this.loop.until(() => this.task.operator.drained());
  }

  /** Everything that came out so far, in order: elements with timestamps, watermarks, idleness. */
  getOutput(): readonly HarnessOutput<OUT>[] {
    return [...this.recorded.elements];
  }

  /** The elements that came out so far. */
  extractOutputValues(): OUT[] {
    return this.recorded.elements.flatMap((one) => ('value' in one ? [one.value] : []));
  }

  /** The elements that came out since the last call of this method. */
  takeOutputValues(): OUT[] {
    const values = this.extractOutputValues();
    this.clearOutput();
    return values;
  }

  /** Forgets what came out so far. */
  clearOutput(): void {
    this.recorded.elements.length = 0;
    this.recorded.asides.clear();
  }

  /** The elements of a side output so far. */
  getSideOutput<X>(tag: OutputTag<X>): { readonly value: X; readonly timestamp: number | null }[] {
    return [...(this.recorded.asides.get(tag.id) ?? [])] as { value: X; timestamp: number | null }[];
  }

  /** Whether it has said that nothing will come any more. */
  get finished(): boolean {
    return this.recorded.ended;
  }

  /** Its state: keys, values, windows, timers. */
  state(): OperatorState {
    const { name, uid } = this.task.context;
    return new OperatorState(name, uid, [this.task], this.clock);
  }

  numKeyedStateEntries(): number {
    return this.state()
      .states()
      .reduce((sum, { entries }) => sum + entries, 0);
  }

  numEventTimeTimers(): number {
    return [...this.task.context.timerServices()].reduce((sum, { eventTime }) => sum + eventTime.size, 0);
  }

  numProcessingTimeTimers(): number {
    return [...this.task.context.timerServices()].reduce((sum, { processingTime }) => sum + processingTime.size, 0);
  }

  /** Late elements that went nowhere. */
  numLateRecordsDropped(): number {
    return this.task.context.metrics.numLateRecordsDropped;
  }

  protected push(input: number, value: unknown, timestamp: number = NO_TIMESTAMP): void {
    this.check();
    this.loop.run(() => this.channels[input]?.collect(value, timestamp));
  }

  protected pushWatermark(input: number, watermark: number): void {
    this.check();
    this.loop.run(() => this.channels[input]?.emitWatermark(watermark));
  }

  protected pushStatus(input: number, idle: boolean): void {
    this.check();
    this.loop.run(() => this.channels[input]?.emitStatus(idle));
  }

  protected pushEnd(input: number): void {
    this.check();
    this.loop.run(() => {
      this.channels[input]?.emitWatermark(MAX_WATERMARK);
      this.channels[input]?.end();
    });
  }

  private topology(): { sources: []; operators: OperatorTask[]; mainChannels: Map<StreamNode, Channel[][]> } {
    return { sources: [], operators: [this.task], mainChannels: new Map() };
  }

  private check(): void {
    if (!this.opened)
      throw new StreambookError('harness', 'the operator is not open yet', { hint: 'await harness.open()' });
  }
}

/**
 * An operator with one input.
 *
 * @see Flink: `OneInputStreamOperatorTestHarness`
 */
export class OneInputStreamOperatorTestHarness<IN, OUT> extends StreamOperatorTestHarness<OUT> {
  /** @param timestamp epoch ms; absent: none */
  processElement(value: IN, timestamp?: number): void {
    this.push(0, value, timestamp);
  }

  /** Elements one after the other, without timestamps. */
  processElements(values: Iterable<IN>): void {
    for (const value of values) this.push(0, value);
  }

  processWatermark(watermark: number): void {
    this.pushWatermark(0, watermark);
  }

  /** The input falls idle, or wakes up. */
  processWatermarkStatus(idle: boolean): void {
    this.pushStatus(0, idle);
  }

  /** The input ends: the last watermark comes, then nothing any more. */
  endInput(): void {
    this.pushEnd(0);
  }
}

/**
 * An operator with one input that has a key.
 *
 * @see Flink: `KeyedOneInputStreamOperatorTestHarness`
 */
export class KeyedOneInputStreamOperatorTestHarness<K, IN, OUT> extends OneInputStreamOperatorTestHarness<IN, OUT> {
  /** @param create makes the operator: `() => new MyOperator()` */
  constructor(create: () => StreamOperator<OUT>, key: KeySelector<IN, K> | string, options?: HarnessOptions) {
    super({ name: 'Operator', create, keys: [keyFunction('harness', key)] }, options);
  }
}

/**
 * An operator with two inputs.
 *
 * @see Flink: `TwoInputStreamOperatorTestHarness`
 */
export class TwoInputStreamOperatorTestHarness<A, B, OUT> extends StreamOperatorTestHarness<OUT> {
  /** @param timestamp epoch ms; absent: none */
  processElement1(value: A, timestamp?: number): void {
    this.push(0, value, timestamp);
  }

  processElement2(value: B, timestamp?: number): void {
    this.push(1, value, timestamp);
  }

  processWatermark1(watermark: number): void {
    this.pushWatermark(0, watermark);
  }

  processWatermark2(watermark: number): void {
    this.pushWatermark(1, watermark);
  }

  /** The same watermark on both inputs. */
  processBothWatermarks(watermark: number): void {
    this.pushWatermark(0, watermark);
    this.pushWatermark(1, watermark);
  }

  processWatermarkStatus1(idle: boolean): void {
    this.pushStatus(0, idle);
  }

  processWatermarkStatus2(idle: boolean): void {
    this.pushStatus(1, idle);
  }

  /** The first input ends. */
  endInput1(): void {
    this.pushEnd(0);
  }

  endInput2(): void {
    this.pushEnd(1);
  }
}

/**
 * An operator with two inputs that have a key of one kind.
 *
 * @see Flink: `KeyedTwoInputStreamOperatorTestHarness`
 */
export class KeyedTwoInputStreamOperatorTestHarness<K, A, B, OUT> extends TwoInputStreamOperatorTestHarness<A, B, OUT> {
  /** @param create makes the operator: `() => new MyOperator()` */
  constructor(
    create: () => StreamOperator<OUT>,
    key1: KeySelector<A, K> | string,
    key2: KeySelector<B, K> | string,
    options?: HarnessOptions,
  ) {
    super({ name: 'Operator', create, keys: [keyFunction('harness', key1), keyFunction('harness', key2)] }, options);
  }
}
