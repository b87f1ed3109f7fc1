import { rowClassOf } from '../../../core/rows/index.js';
import { compileExpression } from '../../codegen/index.js';
import { isDeterministic, rexToString } from '../../expressions/index.js';
import { INSERTS } from '../../physical/modify-kinds.js';
import { makeNode, type NodeKind } from '../../physical/node.js';
import { planSchema } from '../../plan/field.js';
import type { Rex } from '../../plan/rex.js';
import { rule } from '../rules.js';
import { names } from './support.js';

interface Values {
  readonly rows: readonly (readonly Rex[])[];
}

/** Rows of constants. */
export const VALUES: NodeKind<Values> = {
  name: 'Values',
  produces: () => INSERTS,
  requires: () => [],
  updates: () => 'none',
  shareable: ({ detail }) => detail.rows.every((row) => row.every((rex) => isDeterministic(rex))),
  describe: (node) => {
    const rows = node.detail.rows.map((row) => `{ ${row.map((one) => rexToString(one)).join(', ')} }`);
    return `tuples=[[${rows.join(', ')}]], values=[${names(node.fields)}]`;
  },
  translate: (node, _inputs, { env, evaluation }) => {
    const RowOf = rowClassOf(planSchema(node.fields));
    const nothing = rowClassOf({}).of([]);
    const { rows } = node.detail;
    // Made when the job begins, so that what is no constant (the time, a random number) is of this run.
    const make = () => rows.map((row) => RowOf.of(row.map((rex) => compileExpression(rex, [], evaluation)(nothing))));
    return env.fromCollection(make);
  },
};

export const VALUES_RULE = rule('values', (rel) => makeNode(VALUES, rel.fields, [], { rows: rel.rows }));
