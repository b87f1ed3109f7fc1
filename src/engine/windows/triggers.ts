import { checkDuration, checkInteger, quoted } from '../../core/arguments.js';
import type { Duration } from '../../core/duration.js';
import { ArgumentError } from '../../core/errors.js';
import { checkFunction, checkMethods } from '../functions/user-function.js';
import { ReducingStateDescriptor, ValueStateDescriptor } from '../state/descriptors.js';
import { type OnMergeContext, Trigger, type TriggerContext, TriggerResult } from './trigger.js';
import type { Window } from './window.js';

const { CONTINUE, FIRE, FIRE_AND_PURGE } = TriggerResult;

/** What most triggers are: nothing happens when a timer fires. */
abstract class QuietTrigger<T, W extends Window> extends Trigger<T, W> {
  override onEventTime(_time: number, _window: W, _context: TriggerContext): TriggerResult {
    return CONTINUE;
  }

  override onProcessingTime(_time: number, _window: W, _context: TriggerContext): TriggerResult {
    return CONTINUE;
  }
}

/** Fires when the watermark passes the window's end, and for each element that comes later. The default in event time. */
export class EventTimeTrigger<T, W extends Window> extends QuietTrigger<T, W> {
  static create<T, W extends Window>(): EventTimeTrigger<T, W> {
    return new EventTimeTrigger<T, W>();
  }

  override onElement(_element: T, _timestamp: number, window: W, context: TriggerContext): TriggerResult {
    if (window.maxTimestamp() <= context.getCurrentWatermark()) return FIRE;
    context.registerEventTimeTimer(window.maxTimestamp());
    return CONTINUE;
  }

  override onEventTime(time: number, window: W): TriggerResult {
    return time === window.maxTimestamp() ? FIRE : CONTINUE;
  }

  override clear(window: W, context: TriggerContext): void {
    context.deleteEventTimeTimer(window.maxTimestamp());
  }

  override canMerge(): boolean {
    return true;
  }

  override onMerge(window: W, context: OnMergeContext): void {
    if (window.maxTimestamp() > context.getCurrentWatermark()) context.registerEventTimeTimer(window.maxTimestamp());
  }
}

/** Fires when the clock passes the window's end. The default in processing time. */
export class ProcessingTimeTrigger<T, W extends Window> extends QuietTrigger<T, W> {
  static create<T, W extends Window>(): ProcessingTimeTrigger<T, W> {
    return new ProcessingTimeTrigger<T, W>();
  }

  override onElement(_element: T, _timestamp: number, window: W, context: TriggerContext): TriggerResult {
    context.registerProcessingTimeTimer(window.maxTimestamp());
    return CONTINUE;
  }

  override onProcessingTime(): TriggerResult {
    return FIRE;
  }

  override clear(window: W, context: TriggerContext): void {
    context.deleteProcessingTimeTimer(window.maxTimestamp());
  }

  override canMerge(): boolean {
    return true;
  }

  override onMerge(window: W, context: OnMergeContext): void {
    if (window.maxTimestamp() > context.getCurrentProcessingTime()) {
      context.registerProcessingTimeTimer(window.maxTimestamp());
    }
  }
}

/** Never fires. The default of global windows. */
export class NeverTrigger<T, W extends Window> extends QuietTrigger<T, W> {
  override onElement(): TriggerResult {
    return CONTINUE;
  }
  override clear(): void {}
  override canMerge(): boolean {
    return true;
  }
  override onMerge(): void {}
}

/** Fires at the end of the input. */
export class EndOfStreamTrigger<T, W extends Window> extends QuietTrigger<T, W> {
  override onElement(_element: T, _timestamp: number, window: W, context: TriggerContext): TriggerResult {
    context.registerEventTimeTimer(window.maxTimestamp());
    return CONTINUE;
  }

  override onEventTime(time: number, window: W): TriggerResult {
    return time === window.maxTimestamp() ? FIRE : CONTINUE;
  }

  override clear(): void {}
}

