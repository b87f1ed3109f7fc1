import type { OutputTag } from '../channels/output-tag.js';
import type { OperatorContext } from '../operator-context.js';

/** What becomes of an element that no window takes any more: it goes into the side output, if there is one, or is counted. */
export function putAsideLate<T>(
  context: OperatorContext,
  tag: OutputTag<T> | undefined,
  key: unknown,
  value: T,
  timestamp: number,
): void {
  if (tag !== undefined) context.sideOutput(tag, value, timestamp);
  else context.metrics.numLateRecordsDropped++;
  const { trace, name: operator, subtask } = context;
  trace?.add({ operator, subtask, kind: tag === undefined ? 'dropped' : 'late', key, value, timestamp });
}
