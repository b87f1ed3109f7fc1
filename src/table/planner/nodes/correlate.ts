import { type Row, RowKind, rowClassOf, rowKind } from '../../../core/rows/index.js';
import { CorrelateOperator } from '../../../engine/operators/table/correlate.js';
import { compileCalc, compileExpression, compileTableFunction } from '../../codegen/index.js';
import { conjunction, mapInputs, mapRex, rexToString } from '../../expressions/index.js';
import { inputKinds, makeNode, type NodeKind, type PhysicalNode } from '../../physical/node.js';
import { type PlanField, planSchema, uniqueNames } from '../../plan/field.js';
import type { Correlate, Rel, TableFunctionScan } from '../../plan/rel.js';
import { inputRef, type Rex } from '../../plan/rex.js';
import { allColumns } from '../join-keys.js';
import { rule } from '../rules.js';
import { names } from './support.js';
import { VALUES } from './values.js';

/** A table function of the planner's own: so many rows without columns. */
export const REPLICATE_ROWS = '__INTERNAL_REPLICATE_ROWS';

/** What each row of the left is joined with: the rows of a table function, filtered and projected. */
interface TableFunctionJoin {
  readonly type: 'inner' | 'left';
  readonly function: string;
  /** Over the left row. */
  readonly operands: readonly Rex[];
  readonly ordinality: boolean;
  /** What the function gives. */
  readonly given: readonly PlanField[];
  /** Over the columns of the left row and those that the function gives. */
  readonly condition: Rex | undefined;
  /** The columns that are joined, over the same. */
  readonly expressions: readonly Rex[];
}

/**
 * UNNEST and table functions.
 *
 * @see Flink: Table Function Join, Array Expansion
 */
export const CORRELATE: NodeKind<TableFunctionJoin> = {
  name: 'Correlate',
  produces: inputKinds,
  requires: (node, asked) => (asked === 'onlyAfter' && node.detail.condition !== undefined ? undefined : [asked]),
  updates: 'forwards',
  windows: (node) => node.inputs[0]?.window,
  describe: (node) => {
    const { type, function: name, operands } = node.detail;
    const from = (node.inputs[0] as PhysicalNode).fields;
    const call = `${name}(${operands.map((one) => rexToString(one, from)).join(', ')})`;
    return `invocation=[${call}], select=[${names(node.fields)}], joinType=[${type === 'left' ? 'LEFT' : 'INNER'}]`;
  },
  translate: (node, [input], { evaluation }) => {
    const from = (node.inputs[0] as PhysicalNode).fields;
    const { type, operands, ordinality, given, condition, expressions, function: name } = node.detail;
    return (input as NonNullable<typeof input>).transform('Correlate', () => {
      const call =
        name === REPLICATE_ROWS
          ? replicate(compileExpression(operands[0] as Rex, from, evaluation))
          : compileTableFunction({ function: name, operands, ordinality }, from, evaluation);
      const both = uniqueNames([...from, ...given].map((field) => field.name)).map((unique, i) => ({
        ...((from[i] ?? given[i - from.length]) as PlanField),
        name: unique,
      }));
      const Both = rowClassOf(planSchema(both));
      const Out = rowClassOf(planSchema(node.fields));
      const finish = compileCalc(condition, [...allColumns(from), ...expressions], both, node.fields, evaluation);
      const From = rowClassOf(planSchema(from));
      const padding = expressions.map(() => null);
      const joined = (row: Row, values: readonly unknown[] | undefined): Row | undefined => {
        const kind = row[rowKind];
        const made =
          values === undefined
            ? Out.of([...From.values(row), ...padding])
            : finish(Both.of([...From.values(row), ...values]));
        if (made !== undefined && kind !== RowKind.INSERT) made[rowKind] = kind;
        return made;
      };
      return new CorrelateOperator(call, joined, type === 'left');
    });
  },
};

const NO_VALUES: readonly unknown[] = [];

function replicate(times: (row: Row) => unknown): (row: Row) => readonly (readonly unknown[])[] {
  return (row) => Array.from({ length: Number(times(row)) }, () => NO_VALUES);
}

/** The table function at the bottom of the right side, with what is done to its rows. */
interface RightSide {
  readonly scan: TableFunctionScan;
  readonly condition: readonly Rex[];
  readonly expressions: readonly Rex[];
}

// Expressions of the result are over the function's own columns, and may still name the left row as correlated.
function rightSide(rel: Rel): RightSide | undefined {
  if (rel.kind === 'tableFunction') return { scan: rel, condition: [], expressions: allColumns(rel.fields) };
  if (rel.kind !== 'project' && rel.kind !== 'filter') return undefined;
  const below = rightSide(rel.input);
  if (below === undefined) return undefined;
  const over = (rex: Rex): Rex => mapInputs(rex, (i) => below.expressions[i] as Rex);
  if (rel.kind === 'filter') return { ...below, condition: [...below.condition, over(rel.condition)] };
  return { ...below, expressions: rel.expressions.map(over) };
}

/** Correlated columns as columns of the left row; the others move behind these. */
function overBoth(rex: Rex, id: number, leftWidth: number): Rex {
  const moved = mapInputs(rex, (i) => i + leftWidth);
  return mapRex(moved, (one) => (one.kind === 'correlated' && one.id === id ? inputRef(one.index, one.type) : one));
}

function makeCorrelate(
  type: 'inner' | 'left',
  id: number,
  left: PhysicalNode,
  right: RightSide,
  fields: readonly PlanField[],
): PhysicalNode {
  const width = left.fields.length;
  const condition = right.condition.map((one) => overBoth(one, id, width));
  return makeNode(CORRELATE, fields, [left], {
    type,
    function: right.scan.function,
    operands: right.scan.operands.map((one) => overBoth(one, id, 0)),
    ordinality: right.scan.ordinality === true,
    given: right.scan.fields,
    condition: condition.length === 0 ? undefined : conjunction(condition),
    expressions: right.expressions.map((one) => overBoth(one, id, width)),
  });
}

export const CORRELATE_RULE = rule('correlate', (rel: Correlate, input) => {
  const right = rightSide(rel.right);
  return right && makeCorrelate(rel.type, rel.id, input(rel.left), right, rel.fields);
});

/** A table function that depends on no row: joined with one row without columns. */
export const TABLE_FUNCTION_RULE = rule('tableFunction', (rel) => {
  const oneRow = makeNode(VALUES, [], [], { rows: [[]] });
  return makeCorrelate('inner', -1, oneRow, rightSide(rel) as RightSide, rel.fields);
});
