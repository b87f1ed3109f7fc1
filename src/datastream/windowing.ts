import { checkDuration, quoted } from '../core/arguments.js';
import type { Duration } from '../core/duration.js';
import { ArgumentError } from '../core/errors.js';
import type { OutputTag } from '../engine/channels/output-tag.js';
import { extremeByField, extremeOfField, type FieldReduction, sumOfField } from '../engine/functions/fields.js';
import { checkMethods } from '../engine/functions/user-function.js';
import { WindowAssigner } from '../engine/windows/assigners.js';
import { CountEvictor, type Evictor } from '../engine/windows/evictors.js';
import type { Trigger } from '../engine/windows/trigger.js';
import { CountTrigger, PurgingTrigger } from '../engine/windows/triggers.js';
import type { GlobalWindow, Window } from '../engine/windows/window.js';
import { checkTag } from './checks.js';
import type { DataStream } from './data-stream.js';
import type { KeyedStream } from './keyed-stream.js';
import { type Field, type NumericField, numberKindOf } from './types.js';
import { type Plan, type Reduction, reducePlan, runWindows, type WindowOptions } from './window-plan.js';

/** Checks that something puts elements into windows. */
export function checkAssigner(where: string, assigner: unknown): void {
  if (assigner instanceof WindowAssigner) return;
  throw new ArgumentError(`${where}: ${quoted(assigner)} is not a window assigner`, {
    hint: 'TumblingEventTimeWindows.of(seconds(5)), EventTimeSessionWindows.withGap(minutes(1)), GlobalWindows.create() ...',
  });
}

/** What streams in windows have in common, with a key and without: how windows behave, and aggregates of one field. */
export abstract class Windowing<T, K, W extends Window> {
  private readonly options: WindowOptions<T, W>;

  constructor(
    private readonly stream: KeyedStream<T, K>,
    assigner: WindowAssigner<T, W>,
    /** How the operators are called: `Window(...)`. */
    private readonly operator: 'Window' | 'WindowAll',
  ) {
    this.options = { assigner, allowedLatenessMs: 0 };
  }

  /** Replaces the default trigger, and with it the firing at the window's end. */
  trigger(trigger: Trigger<T, W>): this {
    checkMethods('trigger', trigger, ['onElement', 'onEventTime', 'onProcessingTime', 'clear'], 'object');
    this.options.trigger = trigger;
    return this;
  }

  /** Removes elements before or after the window is computed. All elements are kept one by one then. */
  evictor(evictor: Evictor<T, W>): this {
    checkMethods('evictor', evictor, ['evictBefore', 'evictAfter'], 'object');
    this.options.evictor = evictor;
    return this;
  }

  /** Keeps windows for this long (ms of event time) after their end; each late element fires its window again. */
  allowedLateness(lateness: Duration): this {
    checkDuration('allowedLateness', lateness);
    this.options.allowedLatenessMs = lateness;
    return this;
  }

  /** Puts elements that no window takes any more into a side output instead of dropping them. */
  sideOutputLateData(tag: OutputTag<T>): this {
    checkTag('sideOutputLateData', tag);
    this.options.lateTag = tag;
    return this;
  }

  /** The sum of a number field; the other fields are those of the window's first element. */
  sum<F extends NumericField<T>>(field: F): DataStream<T> {
    const kind = numberKindOf(this.stream.type, field);
    return this.field(() => sumOfField(field, kind));
  }

  /** The smallest value of a field; the other fields are those of the window's first element. */
  min<F extends Field<T>>(field: F): DataStream<T> {
    return this.field(() => extremeOfField(field, false));
  }

  /** The largest value of a field; the other fields are those of the window's first element. */
  max<F extends Field<T>>(field: F): DataStream<T> {
    return this.field(() => extremeOfField(field, true));
  }

  /** The whole element with the smallest value of a field; of several, the first (`first: false`: the last). */
  minBy<F extends Field<T>>(field: F, first = true): DataStream<T> {
    return this.field(() => extremeByField(field, false, first));
  }

  /** The whole element with the largest value of a field; of several, the first (`first: false`: the last). */
  maxBy<F extends Field<T>>(field: F, first = true): DataStream<T> {
    return this.field(() => extremeByField(field, true, first));
  }

  /** What a cell or `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `${this.constructor.name}: reduce(), aggregate(), process(), sum() ... say what its windows give`;
  }

  private field(make: () => FieldReduction): DataStream<T> {
    const plan = reducePlan<T>(make as () => Reduction<T>, undefined);
    return this.run<T>(make().name, plan).returns(this.stream.type);
  }

  /** @internal */
  protected run<R>(what: string, plan: Plan<T>): DataStream<R> {
    return runWindows<T, W, R>(this.stream, this.options, `${this.operator}(${what})`, plan);
  }
}

/** Windows of `size` elements; with `slide`: every `slide` elements one over the last `size`. @see Flink: `countWindow` */
export function countsOf<T, K, V extends Windowing<T, K, GlobalWindow>>(windows: V, size: number, slide?: number): V {
  return slide === undefined
    ? windows.trigger(PurgingTrigger.of<T, GlobalWindow>(CountTrigger.of<T, GlobalWindow>(size)))
    : windows.evictor(CountEvictor.of<T, GlobalWindow>(size)).trigger(CountTrigger.of<T, GlobalWindow>(slide));
}
