import type { OutputTag } from '../channels/output-tag.js';
import type { Collector } from './functions.js';
import { AbstractRichFunction, type RichFunction } from './user-function.js';

/** Time and timers of the current key. */
export interface TimerService {
  /** Milliseconds since 1970, by the environment's clock. */
  currentProcessingTime(): number;
  /** `-Infinity` before the first watermark. */
  currentWatermark(): number;
  /** Calls `onTimer` when the watermark reaches `time`; once, however often it is registered. */
  registerEventTimeTimer(time: number): void;
  registerProcessingTimeTimer(time: number): void;
  deleteEventTimeTimer(time: number): void;
  deleteProcessingTimeTimer(time: number): void;
}

/** What a process function has around it. */
export interface ProcessContext {
  /** The element's timestamp; `null` if it has none. */
  timestamp(): number | null;
  timerService(): TimerService;
  /** Puts an element into a side output. */
  output<X>(tag: OutputTag<X>, value: X): void;
}

/** The same with a key. */
export interface KeyedProcessContext<K> extends ProcessContext {
  getCurrentKey(): K;
}

/** What `onTimer` has around it; `timestamp()` is the timer's. */
export interface OnTimerContext<K> extends KeyedProcessContext<K> {
  timeDomain(): 'EVENT_TIME' | 'PROCESSING_TIME';
}

/**
 * Any number of results per element, with state, timers and side outputs per key. Late elements come like any other.
 *
 * @see Flink: Process Function
 */
export abstract class KeyedProcessFunction<K, I, O> extends AbstractRichFunction {
  abstract processElement(value: I, context: KeyedProcessContext<K>, out: Collector<O>): void;
  onTimer(_timestamp: number, _context: OnTimerContext<K>, _out: Collector<O>): void {}
}

/** A process function without a key: no state and no timers. */
export abstract class ProcessFunction<I, O> extends AbstractRichFunction {
  abstract processElement(value: I, context: ProcessContext, out: Collector<O>): void;
}

/** What {@link KeyedProcessFunction} is, as an object or a plain function. */
export type KeyedProcess<K, I, O> =
  | ({
      processElement(value: I, context: KeyedProcessContext<K>, out: Collector<O>): void;
      onTimer?(timestamp: number, context: OnTimerContext<K>, out: Collector<O>): void;
    } & RichFunction)
  | ((value: I, context: KeyedProcessContext<K>, out: Collector<O>) => void);

/** What {@link ProcessFunction} is, as an object or a plain function. */
export type Process<I, O> =
  | ({ processElement(value: I, context: ProcessContext, out: Collector<O>): void } & RichFunction)
  | ((value: I, context: ProcessContext, out: Collector<O>) => void);

/** Two inputs, one function for each, with shared state and timers where both are keyed. */
export abstract class CoProcessFunction<A, B, O> extends AbstractRichFunction {
  abstract processElement1(value: A, context: KeyedProcessContext<unknown>, out: Collector<O>): void;
  abstract processElement2(value: B, context: KeyedProcessContext<unknown>, out: Collector<O>): void;
  onTimer(_timestamp: number, _context: OnTimerContext<unknown>, _out: Collector<O>): void {}
}

/** The same over keyed streams. */
export abstract class KeyedCoProcessFunction<K, A, B, O> extends AbstractRichFunction {
  abstract processElement1(value: A, context: KeyedProcessContext<K>, out: Collector<O>): void;
  abstract processElement2(value: B, context: KeyedProcessContext<K>, out: Collector<O>): void;
  onTimer(_timestamp: number, _context: OnTimerContext<K>, _out: Collector<O>): void {}
}

/** What {@link KeyedCoProcessFunction} is, as an object. */
export type CoProcess<K, A, B, O> = {
  processElement1(value: A, context: KeyedProcessContext<K>, out: Collector<O>): void;
  processElement2(value: B, context: KeyedProcessContext<K>, out: Collector<O>): void;
  onTimer?(timestamp: number, context: OnTimerContext<K>, out: Collector<O>): void;
} & RichFunction;
