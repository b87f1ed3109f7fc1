import type { Row } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import {
  WindowDeduplicateOperator,
  WindowRankOperator,
} from '../../../engine/operators/table/windows/attached-steps.js';
import { compileComparator } from '../../codegen/index.js';
import { INSERTS } from '../../physical/modify-kinds.js';
import {
  makeNode,
  type NodeKind,
  type PhysicalNode,
  requireInsertOnly,
  type WindowProperties,
} from '../../physical/node.js';
import type { Rank } from '../../plan/rel.js';
import { sortText } from '../describe.js';
import { compileWithRank } from './rank-rows.js';
import { keyed, names } from './support.js';
import { timeField } from './window-aggregate.js';
import { windowOfGroups } from './window-of-groups.js';
import { holdWindow, reader, windowClock, withoutBounds } from './windows.js';

interface WindowRank extends Pick<Rank, 'orderBy' | 'from' | 'to' | 'withNumber'> {
  /** Without the bounds of windows. */
  readonly keys: readonly number[];
  readonly window: WindowProperties;
  /** The time attribute by which the first or last row is asked for; absent: a Top-N. */
  readonly time: number | undefined;
}

/**
 * Top-N and deduplication within windows: what comes out is final.
 *
 * @see Flink: Window Top-N, Window Deduplication
 */
export const WINDOW_RANK: NodeKind<WindowRank> = {
  name: 'WindowRank',
  sentBy: ({ detail }) => [detail.keys],
  produces: (node) => {
    requireInsertOnly(node);
    return INSERTS;
  },
  requires: () => ['none'],
  updates: () => 'none',
  upsertKeys: ({ inputs: [input], detail: { keys, window, withNumber, from, to } }) => {
    const bounds = [window.start[0] as number, window.end[0] as number];
    const rank = (input as PhysicalNode).fields.length;
    const own = from === to ? [[...keys, ...bounds]] : withNumber ? [[...keys, ...bounds, rank]] : [];
    return [...(input as PhysicalNode).upsertKeys, ...own];
  },
  windows: ({ inputs: [input] }) => input?.window,
  describe: (node) => {
    const from = (node.inputs[0] as PhysicalNode).fields;
    const { keys, window, orderBy, from: first, to } = node.detail;
    const partition = keys.length === 0 ? '' : `partitionBy=[${names(from, keys)}], `;
    const bounds = `win_start=[${from[window.start[0] as number]?.name}], win_end=[${from[window.end[0] as number]?.name}]`;
    return `window=[${bounds}], rankType=[ROW_NUMBER], rankRange=[rankStart=${first}, rankEnd=${to}], ${partition}orderBy=[${sortText(orderBy, from)}], select=[${names(node.fields)}]`;
  },
  translate: (node, [input], { evaluation }) => {
    const { fields } = node.inputs[0] as PhysicalNode;
    const { keys, window, orderBy, from, to, time } = node.detail;
    return keyed(input as DataStream<Row>, fields, keys, 'WindowRank', () => {
      const attached = {
        clock: windowClock(timeField(node.inputs[0] as PhysicalNode, window), evaluation),
        rowtime: window.rowtime,
        startOf: reader(fields, window.start[0] as number),
        endOf: reader(fields, window.end[0] as number),
      };
      if (time !== undefined) {
        return new WindowDeduplicateOperator(attached, {
          last: orderBy[0]?.descending === true,
          timeOf: reader(fields, time),
        });
      }
      const compare = compileComparator(orderBy, fields);
      return new WindowRankOperator(attached, { compare, from, to, withRank: compileWithRank(fields, node.fields) });
    });
  },
};

/**
 * A Top-N whose groups tell the window, as one per window; otherwise `undefined`.
 *
 * @throws ValidationError where results within windows are updated, as in Flink
 */
export function makeWindowRank(rel: Rank, input: PhysicalNode): PhysicalNode | undefined {
  const { window } = input;
  const updated = window === undefined && rel.toColumn === undefined ? windowOfGroups(input) : undefined;
  if (updated !== undefined && holdWindow(rel.partitionBy, updated)) {
    requireInsertOnly({ kind: WINDOW_RANK, inputs: [input] });
  }
  if (window === undefined || rel.toColumn !== undefined || !holdWindow(rel.partitionBy, window)) return undefined;
  const { orderBy, from, to, withNumber } = rel;
  const [order, ...others] = orderBy;
  const byTime =
    order !== undefined &&
    others.length === 0 &&
    to === 1 &&
    !withNumber &&
    input.fields[order.index]?.time === 'rowtime';
  const keys = withoutBounds(rel.partitionBy, window);
  return makeNode(WINDOW_RANK, rel.fields, [input], {
    keys,
    window,
    orderBy,
    from,
    to,
    withNumber,
    time: byTime ? order.index : undefined,
  });
}
