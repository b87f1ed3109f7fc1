import type { Row } from '../../../core/rows/index.js';
import { compileJoinPredicate, type EvaluationContext } from '../../codegen/index.js';
import type { PhysicalNode } from '../../physical/node.js';
import { type JoinOn, nullKeys } from './join-inputs.js';

/** Whether two rows whose keys are the same belong together: the rest of the condition, and no NULL among the keys. */
export function compileMatches(
  sides: readonly [PhysicalNode, PhysicalNode],
  on: JoinOn,
  evaluation: EvaluationContext,
): (left: Row, right: Row) => boolean {
  const nulls = nullKeys(sides, on);
  const holds =
    on.condition === undefined
      ? () => true
      : compileJoinPredicate(on.condition, sides[0].fields, sides[1].fields, evaluation);
  if (nulls === undefined) return holds;
  return (left, right) => !nulls.left(left) && !nulls.right(right) && holds(left, right);
}