/** Fires when a window has `count` new elements. What is left over at the end of input is lost. */
export class CountTrigger<T, W extends Window> extends QuietTrigger<T, W> {
  private readonly state = new ReducingStateDescriptor<number>('count', (a, b) => a + b);

  private constructor(private readonly count: number) {
    super();
    checkInteger('CountTrigger: the count', count, 1);
  }

  static of<T, W extends Window>(count: number): CountTrigger<T, W> {
    return new CountTrigger<T, W>(count);
  }

  override onElement(_element: T, _timestamp: number, _window: W, context: TriggerContext): TriggerResult {
    const count = context.getPartitionedState(this.state);
    count.add(1);
    if ((count.get() ?? 0) < this.count) return CONTINUE;
    count.clear();
    return FIRE;
  }

  override clear(_window: W, context: TriggerContext): void {
    context.getPartitionedState(this.state).clear();
  }

  override canMerge(): boolean {
    return true;
  }

  override onMerge(_window: W, context: OnMergeContext): void {
    context.mergePartitionedState(this.state);
  }
}

/** Fires at every multiple of an interval: what the two kinds of time have in common. */
abstract class ContinuousTrigger<T, W extends Window> extends QuietTrigger<T, W> {
  /** When it fires next. */
  private readonly state = new ReducingStateDescriptor<number>('fire-time', Math.min);

  protected constructor(private readonly intervalMs: number) {
    super();
    checkDuration(`${new.target.name}: the interval`, intervalMs, 'above 0');
  }

  protected abstract register(time: number, context: TriggerContext): void;
  protected abstract unregister(time: number, context: TriggerContext): void;

  /** Sees to it that it fires after `time`, if it does not know yet when to. */
  protected begin(time: number, window: W, context: TriggerContext): void {
    if (context.getPartitionedState(this.state).get() !== null) return;
    this.registerNext(time - (time % this.intervalMs), window, context);
  }

  protected onTime(time: number, window: W, context: TriggerContext): TriggerResult {
    const state = context.getPartitionedState(this.state);
    if (state.get() !== time) return CONTINUE;
    state.clear();
    this.registerNext(time, window, context);
    return FIRE;
  }

  override clear(_window: W, context: TriggerContext): void {
    const state = context.getPartitionedState(this.state);
    const time = state.get();
    if (time === null) return;
    this.unregister(time, context);
    state.clear();
  }

  override canMerge(): boolean {
    return true;
  }

  override onMerge(_window: W, context: OnMergeContext): void {
    context.mergePartitionedState(this.state);
    const next = context.getPartitionedState(this.state).get();
    if (next !== null) this.register(next, context);
  }

  private registerNext(time: number, window: W, context: TriggerContext): void {
    const next = Math.min(time + this.intervalMs, window.maxTimestamp());
    context.getPartitionedState(this.state).add(next);
    this.register(next, context);
  }
}

/** Fires at every multiple of an interval that the watermark passes, and at the window's end. */
export class ContinuousEventTimeTrigger<T, W extends Window> extends ContinuousTrigger<T, W> {
  static of<T, W extends Window>(interval: Duration): ContinuousEventTimeTrigger<T, W> {
    return new ContinuousEventTimeTrigger<T, W>(interval);
  }

  override onElement(_element: T, timestamp: number, window: W, context: TriggerContext): TriggerResult {
    if (window.maxTimestamp() <= context.getCurrentWatermark()) return FIRE;
    context.registerEventTimeTimer(window.maxTimestamp());
    this.begin(timestamp, window, context);
    return CONTINUE;
  }

  override onEventTime(time: number, window: W, context: TriggerContext): TriggerResult {
    return time === window.maxTimestamp() ? FIRE : this.onTime(time, window, context);
  }

  protected override register(time: number, context: TriggerContext): void {
    context.registerEventTimeTimer(time);
  }

  protected override unregister(time: number, context: TriggerContext): void {
    context.deleteEventTimeTimer(time);
  }
}

