import { StreambookError } from '../../core/errors.js';
import { JavaOrderedMap } from '../../core/java-ordered-map.js';
import type { OutputTag } from '../channels/output-tag.js';
import type { Collector } from '../functions/functions.js';
import { instanceOf, openFunction, type RichFunction } from '../functions/user-function.js';
import { TwoInputOperator } from '../operator.js';
import type { KeyedStateBackend } from '../state/backend.js';
import type { StateTable } from '../state/table.js';
import { MIN_LONG_TIMESTAMP } from '../time/time.js';
import type { InternalTimerService, Triggerable } from '../time/timer-service.js';
import { VOID_NAMESPACE } from '../time/timers.js';

/** What a join function has around it. */
export interface ProcessJoinContext {
  getLeftTimestamp(): number;
  getRightTimestamp(): number;
  /** The larger of both; the result carries it. */
  getTimestamp(): number;
  output<X>(tag: OutputTag<X>, value: X): void;
}

/** Called for each pair. Puts results into `out`, or returns one. */
export type ProcessJoin<A, B, O> =
  // biome-ignore lint/suspicious/noConfusingVoidType: so that functions without `return` fit
  | ((left: A, right: B, context: ProcessJoinContext, out: Collector<O>) => O | void)
  | ({ processElement(left: A, right: B, context: ProcessJoinContext, out: Collector<O>): void } & RichFunction);

/** Settings of an interval join: `left.ts + lowerMs <= right.ts <= left.ts + upperMs`. */
export interface IntervalJoinSettings<A, B, O> {
  readonly lowerMs: number;
  readonly upperMs: number;
  readonly lowerInclusive: boolean;
  readonly upperInclusive: boolean;
  readonly leftLateTag?: OutputTag<A> | undefined;
  readonly rightLateTag?: OutputTag<B> | undefined;
  readonly join: ProcessJoin<A, B, O>;
}

/** The elements of one side by timestamp. */
type Buffer = JavaOrderedMap<unknown[]>;

const LEFT = 'cleanup-left';
const RIGHT = 'cleanup-right';

/**
 * Joins each element with those of the other side that lie within an interval of event time around it. What is behind the
 * watermark is dropped.
 *
 * @see Flink: Joining, Interval Join; `IntervalJoinOperator`
 */
export class IntervalJoinOperator<A, B, O>
  extends TwoInputOperator<A, B, O>
  implements Collector<O>, Triggerable<string>
{
  private backend!: KeyedStateBackend;
  private left!: StateTable<Buffer>;
  private right!: StateTable<Buffer>;
  private timers!: InternalTimerService<string>;
  private leftTimestamp = 0;
  private rightTimestamp = 0;
  private readonly lower: number;
  private readonly upper: number;
  private readonly fn: { processElement(l: A, r: B, c: ProcessJoinContext, out: Collector<O>): unknown } & RichFunction;

  constructor(private readonly settings: IntervalJoinSettings<A, B, O>) {
    super('IntervalJoin');
    this.lower = settings.lowerInclusive ? settings.lowerMs : settings.lowerMs + 1;
    this.upper = settings.upperInclusive ? settings.upperMs : settings.upperMs - 1;
    const { join } = settings;
    this.fn = typeof join === 'function' ? { processElement: join } : instanceOf(join);
  }

  override open(): void | Promise<void> {
    this.backend = this.context.keyed();
    this.left = this.backend.table('left-buffer', 'interval-join');
    this.right = this.backend.table('right-buffer', 'interval-join');
    this.timers = this.context.timers<string>('cleanup', this);
    return openFunction(this.fn, this.context);
  }

  override processElement1(value: A, timestamp: number): void {
    this.process(value, timestamp, this.left, this.right, this.lower, this.upper, true);
  }

  override processElement2(value: B, timestamp: number): void {
    this.process(value, timestamp, this.right, this.left, -this.upper, -this.lower, false);
  }

  onEventTime(timestamp: number, side: string): void {
    const isLeft = side === LEFT;
    const table = isLeft ? this.left : this.right;
    const cell = table.get(VOID_NAMESPACE, this.backend.keyId);
    if (cell === undefined) return;
    const relative = isLeft ? this.upper : -this.lower;
    cell.value.delete(relative > 0 ? timestamp - relative : timestamp);
    if (cell.value.size === 0) table.delete(VOID_NAMESPACE, this.backend.keyId);
  }

  onProcessingTime(): void {}

  collect(value: O): void {
    this.output.collect(value, this.timestamp());
  }

  override close(): void | Promise<void> {
    return this.fn.close?.();
  }

  private process(
    value: A | B,
    timestamp: number,
    own: StateTable<Buffer>,
    other: StateTable<Buffer>,
    lower: number,
    upper: number,
    isLeft: boolean,
  ): void {
    if (timestamp <= MIN_LONG_TIMESTAMP) {
      throw new StreambookError('no-timestamp', 'an interval join needs timestamps, and the element has none', {
        hint: 'put .assignTimestampsAndWatermarks(...) before keyBy, on both streams',
      });
    }
    if (timestamp < this.context.currentWatermark) {
      const tag = isLeft ? this.settings.leftLateTag : this.settings.rightLateTag;
      if (tag !== undefined) this.context.sideOutput(tag as OutputTag<unknown>, value, timestamp);
      else this.context.metrics.numLateRecordsDropped++;
      return;
    }
    this.remember(own, value, timestamp);
    const candidates = other.get(VOID_NAMESPACE, this.backend.keyId)?.value;
    if (candidates !== undefined) {
      for (const [id, values] of candidates.entries()) {
        const at = id as number;
        if (at < timestamp + lower || at > timestamp + upper) continue;
        for (const match of values) {
          if (isLeft) this.pair(value as A, timestamp, match as B, at);
          else this.pair(match as A, at, value as B, timestamp);
        }
      }
    }
    const cleanup = upper > 0 ? timestamp + upper : timestamp;
    const side = isLeft ? LEFT : RIGHT;
    this.timers.registerEventTimeTimer(side, side, cleanup);
  }

  private remember(table: StateTable<Buffer>, value: unknown, timestamp: number): void {
    const cell = table.get(VOID_NAMESPACE, this.backend.keyId);
    if (cell === undefined)
      table.insert(
        VOID_NAMESPACE,
        undefined,
        this.backend.keyId,
        new JavaOrderedMap<unknown[]>().set(timestamp, [value]),
      );
    else {
      const same = cell.value.get(timestamp);
      if (same === undefined) cell.value.set(timestamp, [value]);
      else same.push(value);
    }
  }

  private timestamp(): number {
    return Math.max(this.leftTimestamp, this.rightTimestamp);
  }

  private pair(left: A, leftTimestamp: number, right: B, rightTimestamp: number): void {
    this.leftTimestamp = leftTimestamp;
    this.rightTimestamp = rightTimestamp;
    const result = this.fn.processElement(left, right, this.joinContext, this);
    if (result !== undefined) this.collect(result as O);
  }

  private readonly joinContext: ProcessJoinContext = {
    getLeftTimestamp: () => this.leftTimestamp,
    getRightTimestamp: () => this.rightTimestamp,
    getTimestamp: () => this.timestamp(),
    output: (tag, value) => this.context.sideOutput(tag, value, this.timestamp()),
  };
}
