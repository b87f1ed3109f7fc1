import type { Rel } from '../../plan/rel.js';
import { literal } from '../../plan/rex.js';
import { mapRel } from '../../plan/visit-rel.js';

/** What an aggregate over nothing gives, where that is known. */
const OF_NOTHING: Readonly<Record<string, unknown>> = { COUNT: 0, SUM: null, MIN: null, MAX: null };

const isEmpty = (rel: Rel): boolean => rel.kind === 'values' && rel.rows.length === 0;
const empty = ({ fields }: Rel): Rel => ({ kind: 'values', fields, rows: [] });

/**
 * Steps over what is known to be no rows are no rows themselves. Aggregates over it without groups are constants; over a
 * table that only happens to be empty they give nothing.
 *
 * @see Calcite: `PruneEmptyRules`, `AggregateValuesRule`
 */
export function pruneEmpty(rel: Rel): Rel {
  return mapRel(rel, prune);
}

function prune(rel: Rel): Rel {
  switch (rel.kind) {
    case 'project':
    case 'filter':
      return isEmpty(rel.input) ? empty(rel) : rel;
    case 'sort':
      return rel.limit === 0 || isEmpty(rel.input) ? empty(rel) : rel;
    case 'join': {
      const { type } = rel;
      if (isEmpty(rel.left) && type !== 'right' && type !== 'full') return empty(rel);
      if (!isEmpty(rel.right)) return rel;
      if (type === 'anti') return rel.left;
      return type === 'left' || type === 'full' ? rel : empty(rel);
    }
    case 'setOperation': {
      if (rel.operator !== 'UNION') return rel;
      const inputs = rel.inputs.filter((input) => !isEmpty(input));
      if (inputs.length === rel.inputs.length) return rel;
      // One input alone keeps the step: its columns have the names and types of all.
      return inputs.length === 0 ? empty(rel) : { ...rel, inputs };
    }
    case 'aggregate': {
      const { input, calls } = rel;
      if (!isEmpty(input) || rel.sets !== undefined) return rel;
      if (rel.groups.length > 0) return empty(rel);
      if (!calls.every((call) => call.function in OF_NOTHING)) return rel;
      return {
        kind: 'values',
        fields: rel.fields,
        rows: [calls.map((call) => literal(OF_NOTHING[call.function], call.type))],
      };
    }
    default:
      return rel;
  }
}
