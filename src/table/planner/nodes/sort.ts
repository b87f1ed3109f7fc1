import type { Row } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import { TemporalSortOperator } from '../../../engine/operators/table/temporal-sort.js';
import { compileComparator } from '../../codegen/index.js';
import { ValidationError } from '../../errors.js';
import { INSERTS } from '../../physical/modify-kinds.js';
import { makeNode, type NodeKind, requireInsertOnly } from '../../physical/node.js';
import type { PlanField } from '../../plan/field.js';
import type { Rank } from '../../plan/rel.js';
import type { SortKey } from '../../plan/rex.js';
import { sortText } from '../describe.js';
import { rule } from '../rules.js';
import { keyed, requireOrderable } from './support.js';

interface TemporalSort {
  /** The first one is a time attribute, ascending. */
  readonly keys: readonly SortKey[];
}

/**
 * ORDER BY a time attribute.
 *
 * @see Flink: ORDER BY clause
 */
export const TEMPORAL_SORT: NodeKind<TemporalSort> = {
  name: 'TemporalSort',
  sentBy: () => [[]],
  produces: (node) => {
    requireInsertOnly(node);
    return INSERTS;
  },
  requires: () => ['none'],
  updates: () => 'none',
  upsertKeys: (node) => node.inputs[0]?.upsertKeys ?? [],
  describe: (node) => `orderBy=[${sortText(node.detail.keys, node.fields)}]`,
  translate: (node, [input]) => {
    const [first, ...others] = node.detail.keys;
    const time = node.fields[first?.index as number] as PlanField;
    // Rows come in the order of processing time.
    if (time.time === 'proctime' && others.length === 0) return input as DataStream<Row>;
    return keyed(
      input as DataStream<Row>,
      node.fields,
      [],
      'TemporalSort',
      () =>
        new TemporalSortOperator({
          rowtime: time.time === 'rowtime' ? time.name : undefined,
          compare: others.length === 0 ? undefined : compileComparator(others, node.fields),
        }),
    );
  },
};

/** ORDER BY and LIMIT. With a limit it is a Top-N over everything. */
export const SORT_RULE = rule('sort', (rel, input) => {
  const { keys, limit, offset = 0 } = rel;
  const [first] = keys;
  if (limit !== undefined) {
    const rank: Rank = {
      kind: 'rank',
      input: rel.input,
      fields: rel.fields,
      partitionBy: [],
      orderBy: keys,
      from: offset + 1,
      to: offset + limit,
      withNumber: false,
    };
    return input(rank);
  }
  if (first === undefined) {
    if (offset === 0) return input(rel.input);
    throw new ValidationError('FETCH is missed, which on streaming table is not supported currently.', {
      hint: 'OFFSET needs a LIMIT here',
    });
  }
  const below = input(rel.input);
  if (offset > 0 || below.fields[first.index]?.time === undefined || first.descending) {
    throw new ValidationError('Sort on a non-time-attribute field is not supported.', {
      hint: 'rows keep coming, so their order by another column is never settled. Order by the time attribute, ascending, or add a LIMIT',
    });
  }
  requireOrderable(keys, below.fields);
  return makeNode(TEMPORAL_SORT, rel.fields, [below], { keys });
});
