import { isAggregateName, isOverOnly } from '../expressions/index.js';
import type { PlanField } from '../plan/field.js';
import type { Rel } from '../plan/rel.js';
import type { Rex, SortKey } from '../plan/rex.js';
import type { Expression } from '../sql/ast/expressions.js';
import type { OrderItem, Select, SelectItem, WindowSpecification } from '../sql/ast/queries.js';
import { conditionOf, noBareNull, ordinal, sameText } from './checks.js';
import type { Binder, BoundQuery, ExpressionEnv, QueryEnv } from './env.js';
import { remember } from './expressions.js';
import { bindGroups } from './groups.js';
import { checkHints, stateTtls, ttlOf } from './hints.js';
import { bindExpr, bindFrom } from './mutual.js';
import { orderKey } from './over.js';
import { Scope, starColumns, tableOf } from './scope.js';
import { project } from './steps.js';
import { oneRow } from './values.js';
import { nameOfCall, walk } from './walk.js';

/** A query before ORDER BY: after the columns that are seen there may be more, which only the order needs. */
export interface Sortable extends BoundQuery {
  readonly keys: readonly SortKey[];
}
/** A column to be. */
interface Item {
  readonly name: string;
  readonly clause?: string;
  readonly node: Expression;
  bind(env: ExpressionEnv): Rex;
}

/** SELECT, with the keys it is to be sorted by. */
export function bindSelect(select: Select, env: QueryEnv, orderBy: readonly OrderItem[]): Sortable {
  const { binder } = env;
  const ttls = stateTtls(select);
  const from =
    select.from === undefined ? { rel: oneRow(), sources: [], star: [] } : bindFrom(select.from, { ...env, ttls });
  checkHints(select, from.sources, binder);
  let { rel } = from;
  const scope = new Scope(rel.fields, from.sources, from.star, env.outer);
  scope.selected = new Set(select.items.flatMap(({ alias }) => (alias === undefined ? [] : [alias.name])));
  const windows = new Map<string, WindowSpecification>();
  for (const { name, window } of select.windows) {
    if (windows.has(name.name)) throw binder.invalid(`Duplicate window names not allowed`, name);
    windows.set(name.name, window);
  }
  const base: ExpressionEnv = { ...env, scope, clause: 'SELECT', windows };
  if (select.where !== undefined) {
    const condition = conditionOf(select.where, { ...base, clause: 'WHERE' }, 'WHERE');
    rel = { kind: 'filter', input: rel, condition, fields: rel.fields };
  }
  const items = selectItems(select, scope, binder);
  const order = orderItems(orderBy, items, env);
  const pieces = [...items, ...order.map(({ item }) => item)];
  let expressions: readonly Rex[];
  const isGroup = isGrouped(select, binder);
  if (isGroup) {
    const grouped = bindGroups(select, rel, { ...base, over: true }, pieces);
    const ttlMs = ttlOf(from.sources, ttls);
    rel = grouped.rel.kind === 'aggregate' && ttlMs !== undefined ? { ...grouped.rel, ttlMs } : grouped.rel;
    expressions = grouped.expressions;
  } else {
    expressions = pieces.map((piece) => piece.bind({ ...base, over: true, clause: piece.clause ?? 'SELECT' }));
  }
  return arranged(select, rel, expressions, items, order, env, isGroup);
}

/** Whether rows are aggregated. */
function isGrouped(select: Select, binder: Binder): boolean {
  if (select.groupBy !== undefined || select.having !== undefined) return true;
  return select.items.some(({ expression }) => hasAggregate(expression, binder));
}

/** Whether an aggregate stands anywhere in it that OVER does not make another thing of. */
export function hasAggregate(expression: Expression, binder: Binder): boolean {
  let found = false;
  walk(expression, (node) => {
    if (node.kind !== 'call' || node.over !== undefined) return undefined;
    const name = nameOfCall(node);
    if (isAggregateName(name, binder.site(node)) && !isOverOnly(name)) found = true;
    return undefined;
  });
  return found;
}

// ---- the SELECT list

