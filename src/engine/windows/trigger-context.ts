import { StreambookError } from '../../core/errors.js';
import type { OperatorContext } from '../operator-context.js';
import type { KeyedStateBackend } from '../state/backend.js';
import type { ReducingStateDescriptor, StateDescriptor } from '../state/descriptors.js';
import type { InternalTimerService } from '../time/timer-service.js';
import { timerTime } from '../time/timers.js';
import type { EvictorContext } from './evictors.js';
import type { OnMergeContext } from './trigger.js';
import type { Window } from './window.js';

/** The trigger's (and evictor's) view of the current key and window. */
export class WindowTriggerContext implements OnMergeContext, EvictorContext {
  window!: Window;
  /** The windows that are being merged into {@link window}. */
  merged: readonly Window[] = [];

  constructor(
    private readonly context: OperatorContext,
    private readonly backend: KeyedStateBackend,
    private readonly timers: InternalTimerService<Window>,
  ) {}

  getCurrentWatermark(): number {
    return this.context.currentWatermark;
  }

  getCurrentProcessingTime(): number {
    return this.context.clock.now();
  }

  registerEventTimeTimer(timestamp: number): void {
    this.timers.registerEventTimeTimer(this.window.id, this.window, timerTime(timestamp));
  }

  registerProcessingTimeTimer(timestamp: number): void {
    this.timers.registerProcessingTimeTimer(this.window.id, this.window, timerTime(timestamp));
  }

  deleteEventTimeTimer(timestamp: number): void {
    this.timers.deleteEventTimeTimer(this.window.id, timestamp);
  }

  deleteProcessingTimeTimer(timestamp: number): void {
    this.timers.deleteProcessingTimeTimer(this.window.id, timestamp);
  }

  getPartitionedState(descriptor: StateDescriptor): never {
    return this.backend.namespacedView(descriptor, this.window.id, this.window) as never;
  }

  mergePartitionedState(descriptor: StateDescriptor): void {
    if (descriptor.kind !== 'reducing') {
      throw new StreambookError('state-kind', `a trigger's ${descriptor.kind} state cannot be merged`, {
        hint: 'use a ReducingStateDescriptor for what has to survive merging',
      });
    }
    const { reduce } = descriptor as ReducingStateDescriptor<unknown>;
    const table = this.backend.table<unknown>(`trigger/${descriptor.name}`, descriptor.kind);
    const { keyId } = this.backend;
    let sum: { value: unknown } | undefined;
    for (const window of this.merged) {
      const cell = table.get(window.id, keyId);
      if (cell === undefined) continue;
      sum = { value: sum === undefined ? cell.value : reduce(sum.value, cell.value) };
      table.delete(window.id, keyId);
    }
    if (sum === undefined) return;
    const target = table.get(this.window.id, keyId);
    if (target === undefined) table.insert(this.window.id, this.window, keyId, sum.value);
    else target.value = reduce(target.value, sum.value);
  }
}
