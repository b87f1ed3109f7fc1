import { type } from '../../../core/types/index.js';
import { conjunction } from '../../expressions/index.js';
import { type PlanField, plainField } from '../../plan/field.js';
import type { Aggregate, Rel, SetOperation } from '../../plan/rel.js';
import { call, inputRef, literal, type Rex } from '../../plan/rex.js';
import { mapRel } from '../../plan/visit-rel.js';
import { allColumns } from '../join-keys.js';
import { REPLICATE_ROWS } from '../nodes/correlate.js';
import { call as aggregateCall } from './calls.js';

/**
 * Writes set operations by what the engine has: UNION as the groups of a UNION ALL, INTERSECT as a semi join, EXCEPT as an
 * anti join, and with ALL by counting each row on both sides.
 *
 * @see Flink: `ReplaceIntersectWithSemiJoinRule`, `ReplaceMinusWithAntiJoinRule`, `RewriteIntersectAllRule`,
 *   `RewriteMinusAllRule`
 */
export function rewriteSetOperations(rel: Rel): Rel {
  return mapRel(rel, (one) => (one.kind === 'setOperation' ? rewrite(one) : one));
}

function rewrite(rel: SetOperation): Rel {
  const { operator, all } = rel;
  if (operator === 'UNION') return all ? rel : distinct({ ...rel, all: true }, rel.fields);
  const [first, ...others] = rel.inputs as [Rel, ...Rel[]];
  const two = all ? (operator === 'INTERSECT' ? intersectAll : exceptAll) : joined(operator);
  return others.reduce((left, right) => two(left, right, rel.fields), first);
}

type Two = (left: Rel, right: Rel, fields: readonly PlanField[]) => Rel;

function distinct(input: Rel, fields: readonly PlanField[], kept = false): Aggregate {
  const groups = fields.map((_, i) => i);
  return { kind: 'aggregate', input, fields: fields.map(plainField), groups, calls: [], ...(kept ? { kept } : {}) };
}

function joined(operator: SetOperation['operator']): Two {
  return (left, right, fields) => {
    const width = left.fields.length;
    const equal = left.fields.map((field, i) =>
      call(
        'IS NOT DISTINCT FROM',
        [inputRef(i, field.type), inputRef(i + width, (right.fields[i] as PlanField).type)],
        type.boolean().notNull(),
      ),
    );
    // Flink does not see that rows differ where it has to make NOT NULL columns nullable first.
    const cast = left.fields.some(({ type }, i) => type.nullability !== (fields[i] as PlanField).type.nullability);
    return distinct(
      {
        kind: 'join',
        type: operator === 'INTERSECT' ? 'semi' : 'anti',
        left,
        right,
        condition: conjunction(equal),
        fields: left.fields,
      },
      fields,
      cast,
    );
  };
}

const bigint = type.bigint();
const LEFT = 'vcol_left_marker';
const RIGHT = 'vcol_right_marker';

function marked(input: Rel, fields: readonly PlanField[], markers: readonly (readonly [string, Rex])[]): Rel {
  return {
    kind: 'project',
    input,
    expressions: [...allColumns(input.fields), ...markers.map(([, rex]) => rex)],
    fields: [
      ...fields.map(plainField),
      ...markers.map(([name, rex]) => ({ name, type: rex.type.nullable() as Rex['type'] })),
    ],
  };
}

function unionAll(inputs: readonly [Rel, Rel]): Rel {
  return { kind: 'setOperation', operator: 'UNION', all: true, inputs, fields: inputs[0].fields };
}

function intersectAll(left: Rel, right: Rel, fields: readonly PlanField[]): Rel {
  const one = literal(true, type.boolean());
  const none = literal(null, type.boolean());
  const both = unionAll([
    marked(left, fields, [
      [LEFT, one],
      [RIGHT, none],
    ]),
    marked(right, fields, [
      [LEFT, none],
      [RIGHT, one],
    ]),
  ]);
  const width = fields.length;
  const counts = [width, width + 1].map((column, i) =>
    aggregateCall('COUNT', [column], bigint.notNull(), `vcol_cnt_${i}`),
  );
  const grouped = groupAll(both, fields, counts);
  const [ofLeft, ofRight] = [inputRef(width, bigint.notNull()), inputRef(width + 1, bigint.notNull())] as const;
  const condition = conjunction([atLeastOne(ofLeft), atLeastOne(ofRight)]);
  const least = call(
    'CASE',
    [call('>', [ofLeft, ofRight], type.boolean().notNull()), ofRight, ofLeft],
    bigint.notNull(),
  );
  return replicated({ kind: 'filter', input: grouped, fields: grouped.fields, condition }, least, fields);
}

function exceptAll(left: Rel, right: Rel, fields: readonly PlanField[]): Rel {
  const mark = (value: number): Rex => literal(value, bigint.notNull());
  const both = unionAll([marked(left, fields, [[LEFT, mark(1)]]), marked(right, fields, [[LEFT, mark(-1)]])]);
  const width = fields.length;
  const grouped = groupAll(both, fields, [aggregateCall('SUM', [width], bigint, 'sum_vcol_marker')]);
  const sum = inputRef(width, bigint);
  const condition = call('>', [sum, literal(0, bigint.notNull())], type.boolean());
  return replicated({ kind: 'filter', input: grouped, fields: grouped.fields, condition }, sum, fields);
}

function groupAll(input: Rel, fields: readonly PlanField[], calls: Aggregate['calls']): Aggregate {
  return {
    kind: 'aggregate',
    input,
    groups: fields.map((_, i) => i),
    calls,
    fields: [...fields.map(plainField), ...calls.map(({ name, type: of }) => ({ name, type: of }))],
  };
}

function atLeastOne(count: Rex): Rex {
  return call('>=', [count, literal(1, bigint.notNull())], type.boolean().notNull());
}

/** Far from the ids that the binder gives; the same for all, as none is within another's right side. */
const ID = -1;

/** Each row so many times, without the columns behind the first ones. */
function replicated(input: Rel, times: Rex, fields: readonly PlanField[]): Rel {
  const right: Rel = {
    kind: 'tableFunction',
    function: REPLICATE_ROWS,
    operands: [asCorrelated(times, input)],
    fields: [],
  };
  const replicas: Rel = { kind: 'correlate', type: 'inner', id: ID, left: input, right, fields: input.fields };
  return {
    kind: 'project',
    input: replicas,
    expressions: fields.map((field, i) => inputRef(i, (input.fields[i] ?? field).type)),
    fields: fields.map(plainField),
  };
}

function asCorrelated(rex: Rex, input: Rel): Rex {
  if (rex.kind === 'call') return { ...rex, operands: rex.operands.map((one) => asCorrelated(one, input)) };
  if (rex.kind !== 'input') return rex;
  const { name } = input.fields[rex.index] as PlanField;
  return { kind: 'correlated', id: ID, index: rex.index, name, type: rex.type };
}
