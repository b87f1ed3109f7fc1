import type { AnyType, TypeRoot } from '../../core/types/index.js';
import { type CallSite, invalid } from './call-site.js';

/** What Flink's planner calls types that we call otherwise. */
const ROOTS: Partial<Readonly<Record<TypeRoot, string>>> = {
  INT: 'INTEGER',
  TIME: 'TIME_WITHOUT_TIME_ZONE',
  TIMESTAMP: 'TIMESTAMP_WITHOUT_TIME_ZONE',
  TIMESTAMP_LTZ: 'TIMESTAMP_WITH_LOCAL_TIME_ZONE',
};

const NOT_EXTREME: ReadonlySet<string> = new Set<TypeRoot>(['BINARY', 'VARBINARY', 'ARRAY', 'MAP', 'MULTISET', 'ROW']);
const KEPT: ReadonlySet<string> = new Set<TypeRoot>([
  'TINYINT',
  'SMALLINT',
  'INT',
  'BIGINT',
  'FLOAT',
  'DOUBLE',
  'DECIMAL',
  'BOOLEAN',
  'VARCHAR',
  'NULL',
]);
const NOT_DISTINCT: ReadonlySet<string> = new Set<TypeRoot>(['BINARY', 'VARBINARY', 'MAP', 'MULTISET', 'ROW']);

/**
 * Refuses what Flink refuses while planning: the greatest ARRAY, the first TIMESTAMP, the distinct BYTES.
 *
 * @see Flink: `AggFunctionFactory`, `AggregateUtil.extractDistinctInformation`
 */
export function requireAggregatable(name: string, type: AnyType | undefined, distinct: boolean, site: CallSite): void {
  if (type === undefined) return;
  const { root } = type;
  const shown = ROOTS[root] ?? root;
  if (name === 'MAX' || name === 'MIN') {
    if (!NOT_EXTREME.has(root)) return;
    throw invalid(
      `${name === 'MAX' ? 'Max' : 'Min'} aggregate function does not support type: ''${shown}''.`,
      site,
      'give it a number, a string or a time: MAX(CARDINALITY(x)), MAX(x.field)',
    );
  }
  if ((name === 'FIRST_VALUE' || name === 'LAST_VALUE') && !KEPT.has(root)) {
    throw invalid(
      `${name} aggregate function does not support type: ''${shown}''.`,
      site,
      `CAST it to STRING, or take the ${name === 'FIRST_VALUE' ? 'first' : 'last'} row by ROW_NUMBER()`,
    );
  }
  if (distinct && NOT_DISTINCT.has(root)) {
    throw invalid(`Distinct aggregate function does not support type: ${shown}.`, site, 'CAST it to STRING');
  }
}
