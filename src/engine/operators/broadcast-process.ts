import { ArgumentError, StreambookError } from '../../core/errors.js';
import type { OutputTag } from '../channels/output-tag.js';
import type { Collector } from '../functions/functions.js';
import type { OnTimerContext } from '../functions/process-function.js';
import { ProcessHost } from '../functions/process-host.js';
import { AbstractRichFunction, instanceOf, openFunction, type RichFunction } from '../functions/user-function.js';
import { TwoInputOperator } from '../operator.js';
import type { MapStateDescriptor, StateDescriptor } from '../state/descriptors.js';
import type { BroadcastState } from '../state/operator-state.js';

/** Broadcast state as the other input sees it: to be read only. */
export type ReadOnlyBroadcastState<K, V> = Pick<
  BroadcastState<K, V>,
  'get' | 'contains' | 'entries' | 'keys' | 'values'
>;

/** What `processElement` has around it. */
export interface ReadOnlyBroadcastContext<K> extends OnTimerContext<K> {
  getBroadcastState<MK, MV>(descriptor: MapStateDescriptor<MK, MV>): ReadOnlyBroadcastState<MK, MV>;
}

/** What `processBroadcastElement` has around it. */
export interface BroadcastContext {
  timestamp(): number | null;
  currentWatermark(): number;
  currentProcessingTime(): number;
  /** Puts an element into a side output. */
  output<X>(tag: OutputTag<X>, value: X): void;
  getBroadcastState<MK, MV>(descriptor: MapStateDescriptor<MK, MV>): BroadcastState<MK, MV>;
  /** Calls `visit` for every key that has a value in this state. */
  applyToKeyedState<S>(descriptor: StateDescriptor, visit: (key: unknown, state: S) => void): void;
}

/** A function over a stream and a broadcast stream. */
export type BroadcastProcess<K, A, B, O> = {
  processElement(value: A, context: ReadOnlyBroadcastContext<K>, out: Collector<O>): void;
  processBroadcastElement(value: B, context: BroadcastContext, out: Collector<O>): void;
  onTimer?(timestamp: number, context: ReadOnlyBroadcastContext<K>, out: Collector<O>): void;
} & RichFunction;

/**
 * {@link BroadcastProcess} as a class, over a keyed stream: state and timers per key beside broadcast state.
 *
 * @see Flink: The Broadcast State Pattern, `KeyedBroadcastProcessFunction`
 */
export abstract class KeyedBroadcastProcessFunction<K, A, B, O> extends AbstractRichFunction {
  abstract processElement(value: A, context: ReadOnlyBroadcastContext<K>, out: Collector<O>): void;
  abstract processBroadcastElement(value: B, context: BroadcastContext, out: Collector<O>): void;
  onTimer(_timestamp: number, _context: ReadOnlyBroadcastContext<K>, _out: Collector<O>): void {}
}

/** The same over a stream without keys: no keyed state and no timers. @see Flink: `BroadcastProcessFunction` */
export abstract class BroadcastProcessFunction<A, B, O> extends AbstractRichFunction {
  abstract processElement(value: A, context: ReadOnlyBroadcastContext<unknown>, out: Collector<O>): void;
  abstract processBroadcastElement(value: B, context: BroadcastContext, out: Collector<O>): void;
}

function readOnly<K, V>(state: BroadcastState<K, V>): BroadcastState<K, V> {
  const refuse = (): never => {
    throw new StreambookError(
      'read-only',
      `the broadcast state \`${state.name}\` is written by processBroadcastElement only`,
      {
        hint: 'the other side sees each element in one subtask only, and the copies would differ; read it here, or keep what is per key in keyed state',
      },
    );
  };
  return Object.assign(Object.create(state) as BroadcastState<K, V>, { put: refuse, remove: refuse, clear: refuse });
}

class BroadcastHost extends ProcessHost implements ReadOnlyBroadcastContext<unknown>, BroadcastContext {
  descriptors: readonly MapStateDescriptor<unknown, unknown>[] = [];
  /** Whether the element came from the broadcast side: what the other side wrote, one subtask alone would know. */
  writable = false;

  getBroadcastState<MK, MV>(descriptor: MapStateDescriptor<MK, MV>): BroadcastState<MK, MV> {
    if (!this.descriptors.some((known) => known.name === descriptor.name)) {
      const names = this.descriptors.map((known) => `\`${known.name}\``).join(', ');
      throw new ArgumentError(`the broadcast stream has no state \`${descriptor.name}\``, { hint: `it has ${names}` });
    }
    const state = this.context.operatorState.broadcast(descriptor);
    return this.writable ? state : readOnly(state);
  }

  applyToKeyedState<S>(descriptor: StateDescriptor, visit: (key: unknown, state: S) => void): void {
    this.context.keyed().applyToAllKeys(descriptor, visit as (key: unknown, state: unknown) => void);
  }
}

/**
 * A stream beside a broadcast stream whose elements every subtask gets.
 *
 * @see Flink: The Broadcast State Pattern
 */
export class BroadcastProcessOperator<A, B, O> extends TwoInputOperator<A, B, O> {
  private readonly fn: BroadcastProcess<unknown, A, B, O>;
  private host!: BroadcastHost;

  constructor(
    fn: BroadcastProcess<never, A, B, O>,
    private readonly descriptors: readonly MapStateDescriptor<unknown, unknown>[],
  ) {
    super('BroadcastProcess');
    this.fn = instanceOf(fn) as unknown as BroadcastProcess<unknown, A, B, O>;
  }

  override open(): void | Promise<void> {
    const { fn } = this;
    this.host = new BroadcastHost(this.context, this.output as never, (timestamp) => {
      this.host.writable = false;
      fn.onTimer?.(timestamp, this.host, this.host);
    });
    this.host.descriptors = this.descriptors;
    return openFunction(fn, this.context);
  }

  override processElement1(value: A, timestamp: number): void {
    this.host.time = timestamp;
    this.host.writable = false;
    this.fn.processElement(value, this.host, this.host);
  }

  override processElement2(value: B, timestamp: number): void {
    this.host.time = timestamp;
    this.host.writable = true;
    this.fn.processBroadcastElement(value, this.host, this.host);
  }

  override close(): void | Promise<void> {
    return this.fn.close?.();
  }
}
