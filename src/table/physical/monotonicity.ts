import { isAppendOnly } from './modify-kinds.js';
import type { PhysicalNode } from './node.js';

/** How a column changes from one version of a row to the next: not at all, upwards, downwards, either way. */
export type Monotonicity = 'constant' | 'increasing' | 'decreasing' | 'any';

/**
 * How the columns of a node change over the versions of a row; `undefined`: nothing is known. Rows that are only added do
 * not change.
 *
 * @see Flink: `FlinkRelMdModifiedMonotonicity`
 */
export function monotonicityOf(node: PhysicalNode): readonly Monotonicity[] | undefined {
  if (isAppendOnly(node.modify)) return node.fields.map(() => 'constant');
  return node.kind.monotonicity?.(node);
}