function selectItems({ items }: Select, scope: Scope, binder: Binder): Item[] {
  // An unnamed column is numbered by how many names there are before it, a name that comes twice counting once.
  const names = new Set<string>();
  return items.flatMap((item): Item[] => {
    const { expression } = item;
    if (expression.kind === 'star') {
      if (item.alias !== undefined) throw binder.invalid(`Unknown identifier '*'`, item, '* cannot have a name');
      const columns = starColumns(expression.qualifier, scope, binder, item);
      if (columns.length === 0) throw binder.invalid('SELECT * requires a FROM clause', item);
      return columns.map(({ name, rex }) => {
        const unique = freeName(name, names);
        return {
          name: unique,
          node: written(name, rex, expression, scope),
          bind: (env) => remember(rex, written(name, rex, expression, scope), env),
        };
      });
    }
    const name = item.alias?.name ?? nameOf(item) ?? `EXPR$${names.size}`;
    names.add(name);
    noBareNull(expression, binder);
    return [{ name, node: expression, bind: (env) => bindExpr(expression, env) }];
  });
}

/** A column of `*` as it could have been written. */
function written(
  name: string,
  rex: Rex,
  { span, qualifier }: Extract<Expression, { kind: 'star' }>,
  scope: Scope,
): Expression {
  const column = { kind: 'identifier', name, quoted: false, span } as const;
  if (qualifier.length > 0 || rex.kind !== 'input') return { kind: 'column', parts: [...qualifier, column], span };
  const table = tableOf(rex, scope);
  const parts = table === undefined ? [column] : [{ ...column, name: table }, column];
  return { kind: 'column', parts, span };
}

function freeName(name: string, taken: Set<string>): string {
  let made = name;
  for (let n = 0; taken.has(made); n++) made = `${name}${n}`;
  taken.add(made);
  return made;
}

function nameOf({ expression }: SelectItem): string | undefined {
  if (expression.kind === 'column') return expression.parts[expression.parts.length - 1]?.name;
  return undefined;
}

// ---- ORDER BY

interface Ordering {
  /** A column of the SELECT list; otherwise `item` is a column of its own. */
  readonly index: number | undefined;
  readonly item: Item & { readonly clause: string };
  readonly by: OrderItem;
}

function orderItems(orderBy: readonly OrderItem[], items: readonly Item[], env: QueryEnv): Ordering[] {
  const aliases = new Map(
    items
      .filter(({ node, name }) => nameOf({ expression: node } as SelectItem) !== name)
      .map(({ name, node }) => [name, node]),
  );
  return orderBy.map((by): Ordering => {
    const { expression } = by;
    const at = ordinal(expression, items.length, env);
    const named =
      expression.kind === 'column' && expression.parts.length === 1
        ? items.findIndex(({ name }) => name === expression.parts[0]?.name)
        : -1;
    const index = at ?? (named >= 0 ? named : undefined);
    const bind = (inner: ExpressionEnv): Rex =>
      index === undefined ? bindExpr(expression, { ...inner, aliases }) : (items[index] as Item).bind(inner);
    return { index, by, item: { name: '', node: expression, bind, clause: 'ORDER BY' } };
  });
}

/** The projection, DISTINCT, and what to sort by. */
function arranged(
  select: Select,
  input: Rel,
  expressions: readonly Rex[],
  items: readonly Item[],
  order: readonly Ordering[],
  { binder }: QueryEnv,
  grouped: boolean,
): Sortable {
  const columns = expressions.slice(0, items.length);
  const names = items.map(({ name }) => name);
  const distinct = select.quantifier === 'DISTINCT';
  const all = [...columns];
  const keys = order.map(({ index, by }, i): SortKey => {
    const rex = expressions[items.length + i] as Rex;
    const { descending, nullsFirst } = orderKey(by, rex);
    let at = index ?? all.findIndex((column) => sameText(column, rex));
    if (at < 0) {
      if (distinct) {
        throw binder.invalid(
          `Expression '${binder.context.sql.slice(by.expression.span.offset, by.expression.span.offset + by.expression.span.length)}' is not in the select clause`,
          by.expression,
        );
      }
      at = all.push(rex) - 1;
    }
    return { index: at, descending, nullsFirst };
  });
  const hidden = all
    .slice(columns.length)
    .map((rex, i) =>
      rex.kind === 'input' ? (input.fields[rex.index] as PlanField).name : `EXPR$${columns.length + i}`,
    );
  const rel = project(input, all, [...names, ...hidden], !grouped);
  if (!distinct) return { rel, names, keys };
  return { rel: distinctRows(rel), names, keys };
}

/** Each row once. */
export function distinctRows(rel: Rel): Rel {
  return { kind: 'aggregate', input: rel, groups: rel.fields.map((_, i) => i), calls: [], fields: rel.fields };
}
