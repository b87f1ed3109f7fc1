import { inputsOf, isDeterministic } from '../expressions/index.js';
import { calciteName } from '../functions/types.js';
import type { Rel } from '../plan/rel.js';
import type { Rex } from '../plan/rex.js';
import type { FromItem } from '../sql/ast/queries.js';
import { unparseExpression } from '../sql/unparse/index.js';
import type { QueryEnv } from './env.js';
import type { FromResult } from './from.js';
import { bindExpr, tableByName, underAlias } from './mutual.js';
import type { Scope } from './scope.js';

/**
 * `rates FOR SYSTEM_TIME AS OF o.rowtime AS r` on the right of a join: a snapshot whose time the left row says.
 * `undefined` for any other table.
 */
export function withSnapshot(item: FromItem, left: Scope, env: QueryEnv): FromResult | undefined {
  if (item.kind === 'aliased') {
    const made = withSnapshot(item.input, left, env);
    return made === undefined ? undefined : underAlias(made, item.input, item.alias, item.columns, env);
  }
  if (item.kind !== 'table' || item.systemTime === undefined) return undefined;
  const { binder } = env;
  const parts = item.name.parts.map(({ name }) => name);
  const table = tableByName(parts, item, env);
  const { systemTime } = item;
  // The time belongs to the row on the left, so it is bound as something within a subquery of that row would be.
  const { made: period, id } = left.correlated(() =>
    bindExpr(systemTime, { ...env, scope: emptyWithin(left), clause: 'FOR SYSTEM_TIME' }),
  );
  if (id === undefined) {
    throw binder.invalid(
      isConstant(period)
        ? `getTable(ObjectPath, long) is not implemented for class ${IN_MEMORY}.`
        : `Unsupported time travel expression: ${unparseExpression(systemTime)} for the expression can not be reduced to a constant by Flink.`,
      systemTime,
      'tables as they were at a moment need a catalog that keeps them; for a temporal join name the time of the left table: FOR SYSTEM_TIME AS OF o.rowtime',
    );
  }
  const of = period.type.root;
  if (of !== 'TIMESTAMP' && of !== 'TIMESTAMP_LTZ') {
    throw binder.invalid(
      `The system time period specification expects Timestamp type but is '${calciteName(period.type)}'`,
      systemTime,
      'that is the time attribute of the left table: the column with the WATERMARK, or one AS PROCTIME()',
    );
  }
  if (period.kind !== 'correlated' || left.fields[period.index]?.time === undefined) {
    throw binder.invalid(
      "Temporal table join currently only supports 'FOR SYSTEM_TIME AS OF' left table's time attribute field",
      systemTime,
      'that is the column with the WATERMARK, or one AS PROCTIME()',
    );
  }
  const rel: Rel = { kind: 'snapshot', input: table.rel, period, fields: table.rel.fields, span: item.span };
  return { ...table, rel };
}

const IN_MEMORY = 'org.apache.flink.table.catalog.GenericInMemoryCatalog';

function isConstant(rex: Rex): boolean {
  return isDeterministic(rex) && inputsOf(rex).length === 0;
}

function emptyWithin(left: Scope): Scope {
  return new (left.constructor as typeof Scope)([], [], [], left);
}
