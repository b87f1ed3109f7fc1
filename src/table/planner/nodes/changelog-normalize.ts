import { type Row, rowClassOf } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import { ChangelogNormalizeOperator } from '../../../engine/operators/table/changelog-normalize.js';
import { compileRowEquals } from '../../codegen/index.js';
import { ALL_KINDS } from '../../physical/modify-kinds.js';
import { type Key, makeNode, type NodeKind, type PhysicalNode } from '../../physical/node.js';
import { planSchema } from '../../plan/field.js';
import { keyed, names } from './support.js';

interface ChangelogNormalize {
  readonly key: Key;
}

/**
 * Gives changes by key their old versions back, and takes out those that change nothing.
 *
 * @see Flink: `StreamPhysicalChangelogNormalize`
 */
export const CHANGELOG_NORMALIZE: NodeKind<ChangelogNormalize> = {
  name: 'ChangelogNormalize',
  sentBy: ({ detail }) => [detail.key],
  produces: () => ALL_KINDS,
  requires: () => ['onlyAfter'],
  updates: 'makes',
  upsertKeys: (node) => [node.detail.key],
  describe: (node) => `key=[${names(node.fields, node.detail.key)}]`,
  unboundedState: (node) => `the last row for each ${names(node.fields, node.detail.key)}`,
  translate: (node, [input], { stateTtlMs }) =>
    keyed(
      input as DataStream<Row>,
      node.fields,
      node.detail.key,
      'ChangelogNormalize',
      () =>
        new ChangelogNormalizeOperator({
          rowClass: rowClassOf(planSchema(node.fields)),
          updateBefore: node.updates === 'beforeAndAfter',
          equal: compileRowEquals(node.fields),
          stateTtlMs,
        }),
    ),
};

export function makeChangelogNormalize(input: PhysicalNode, key: Key): PhysicalNode {
  return makeNode(CHANGELOG_NORMALIZE, input.fields, [input], { key });
}
