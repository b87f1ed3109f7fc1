import type { Rel } from '../../plan/rel.js';
import { mapRel } from '../../plan/visit-rel.js';

const isEmpty = (rel: Rel): boolean => rel.kind === 'values' && rel.rows.length === 0;
const empty = ({ fields }: Rel): Rel => ({ kind: 'values', fields, rows: [] });

/**
 * Steps over what is known to be no rows are no rows themselves: aggregates too, which give nothing in a stream until the
 * first row comes.
 *
 * @see Calcite: `PruneEmptyRules`
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
    case 'aggregate':
      return isEmpty(rel.input) && rel.sets === undefined ? empty(rel) : rel;
    default:
      return rel;
  }
}
