import { ValidationError } from '../../errors.js';
import type { WindowSpec } from '../../plan/rel.js';
import type { AggregateCall } from '../../plan/rex.js';

const PACKAGE = 'org.apache.flink.table.runtime.functions.aggregate';

/** What Flink cannot put together from the parts of a window. */
const WITHOUT_MERGE: Readonly<Record<string, string>> = {
  FIRST_VALUE: 'FirstValueAggFunction',
  LAST_VALUE: 'LastValueAggFunction',
  JSON_ARRAYAGG: 'JsonArrayAggFunction',
  JSON_OBJECTAGG: 'JsonObjectAggFunction',
};

const MERGED: ReadonlySet<string> = new Set(['hop', 'cumulate', 'session']);

/** DISTINCT values are taken away again where windows hop, and these are not made for it. */
const WITHOUT_RETRACTION: ReadonlySet<string> = new Set([
  'SUM',
  '$SUM0',
  'LISTAGG',
  'STDDEV_POP',
  'STDDEV_SAMP',
  'VAR_POP',
  'VAR_SAMP',
]);

/**
 * Refuses aggregates that Flink refuses in windows that share rows or grow together: nobody is to find that out on the cluster.
 *
 * @param older GROUP BY HOP(...) rather than the table function
 */
export function requireMergeable(calls: readonly AggregateCall[], { type }: WindowSpec, older: boolean): void {
  if (!MERGED.has(type)) return;
  for (const call of calls) {
    const name = call.function;
    const found = WITHOUT_MERGE[name];
    if (found !== undefined && (older || name !== 'JSON_OBJECTAGG')) {
      const method = older && name.startsWith('JSON') ? 'accumulate' : 'merge';
      throw new ValidationError(
        `Could not find an implementation method '${method}' in class '${PACKAGE}.${found}' for function '${name}': Flink has it in TUMBLE windows alone`,
        {
          hint:
            method === 'merge' && !name.startsWith('JSON')
              ? 'ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY ...) = 1 gives the first row of each window'
              : 'ARRAY_AGG gives the values of each window',
        },
      );
    }
    if (!older && type === 'hop' && call.distinct && WITHOUT_RETRACTION.has(name)) {
      const instead = name === 'LISTAGG' ? '' : ', Please choose SumWithRetractAggFunction';
      throw new ValidationError(
        `This function does not support retraction${instead}: ${name}(DISTINCT ...) in HOP windows`,
        {
          hint: 'aggregate distinct rows of the windows: SELECT DISTINCT window_start, window_end, ... FROM TABLE(HOP(...)) first',
        },
      );
    }
  }
}
