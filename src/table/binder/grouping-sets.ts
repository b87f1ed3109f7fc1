import type { Call, Expression } from '../sql/ast/expressions.js';
import type { GroupingElement } from '../sql/ast/queries.js';
import { GROUP_WINDOWS } from './calls.js';
import type { Binder } from './env.js';
import { nameOfCall } from './walk.js';

/** GROUP BY, taken apart: its expressions, and the sets as positions among them. */
export interface Grouping {
  readonly expressions: readonly Expression[];
  readonly sets: readonly (readonly number[])[];
  /** TUMBLE, HOP, SESSION. */
  readonly window?: Call;
}

/** Above this many sets a GROUP BY CUBE is a mistake. */
const MOST_SETS = 4096;

/**
 * Writes out GROUPING SETS, ROLLUP and CUBE: the elements of GROUP BY are combined, each set of one with each of the
 * next.
 */
export function groupingSets(elements: readonly GroupingElement[], binder: Binder): Grouping {
  const expressions: Expression[] = [];
  let window: Call | undefined;
  const add = (node: Expression): number[] => {
    if (node.kind === 'row' && !node.explicit) return node.values.flatMap(add);
    return [expressions.push(node) - 1];
  };
  const setsOf = (element: GroupingElement): number[][] => {
    switch (element.kind) {
      case 'emptyGroup':
        return [[]];
      case 'groupingSets':
        for (const inner of element.elements) {
          if (inner.kind === 'rollup' || inner.kind === 'cube' || inner.kind === 'groupingSets')
            throw binder.refused(
              `${inner.kind === 'groupingSets' ? 'GROUPING SETS' : inner.kind.toUpperCase()} within GROUPING SETS`,
              inner,
            );
        }
        return element.elements.flatMap(setsOf);
      case 'rollup': {
        const parts = element.expressions.map(add);
        return Array.from({ length: parts.length + 1 }, (_, i) => parts.slice(0, parts.length - i).flat());
      }
      case 'cube': {
        const parts = element.expressions.map(add);
        if (2 ** parts.length > MOST_SETS) throw binder.invalid(`CUBE of ${parts.length} columns`, element);
        const made: number[][] = [];
        for (let mask = 2 ** parts.length - 1; mask >= 0; mask--) {
          made.push(parts.filter((_, i) => (mask >> (parts.length - 1 - i)) & 1).flat());
        }
        return made;
      }
      case 'call':
        if (GROUP_WINDOWS.has(nameOfCall(element))) {
          if (window !== undefined) {
            throw binder.invalid('Only a single window group function may be used in GROUP BY', element);
          }
          window = element;
          return [[]];
        }
        return [add(element)];
      default:
        return [add(element)];
    }
  };
  let sets: number[][] = [[]];
  for (const element of elements) {
    const next = setsOf(element);
    sets = sets.flatMap((set) => next.map((one) => [...set, ...one]));
    if (sets.length > MOST_SETS)
      throw binder.invalid(`GROUP BY of ${sets.length} grouping sets`, elements[0] as Expression);
  }
  return { expressions, sets, ...(window === undefined ? {} : { window }) };
}
