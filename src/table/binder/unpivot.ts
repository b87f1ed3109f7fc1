import type { Expression } from '../sql/ast/expressions.js';
import type { Identifier } from '../sql/ast/names.js';
import type { Select, SelectItem, Unpivot } from '../sql/ast/queries.js';
import type { BoundQuery, QueryEnv } from './env.js';
import { columnNode, identifier, operation } from './made-nodes.js';
import { bindFrom, bindQueryNode } from './mutual.js';

/**
 * `t UNPIVOT (x FOR a IN (b AS 'b'))`: the columns that are not named, the word for which columns they are, their values.
 * Several groups of columns are refused as Flink 1.20 refuses them.
 */
export function bindUnpivot(item: Unpivot, env: QueryEnv): BoundQuery {
  const { binder } = env;
  const { star } = bindFrom(item.input, env);
  const used = item.values.flatMap(({ columns }) => columns);
  for (const column of used) {
    if (!star.some(({ name }) => name === column.name))
      throw binder.invalid(`Column '${column.name}' not found in any table`, column);
  }
  const typeOf = (column: Identifier | undefined) => star.find(({ name }) => name === column?.name)?.rex.type;
  item.measures.forEach((measure, i) => {
    const types = item.values.map(({ columns }) => typeOf(columns[i]));
    if (new Set(types.map((one) => String(one?.nullable()))).size > 1)
      throw binder.invalid(
        `In UNPIVOT, cannot derive type for measure '${measure.name}' because source columns have different data types`,
        measure,
      );
  });
  const [only, ...more] = item.values;
  if (only === undefined || more.length > 0)
    throw binder.invalid(
      `Unsupported cast from 'NULL' to '${typeOf(used[0])?.nullable()}'.`,
      item,
      'Flink 1.20 cannot UNPIVOT more than one group of columns; write UNION ALL',
    );
  const { span } = item;
  const named = (expression: Expression, alias: Identifier): SelectItem => ({
    kind: 'selectItem',
    expression,
    alias,
    span: alias.span,
  });
  const word = only.columns.map(({ name }) => name).join('_');
  const others = star.map(({ name }) => name).filter((name) => !used.some((column) => column.name === name));
  const items = [
    ...others.map((name) => named(columnNode(name, span), identifier(name, span))),
    ...item.axes.map((axis, i) => {
      const value = only.row?.values[i] as Expression | undefined;
      return named(value ?? { kind: 'string', value: word, span: axis.span }, axis);
    }),
    ...item.measures.map((measure, i) => named(columnNode(only.columns[i] as Identifier), measure)),
  ];
  const present = only.columns.map((column): Expression => {
    return { kind: 'postfix', operator: 'IS NOT NULL', operand: columnNode(column), span: column.span };
  });
  const where = item.nulls === 'INCLUDE' ? {} : { where: present.reduce((a, b) => operation('OR', a, b)) };
  const query: Select = { kind: 'select', hints: [], items, from: item.input, ...where, windows: [], span };
  return bindQueryNode(query, env);
}
