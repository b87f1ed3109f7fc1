import type { PhysicalNode, WindowProperties } from '../../physical/node.js';
import { CALC, type Calc } from './calc.js';
import { GROUP_AGGREGATE, type GroupAggregate } from './group-aggregate.js';
import { mapWindow, repeated } from './support.js';
import { WINDOW_TVF, type WindowTvfDetail } from './window-tvf.js';

/** The windows of rows whose groups were no windows' own: sessions by other keys than theirs. */
export function windowOfGroups(node: PhysicalNode): WindowProperties | undefined {
  const [below] = node.inputs;
  if (below === undefined) return undefined;
  if ((node.kind as unknown) === CALC)
    return mapWindow(windowOfGroups(below), repeated((node.detail as Calc).expressions));
  if ((node.kind as unknown) !== GROUP_AGGREGATE) return undefined;
  const { groups } = node.detail as GroupAggregate;
  if (!sessionKeys(below).every((column) => groups.includes(column))) return undefined;
  return mapWindow(below.window, groups);
}

/** The columns within which sessions are made; -1 for one that was left out. */
function sessionKeys(node: PhysicalNode): readonly number[] {
  const [below] = node.inputs;
  if ((node.kind as unknown) === WINDOW_TVF) {
    const spec = (node.detail as WindowTvfDetail).window;
    return spec.type === 'session' ? (spec.partitionBy ?? []) : [];
  }
  if ((node.kind as unknown) !== CALC || below === undefined) return [];
  const columns = repeated((node.detail as Calc).expressions);
  return sessionKeys(below).map((column) => columns.indexOf(column));
}
