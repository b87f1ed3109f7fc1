import type { Row } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import { ValidationError } from '../../errors.js';
import { INSERTS, isAppendOnly } from '../../physical/modify-kinds.js';
import { makeNode, type NodeKind, type PhysicalNode } from '../../physical/node.js';
import type { PlanField } from '../../plan/field.js';
import type { WindowSpec } from '../../plan/rel.js';
import { type AggregateCall, inputRef } from '../../plan/rex.js';
import { aggregateText } from '../describe.js';
import { rule } from '../rules.js';
import { makeCalc } from './calc.js';
import { requireMergeable } from './mergeable.js';
import { keyed, names } from './support.js';
import { windowFields } from './window-aggregate.js';
import { windowOperator } from './window-operators.js';

export interface GroupWindowDetail {
  readonly groups: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly window: WindowSpec;
}

/**
 * The older windows: `GROUP BY TUMBLE(ts, ...)`, and the windows of the Table API.
 *
 * @see Flink: Group Window Aggregation
 */
export const GROUP_WINDOW_AGGREGATE: NodeKind<GroupWindowDetail> = {
  name: 'GroupWindowAggregate',
  sentBy: ({ detail }) => [detail.groups],
  produces: () => INSERTS,
  requires: () => ['beforeAndAfter'],
  updates: () => 'none',
  upsertKeys: ({ detail: { groups, calls } }) => {
    const bounds = groups.length + calls.length;
    return [[...groups.map((_, i) => i), bounds, bounds + 1]];
  },
  describe: (node) => {
    const from = (node.inputs[0] as PhysicalNode).fields;
    const { groups, calls, window } = node.detail;
    const groupBy = groups.length === 0 ? '' : `groupBy=[${names(from, groups)}], `;
    const select = [...groups.map((i) => from[i]?.name), ...calls.map((one) => aggregateText(one, from))];
    return `${groupBy}window=[${groupWindowText(window, from)}], select=[${select.join(', ')}]`;
  },
  translate: (node, [input], { evaluation }) => {
    const below = node.inputs[0] as PhysicalNode;
    const { groups, calls, window } = node.detail;
    const made = {
      name: 'GroupWindowAggregate',
      input: below.fields,
      output: node.fields,
      groups,
      calls,
      retract: !isAppendOnly(below.modify),
    };
    return keyed(input as DataStream<Row>, below.fields, groups, made.name, () =>
      windowOperator(made, window, evaluation, window.type === 'hop'),
    );
  },
};

function groupWindowText(window: WindowSpec, fields: readonly PlanField[]): string {
  const time = fields[window.time]?.name;
  switch (window.type) {
    case 'tumble':
      return `TumblingGroupWindow('w$, ${time}, ${window.size})`;
    case 'hop':
      return `SlidingGroupWindow('w$, ${time}, ${window.size}, ${window.slide})`;
    case 'session':
      return `SessionGroupWindow('w$, ${time}, ${window.gap})`;
    default:
      return `'w$, ${time}`;
  }
}

export const GROUP_WINDOW_AGGREGATE_RULE = rule('groupWindowAggregate', (rel, input) => {
  const { groups, calls, window, properties, fields } = rel;
  const below = input(rel.input);
  const time = below.fields[window.time] as PlanField;
  if (window.type === 'count' && time.time === 'rowtime') {
    throw new ValidationError('Event-time grouping windows on row intervals are currently not supported.', {
      hint: 'use a column of processing time, or an interval of time',
    });
  }
  requireMergeable(calls, window, true);
  const made = makeNode(GROUP_WINDOW_AGGREGATE, windowFields(below.fields, groups, calls, time), [below], {
    groups,
    calls,
    window,
  });
  const at = groups.length + calls.length;
  const columns = [
    ...Array.from({ length: at }, (_, i) => i),
    ...properties.map((property) => at + ({ start: 0, end: 1, rowtime: 2, proctime: 2 } as const)[property]),
  ];
  return makeCalc(
    made,
    fields,
    columns.map((i, position) => inputRef(i, (fields[position] as PlanField).type)),
  );
});
