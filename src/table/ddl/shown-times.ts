import type { PlanField, TimeAttribute } from '../plan/field.js';
import type { Aggregate, GroupWindowAggregate, Rel } from '../plan/rel.js';
import type { AggregateCall, Rex, RexCall } from '../plan/rex.js';

/**
 * What DESCRIBE says of the times of a query's columns. Flink goes on calling a time an attribute where one was computed
 * with, `ts + INTERVAL '1' SECOND` and MAX(ts) too, although watermarks follow none of these.
 *
 * @see Flink: `FlinkTypeFactory.createFieldTypeFromLogicalType`, whose time indicators pass through calls
 */
export function shownTimes(rel: Rel): readonly (TimeAttribute | undefined)[] {
  return rel.fields.map((_, i) => shownTime(rel, i));
}

/** Aggregates whose result is one of the values. */
const ONE_OF = new Set(['MAX', 'MIN', 'FIRST_VALUE', 'LAST_VALUE', 'SINGLE_VALUE']);

function shownTime(rel: Rel, i: number): TimeAttribute | undefined {
  const known = rel.fields[i]?.time;
  if (known !== undefined) return known;
  switch (rel.kind) {
    case 'project':
      return timeIn(rel.expressions[i], rel.input);
    case 'filter':
    case 'sort':
      return shownTime(rel.input, i);
    case 'aggregate':
    case 'groupWindowAggregate':
      return timeOfCall(callAt(rel, i), rel.input);
    default:
      return undefined;
  }
}

function callAt({ groups, calls }: Aggregate | GroupWindowAggregate, i: number): AggregateCall | undefined {
  return calls[i - groups.length];
}

function timeOfCall(call: AggregateCall | undefined, input: Rel): TimeAttribute | undefined {
  const [operand] = call?.operands ?? [];
  return operand !== undefined && ONE_OF.has(call?.function ?? '') ? shownTime(input, operand) : undefined;
}

function timeIn(rex: Rex | undefined, input: Rel): TimeAttribute | undefined {
  switch (rex?.kind) {
    case 'input':
      return shownTime(input, rex.index);
    case 'subquery':
      return rex.form === 'scalar' ? shownTime(rex.rel, 0) : undefined;
    case 'call': {
      const first = takenFrom(rex);
      return first !== undefined && first.type.root === rex.type.root ? timeIn(first, input) : undefined;
    }
    default:
      return undefined;
  }
}

const isLiteral = ({ kind }: Rex): boolean => kind === 'literal';
const isMoment = ({ type }: Pick<PlanField, 'type'>): boolean =>
  type.root === 'TIMESTAMP' || type.root === 'TIMESTAMP_LTZ';

/** The operand whose type a call has taken over. */
function takenFrom({ function: name, operands }: RexCall): Rex | undefined {
  switch (name) {
    case '+':
    case '-':
    case 'FLOOR':
    case 'CEIL':
    case 'TIMESTAMPADD':
      return operands.find(isMoment);
    case 'CASE':
      return operands.filter((_, i) => i % 2 === 1 || i === operands.length - 1).find((one) => !isLiteral(one));
    case 'IF':
      return operands[1];
    case 'COALESCE':
    case 'IFNULL':
    case 'NULLIF':
    case 'GREATEST':
    case 'LEAST':
      return operands[0];
    case 'ITEM':
      return operands[0]?.kind === 'call' && operands[0].function === 'ARRAY' ? operands[0].operands[0] : undefined;
    default:
      return undefined;
  }
}
