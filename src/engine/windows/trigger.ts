import type { ListState, MapState } from '../state/collections.js';
import type {
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  StateDescriptor,
  ValueStateDescriptor,
} from '../state/descriptors.js';
import type { ReducingState, ValueState } from '../state/views.js';
import type { Window } from './window.js';

/** What is to be done with a window. */
export const TriggerResult = {
  /** Nothing. */
  CONTINUE: 0,
  /** Compute it and put the result out; its contents stay. */
  FIRE: 1,
  /** Throw its contents away. */
  PURGE: 2,
  /** Compute it, put the result out, throw its contents away. */
  FIRE_AND_PURGE: 3,
} as const;
/** One of {@link TriggerResult}. */
export type TriggerResult = (typeof TriggerResult)[keyof typeof TriggerResult];

/** What a trigger has around it: time, timers and state of the current key and window. */
export interface TriggerContext {
  getCurrentWatermark(): number;
  getCurrentProcessingTime(): number;
  registerEventTimeTimer(timestamp: number): void;
  registerProcessingTimeTimer(timestamp: number): void;
  deleteEventTimeTimer(timestamp: number): void;
  deleteProcessingTimeTimer(timestamp: number): void;
  /** State of the current key and window. */
  getPartitionedState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T>;
  getPartitionedState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T>;
  getPartitionedState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  getPartitionedState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V>;
}

/** What a trigger has around it while windows merge. */
export interface OnMergeContext extends TriggerContext {
  /** Puts the states of the merged windows together. */
  mergePartitionedState(descriptor: StateDescriptor): void;
}

/**
 * Decides when a window is computed. A trigger of one's own replaces the firing at the window's end.
 *
 * @see Flink: Windows, Triggers
 */
export abstract class Trigger<T, W extends Window> {
  /** For each element that is added to a window. */
  abstract onElement(element: T, timestamp: number, window: W, context: TriggerContext): TriggerResult;
  /** When an event-time timer of the trigger's fires. */
  abstract onEventTime(time: number, window: W, context: TriggerContext): TriggerResult;
  /** When a processing-time timer of the trigger's fires. */
  abstract onProcessingTime(time: number, window: W, context: TriggerContext): TriggerResult;
  /** When the window is thrown away: delete timers and state. */
  abstract clear(window: W, context: TriggerContext): void;
  /** Whether it can be used with windows that merge. */
  canMerge(): boolean {
    return false;
  }
  /** When windows have merged into `window`. */
  onMerge(_window: W, _context: OnMergeContext): void {
    throw new Error('this trigger does not support merging');
  }
}
