import type { PlanNode } from '../../engine/inspect/explain.js';

/** Where a node stands, in rows and columns. */
export interface PlacedNode {
  readonly node: PlanNode;
  /** From 0, left to right: after everything it reads from. */
  readonly column: number;
  /** From 0, top to bottom; may lie between two. */
  readonly row: number;
}

/**
 * Places the nodes of a graph: each in the column after its last input, in each column beside what it reads from.
 *
 * @param nodes each after those it reads from
 */
export function placeNodes(nodes: readonly PlanNode[]): PlacedNode[] {
  const columnOf = new Map<number, number>();
  for (const node of nodes) {
    const before = node.inputs.map((input) => columnOf.get(input.from) ?? -1);
    columnOf.set(node.id, before.length === 0 ? 0 : Math.max(...before) + 1);
  }
  const columns: PlanNode[][] = [];
  for (const node of nodes) {
    const column = columnOf.get(node.id) ?? 0;
    columns[column] ??= [];
    columns[column]?.push(node);
  }
  const rowOf = new Map<number, number>();
  for (const column of columns) {
    const wanted = column.map((node, i) => {
      const rows = node.inputs.map((input) => rowOf.get(input.from) ?? 0);
      const middle = rows.length === 0 ? i : rows.reduce((sum, row) => sum + row, 0) / rows.length;
      // In eighths, so that rows can be added up exactly.
      return { node, row: Math.round(middle * 8) / 8 };
    });
    wanted.sort((a, b) => a.row - b.row || a.node.id - b.node.id);
    // What would stand in the same place moves down.
    let free = Number.NEGATIVE_INFINITY;
    for (const { node, row } of wanted) {
      const own = Math.max(row, free);
      rowOf.set(node.id, own);
      free = own + 1;
    }
  }
  const top = Math.min(0, ...rowOf.values());
  return nodes.map((node) => ({
    node,
    column: columnOf.get(node.id) ?? 0,
    row: (rowOf.get(node.id) ?? 0) - top,
  }));
}
