import type { AnyType, Field } from '../../core/types/index.js';
import { isAggregateName } from '../expressions/index.js';
import type { AggregateCall } from '../plan/rex.js';
import type { FlinkSqlContext } from './context.js';

/**
 * An aggregate as Flink SQL.
 *
 * @param columns the text of each column of the input
 * @param fields the columns of the input
 */
export function aggregateText(
  call: AggregateCall,
  columns: readonly string[],
  fields: readonly Field[],
  context: FlinkSqlContext,
): string {
  const { function: name, distinct, filter, options } = call;
  const operands = call.operands.map((index) => columns[index] as string);
  const filtered = filter === undefined ? '' : ` FILTER (WHERE ${columns[filter]})`;
  if (!isAggregateName(name, {}) && !/^(GROUPING|GROUPING_ID|GROUP_ID)$/.test(name)) {
    const types = call.operands.map((index) => (fields[index] as Field).type as AnyType);
    return `${context.userCall(call, operands, types)}${filtered}`;
  }
  const nulls = typeof options?.nulls === 'string' ? ` ${options.nulls} ON NULL` : '';
  const quantifier = distinct ? 'DISTINCT ' : '';
  const inside =
    name === 'COUNT' && operands.length === 0
      ? '*'
      : name === 'JSON_OBJECTAGG'
        ? `KEY ${operands[0]} VALUE ${operands[1]}${nulls}`
        : `${quantifier}${operands.join(', ')}${nulls}`;
  if (name === '$SUM0') return `COALESCE(SUM(${inside})${filtered}, 0)`;
  const ignoring = options?.ignoreNulls === true ? ' IGNORE NULLS' : '';
  return `${name}(${inside})${ignoring}${filtered}`;
}
