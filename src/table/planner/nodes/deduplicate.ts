import { type Row, rowClassOf } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import { DeduplicateOperator } from '../../../engine/operators/table/rank/deduplicate.js';
import { compileRowEquals } from '../../codegen/index.js';
import { INSERTS, INSERTS_AND_UPDATES } from '../../physical/modify-kinds.js';
import { makeNode, type NodeKind, type PhysicalNode, requireInsertOnly } from '../../physical/node.js';
import { planSchema } from '../../plan/field.js';
import type { Rank } from '../../plan/rel.js';
import { keyed, names } from './support.js';
import { timeReader } from './windows.js';

interface Deduplicate {
  readonly keys: readonly number[];
  readonly time: number;
  readonly last: boolean;
}

/**
 * The first or the last row of each key, in the order of a time attribute.
 *
 * @see Flink: Deduplication
 */
export const DEDUPLICATE: NodeKind<Deduplicate> = {
  name: 'Deduplicate',
  sentBy: ({ detail }) => [detail.keys],
  produces: (node) => {
    const { detail, fields } = node;
    requireInsertOnly(node);
    return fields[detail.time]?.time === 'proctime' && !detail.last ? INSERTS : INSERTS_AND_UPDATES;
  },
  requires: () => ['none'],
  updates: 'makes',
  upsertKeys: ({ detail }) => [detail.keys],
  describe: (node) => {
    const { keys, time, last } = node.detail;
    const order = node.fields[time]?.time === 'proctime' ? 'PROCTIME' : 'ROWTIME';
    return `keep=[${last ? 'LastRow' : 'FirstRow'}], key=[${names(node.fields, keys)}], order=[${order}]`;
  },
  unboundedState: (node) => `a row for each ${names(node.fields, node.detail.keys)}`,
  translate: (node, [input], { stateTtlMs }) => {
    const { keys, time, last } = node.detail;
    const { copy } = rowClassOf(planSchema(node.fields));
    return keyed(
      input as DataStream<Row>,
      node.fields,
      keys,
      'Deduplicate',
      () =>
        new DeduplicateOperator({
          last,
          timeOf: timeReader(node.fields, time),
          equal: compileRowEquals(node.fields),
          copy,
          updateBefore: node.updates === 'beforeAndAfter',
          stateTtlMs,
        }),
    );
  },
};

/** A Top-1 by time as a deduplication, if it is one. */
export function makeDeduplicate(rel: Rank, input: PhysicalNode): PhysicalNode | undefined {
  const [order, ...others] = rel.orderBy;
  if (order === undefined || others.length > 0 || rel.from !== 1 || rel.to !== 1 || rel.withNumber) return undefined;
  if (input.fields[order.index]?.time === undefined) return undefined;
  return makeNode(DEDUPLICATE, input.fields, [input], {
    keys: rel.partitionBy,
    time: order.index,
    last: order.descending,
  });
}