/** Fires at every multiple of an interval that the clock passes. */
export class ContinuousProcessingTimeTrigger<T, W extends Window> extends ContinuousTrigger<T, W> {
  static of<T, W extends Window>(interval: Duration): ContinuousProcessingTimeTrigger<T, W> {
    return new ContinuousProcessingTimeTrigger<T, W>(interval);
  }

  override onElement(_element: T, _timestamp: number, window: W, context: TriggerContext): TriggerResult {
    this.begin(context.getCurrentProcessingTime(), window, context);
    return CONTINUE;
  }

  override onProcessingTime(time: number, window: W, context: TriggerContext): TriggerResult {
    return time === window.maxTimestamp() ? FIRE : this.onTime(time, window, context);
  }

  protected override register(time: number, context: TriggerContext): void {
    context.registerProcessingTimeTimer(time);
  }

  protected override unregister(time: number, context: TriggerContext): void {
    context.deleteProcessingTimeTimer(time);
  }
}

/** How far apart two elements are. */
export type DeltaFunction<T> = (oldElement: T, newElement: T) => number;

/** Checks what a delta trigger or evictor is told. */
export function checkDelta(where: string, threshold: unknown, delta: unknown): void {
  if (typeof threshold !== 'number' || Number.isNaN(threshold)) {
    throw new ArgumentError(`${where}: the threshold is ${quoted(threshold)}, not a number`);
  }
  checkFunction(where, delta);
}

/** Fires when an element is further than `threshold` from the one at the last firing. */
export class DeltaTrigger<T, W extends Window> extends QuietTrigger<T, W> {
  private readonly state = new ValueStateDescriptor<T>('last-element');

  private constructor(
    private readonly threshold: number,
    private readonly delta: DeltaFunction<T>,
  ) {
    super();
    checkDelta('DeltaTrigger', threshold, delta);
  }

  static of<T, W extends Window>(threshold: number, delta: DeltaFunction<T>): DeltaTrigger<T, W> {
    return new DeltaTrigger<T, W>(threshold, delta);
  }

  override onElement(element: T, _timestamp: number, _window: W, context: TriggerContext): TriggerResult {
    const last = context.getPartitionedState(this.state);
    const value = last.value();
    if (value === null) {
      last.update(element);
      return CONTINUE;
    }
    if (!(this.delta(value, element) > this.threshold)) return CONTINUE;
    last.update(element);
    return FIRE;
  }

  override clear(_window: W, context: TriggerContext): void {
    context.getPartitionedState(this.state).clear();
  }
}

/** Makes every firing of another trigger throw the window's contents away. */
export class PurgingTrigger<T, W extends Window> extends Trigger<T, W> {
  private constructor(private readonly nested: Trigger<T, W>) {
    super();
    checkMethods('PurgingTrigger', nested, ['onElement', 'onEventTime', 'onProcessingTime', 'clear'], 'object');
  }

  static of<T, W extends Window>(nested: Trigger<T, W>): PurgingTrigger<T, W> {
    return new PurgingTrigger<T, W>(nested);
  }

  override onElement(element: T, timestamp: number, window: W, context: TriggerContext): TriggerResult {
    return purging(this.nested.onElement(element, timestamp, window, context));
  }

  override onEventTime(time: number, window: W, context: TriggerContext): TriggerResult {
    return purging(this.nested.onEventTime(time, window, context));
  }

  override onProcessingTime(time: number, window: W, context: TriggerContext): TriggerResult {
    return purging(this.nested.onProcessingTime(time, window, context));
  }

  override clear(window: W, context: TriggerContext): void {
    this.nested.clear(window, context);
  }

  override canMerge(): boolean {
    return this.nested.canMerge();
  }

  override onMerge(window: W, context: OnMergeContext): void {
    this.nested.onMerge(window, context);
  }
}

function purging(result: TriggerResult): TriggerResult {
  return (result & FIRE) !== 0 ? FIRE_AND_PURGE : result;
}
