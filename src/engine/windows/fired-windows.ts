import type { OperatorContext } from '../operator-context.js';
import type { StateTable } from '../state/table.js';
import type { InternalTimerService } from '../time/timer-service.js';
import type { TimeWindow, Window } from './window.js';

/**
 * Which windows have fired and are kept for late elements: watermarks begin anew after a restore, and where there are no
 * timers, the state does not show it.
 */
export function writeFired(
  context: OperatorContext,
  table: StateTable<unknown>,
  more: Iterable<number> | undefined,
): void {
  const fired = new Set(more);
  for (const { id, namespace } of table.spaces.values()) {
    if ((namespace as TimeWindow).maxTimestamp() <= context.currentWatermark) fired.add(id as number);
  }
  context.operatorState.unionList<number>('fired-windows').update(fired);
}

/** The starts of the windows that had fired. */
export function readFired(context: OperatorContext): Set<number> {
  return new Set(context.operatorState.unionList<number>('fired-windows').get());
}

/**
 * Windows out of a snapshot by the operator that needs no timers (`SliceWindowOperator`) get theirs: the program has got a
 * trigger, or a window function with `clear`, since.
 */
export function giveTimers(
  context: OperatorContext,
  table: StateTable<unknown>,
  timers: InternalTimerService<Window>,
  latenessMs: number,
): void {
  if (table.spaces.size === 0 || timers.eventTime.size > 0 || timers.processingTime.size > 0) return;
  const fired = readFired(context);
  for (const { id, namespace, cells } of table.spaces.values()) {
    const window = namespace as Window;
    const last = window.maxTimestamp();
    for (const key of cells.keys()) {
      if (!fired.has(id as number)) timers.eventTime.add(last, key, id, window);
      timers.eventTime.add(last + latenessMs, key, id, window);
    }
  }
}
