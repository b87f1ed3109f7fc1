import { checkDuration } from '../../core/arguments.js';
import type { Duration } from '../../core/duration.js';
import { ValueStateDescriptor } from '../state/descriptors.js';
import { Trigger, type TriggerContext, TriggerResult } from './trigger.js';
import type { Window } from './window.js';

const { FIRE, FIRE_AND_PURGE, PURGE } = TriggerResult;

/**
 * Another trigger, and a firing where that one has not fired for some time of the clock.
 *
 * @example
 *   // Every 100 orders, and what there is after a minute.
 *   windows.trigger(ProcessingTimeoutTrigger.of(CountTrigger.of(100), minutes(1)));
 * @see Flink: Windows, Triggers; `ProcessingTimeoutTrigger`
 */
export class ProcessingTimeoutTrigger<T, W extends Window> extends Trigger<T, W> {
  private readonly state = new ValueStateDescriptor<number>('timeout');

  private constructor(
    private readonly nested: Trigger<T, W>,
    private readonly timeoutMs: number,
    private readonly resetOnNewRecord: boolean,
    private readonly clearOnTimeout: boolean,
  ) {
    super();
    checkDuration('ProcessingTimeoutTrigger: the timeout', timeoutMs);
  }

  /**
   * @param resetTimerOnNewRecord the time begins anew with each element. Default `false`: with the first
   * @param shouldClearOnTimeout a firing clears what the other trigger remembers. Default `true`
   */
  static of<T, W extends Window>(
    nested: Trigger<T, W>,
    timeout: Duration,
    resetTimerOnNewRecord = false,
    shouldClearOnTimeout = true,
  ): ProcessingTimeoutTrigger<T, W> {
    return new ProcessingTimeoutTrigger<T, W>(nested, timeout, resetTimerOnNewRecord, shouldClearOnTimeout);
  }

  override onElement(element: T, timestamp: number, window: W, context: TriggerContext): TriggerResult {
    const result = this.nested.onElement(element, timestamp, window, context);
    if ((result & FIRE) !== 0) {
      this.clear(window, context);
      return result;
    }
    const state = context.getPartitionedState(this.state);
    const set = state.value();
    if (set !== null && !this.resetOnNewRecord) return result;
    if (set !== null) context.deleteProcessingTimeTimer(set);
    const next = context.getCurrentProcessingTime() + this.timeoutMs;
    state.update(next);
    context.registerProcessingTimeTimer(next);
    return result;
  }

  override onEventTime(time: number, window: W, context: TriggerContext): TriggerResult {
    return this.fired(this.nested.onEventTime(time, window, context), window, context);
  }

  override onProcessingTime(time: number, window: W, context: TriggerContext): TriggerResult {
    return this.fired(this.nested.onProcessingTime(time, window, context), window, context);
  }

  override clear(window: W, context: TriggerContext): void {
    const state = context.getPartitionedState(this.state);
    const set = state.value();
    if (set !== null) {
      context.deleteProcessingTimeTimer(set);
      state.clear();
    }
    this.nested.clear(window, context);
  }

  private fired(result: TriggerResult, window: W, context: TriggerContext): TriggerResult {
    if (this.clearOnTimeout) this.clear(window, context);
    return (result & PURGE) !== 0 ? FIRE_AND_PURGE : FIRE;
  }
}
