import { isAggregateName } from '../expressions/index.js';
import type { Expression } from '../sql/ast/expressions.js';
import type { Identifier } from '../sql/ast/names.js';
import type { Pivot, Select, SelectItem } from '../sql/ast/queries.js';
import { unparseExpression } from '../sql/unparse/index.js';
import type { BoundQuery, QueryEnv } from './env.js';
import { type ColumnNode, columnNode, identifier, operation } from './made-nodes.js';
import { bindFrom, bindQueryNode } from './mutual.js';
import { nameOfCall, walk } from './walk.js';

/**
 * `t PIVOT (SUM(x) AS s FOR a IN (1 AS one, 2))`, as the query that it stands for: every aggregate once for each value,
 * over the rows that have it, `SUM(x) FILTER (WHERE a = 1) AS one_s`. What is neither aggregated nor looked at is grouped by.
 */
export function bindPivot(item: Pivot, env: QueryEnv): BoundQuery {
  const { binder } = env;
  const names = bindFrom(item.input, env).star.map(({ name }) => name);
  for (const { call } of item.aggregates) {
    if (call.kind !== 'call' || !isAggregateName(nameOfCall(call), binder.site(call)))
      throw binder.invalid('Measure expression in PIVOT must use aggregate function', call);
  }
  const used = usedNames(item);
  const groups = names.filter((name) => !used.has(name)).map((name) => columnNode(name, item.span));
  const items: SelectItem[] = groups.map((expression) => ({ kind: 'selectItem', expression, span: item.span }));
  for (const { row, alias } of item.values) {
    const values = row.values as readonly Expression[];
    if (values.length !== item.axes.length)
      throw binder.invalid(
        `Value count in PIVOT (${values.length}) must match number of FOR columns (${item.axes.length})`,
        row,
      );
    const first = alias?.name ?? values.map((value) => unparseExpression(value).replace(/^- /, '-')).join('_');
    for (const one of item.aggregates) {
      const name = one.alias === undefined ? first : `${first}_${one.alias.name}`;
      const conditions = values.map((value, i) => operation('=', columnNode(item.axes[i] as Identifier), value));
      const { filter } = one.call as { filter?: Expression };
      const all = filter === undefined ? conditions : [filter, ...conditions];
      const expression = { ...one.call, filter: all.reduce((a, b) => operation('AND', a, b)) } as Expression;
      items.push({ kind: 'selectItem', expression, alias: identifier(name, row.span), span: row.span });
    }
  }
  const made = items.map(({ alias, expression }) => alias?.name ?? (expression as ColumnNode).parts[0].name);
  const twice = made.find((name, i) => made.indexOf(name) !== i);
  if (twice !== undefined)
    throw binder.invalid(`Column '${twice}' is ambiguous`, item, 'give the values of PIVOT names: IN (1 AS a, 2 AS b)');
  const { span } = item;
  const elements = groups.length === 0 ? [{ kind: 'emptyGroup', span } as const] : groups;
  const query: Select = {
    kind: 'select',
    hints: [],
    items,
    from: item.input,
    groupBy: { elements, span },
    windows: [],
    span,
  };
  return bindQueryNode(query, env);
}

/** The columns that are aggregated or looked at. */
function usedNames({ aggregates, axes }: Pivot): Set<string> {
  const names = new Set(axes.map(({ name }) => name));
  for (const { call } of aggregates) {
    walk(call, (node) => {
      if (node.kind === 'column') names.add((node.parts[node.parts.length - 1] as Identifier).name);
      return undefined;
    });
  }
  return names;
}
