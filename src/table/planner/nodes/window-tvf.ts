import { columnAccess, type Row, rowClassOf, rowKind } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import {
  type AssignWindows,
  assignCumulating,
  assignHopping,
  assignTumbling,
} from '../../../engine/operators/table/windows/slices.js';
import {
  SessionTableFunctionOperator,
  WindowTableFunctionOperator,
  type WithWindow,
} from '../../../engine/operators/table/windows/window-table-function.js';
import { inputKinds, makeNode, type NodeKind, type PhysicalNode } from '../../physical/node.js';
import { type PlanField, planSchema } from '../../plan/field.js';
import type { WindowSpec } from '../../plan/rel.js';
import { rule } from '../rules.js';
import { keyed } from './support.js';
import { requireMultiple, timeReader, windowClock, windowText } from './windows.js';

export interface WindowTvfDetail {
  readonly window: WindowSpec;
}

/**
 * Puts rows into windows: each row once for each of its windows, with their bounds as columns.
 *
 * @see Flink: Windowing table-valued functions (Windowing TVFs)
 */
export const WINDOW_TVF: NodeKind<WindowTvfDetail> = {
  name: 'WindowTableFunction',
  sentBy: ({ detail: { window } }) => (window.type === 'session' ? [window.partitionBy ?? []] : []),
  // Rows that change are put into windows as any other; what is above says whether it takes changes.
  produces: inputKinds,
  requires: (_node, asked) => [asked],
  updates: 'forwards',
  windows: ({ inputs: [input], detail: { window } }) => {
    const width = (input as PhysicalNode).fields.length;
    const rowtime = (input as PhysicalNode).fields[window.time]?.time === 'rowtime';
    return { spec: window, rowtime, start: [width], end: [width + 1], time: [width + 2] };
  },
  describe: (node) => `window=[${windowText(node.detail.window, (node.inputs[0] as PhysicalNode).fields)}]`,
  translate: (node, [input], { evaluation }) => {
    const from = (node.inputs[0] as PhysicalNode).fields;
    const { window } = node.detail;
    const clock = windowClock(from[window.time] as PlanField, evaluation);
    const timeOf = timeReader(from, window.time);
    const withWindow = compileWithWindow(from, node.fields);
    if (window.type === 'session') {
      return keyed(
        input as DataStream<Row>,
        from,
        window.partitionBy ?? [],
        'WindowTableFunction',
        () => new SessionTableFunctionOperator({ gap: window.gap, clock, timeOf }, withWindow),
      );
    }
    const assign = assignerOf(window);
    return (input as DataStream<Row>).transform(
      'WindowTableFunction',
      () => new WindowTableFunctionOperator({ assign, clock, timeOf, withWindow }),
    );
  },
};

function assignerOf(window: WindowSpec): AssignWindows {
  switch (window.type) {
    case 'tumble':
      return assignTumbling(window.size, window.offset);
    case 'hop':
      return assignHopping(window.size, window.slide, window.offset);
    case 'cumulate':
      return assignCumulating(window.size, window.step, window.offset);
    default:
      throw new Error(`${window.type} windows are no table function`);
  }
}

function compileWithWindow(from: readonly PlanField[], to: readonly PlanField[]): WithWindow {
  const columns = from.map(({ name }) => columnAccess('row', name));
  // The time of a window of processing time is read when it is asked for.
  const time = to.at(-1)?.time === 'proctime' ? 'null' : 'time';
  const text = `'use strict';
return (row, start, end, time) => {
  const made = new Made(${[...columns, 'start', 'end', time].join(', ')});
  if (row[rowKind] !== 0) made[rowKind] = row[rowKind];
  return made;
};`;
  return new Function('Made', 'rowKind', text)(rowClassOf(planSchema(to)), rowKind) as WithWindow;
}

export const WINDOW_TVF_RULE = rule('windowTvf', (rel, input) => {
  if (rel.window.type === 'cumulate') requireMultiple(rel.window);
  return makeNode(WINDOW_TVF, rel.fields, [input(rel.input)], { window: rel.window });
});
