import type { AnyType } from '../../core/types/index.js';
import { castTo, leastRestrictive } from '../expressions/index.js';
import type { PlanField } from '../plan/field.js';
import type { Rel } from '../plan/rel.js';
import { inputRef, type Rex, type SortKey } from '../plan/rex.js';
import type { OrderedQuery, Query, SetOperation, TableQuery, With } from '../sql/ast/queries.js';
import type { Span } from '../sql/ast/span.js';
import { ordinal } from './checks.js';
import type { BoundQuery, QueryEnv } from './env.js';
import { bindExpr, bindQueryNode } from './mutual.js';
import { orderKey } from './over.js';
import { tableScope } from './scope.js';
import { bindSelect, type Sortable } from './select.js';
import { project } from './steps.js';
import { bindValues } from './values.js';

/**
 * A query, whatever its form.
 *
 * @param top whether its order is seen: that of a query within another is not kept, as in Flink
 */
export function queryRule(query: Query, env: QueryEnv, top = false): BoundQuery {
  switch (query.kind) {
    case 'select':
      return visible(bindSelect(query, env, []));
    case 'values':
      return bindValues(query, env);
    case 'tableQuery':
      return tableQuery(query, env);
    case 'setOperation':
      return setOperation(query, env);
    case 'with':
      return bindQueryNode(query.query, commonTables(query, env), top);
    case 'ordered':
      return ordered(query, env, top);
  }
}

function visible({ rel, names }: Sortable): BoundQuery {
  return { rel, names };
}

/** Without the columns that only the order needed. */
function unsorted({ rel, names }: Sortable): BoundQuery {
  if (rel.fields.length === names.length) return { rel, names };
  const kept = rel.fields.slice(0, names.length);
  const expressions = kept.map((field, i) => inputRef(i, field.type));
  return { rel: { kind: 'project', input: rel, expressions, fields: kept }, names };
}

function tableQuery(query: TableQuery, env: QueryEnv): BoundQuery {
  const { span } = query;
  const item = { kind: 'selectItem', expression: { kind: 'star', qualifier: [], span }, span } as const;
  const from = { kind: 'table', name: query.table, hints: [], span } as const;
  return bindQueryNode({ kind: 'select', hints: [], items: [item], from, windows: [], span }, env);
}

function commonTables(node: With, env: QueryEnv): QueryEnv {
  const known = new Map(env.commonTables);
  for (const table of node.tables) {
    const made = bindQueryNode(table.query, { ...env, commonTables: known });
    const columns = table.columns?.map(({ name }) => name);
    if (columns !== undefined && columns.length !== made.names.length) {
      throw env.binder.invalid(
        'Number of columns must match number of query columns',
        table,
        `${columns.length} names, ${made.names.length} columns`,
      );
    }
    const names = columns ?? made.names;
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (columns !== undefined && twice !== undefined) {
      throw env.binder.invalid(`Duplicate name '${twice}' in column list`, table);
    }
    known.set(table.name.name, { rel: made.rel, names });
  }
  return { ...env, commonTables: known };
}

// ---- UNION and its kin

function setOperation(node: SetOperation, env: QueryEnv): BoundQuery {
  const { binder } = env;
  const left = bindQueryNode(node.left, env);
  const right = bindQueryNode(node.right, env);
  const all = node.quantifier === 'ALL';
  const name = all ? `${node.operator} ALL` : node.operator;
  if (left.names.length !== right.names.length) {
    throw binder.invalid(
      `Column count mismatch in ${name}`,
      { span: itemsSpan(node.right) },
      `${left.names.length} on the left, ${right.names.length} on the right`,
    );
  }
  const types = left.rel.fields.map((field, i): AnyType => {
    const other = right.rel.fields[i] as PlanField;
    const type = leastRestrictive([field.type, other.type]);
    if (type !== undefined) return type;
    throw binder.invalid(
      `Type mismatch in column ${i + 1} of ${name}`,
      { span: itemSpan(node.left, i) },
      `${field.type} on the left, ${other.type} on the right`,
    );
  });
  const inputs = [left.rel, right.rel].map((rel) => withRowtimes(converted(rel, types), rel));
  const fields = (inputs[0] as Rel).fields.map((field, i): PlanField => {
    const other = (inputs[1] as Rel).fields[i] as PlanField;
    const base = { name: field.name, type: types[i] as AnyType };
    return field.time !== undefined && field.time === other.time ? { ...base, time: field.time } : base;
  });
  const rel: Rel = { kind: 'setOperation', operator: node.operator, all, inputs, fields };
  return { rel, names: left.names };
}

/** Watermarks go on following a rowtime that became one with the zone, or without it. */
function withRowtimes(rel: Rel, before: Rel): Rel {
  if (rel.kind !== 'project') return rel;
  const fields = rel.fields.map(
    (field, i): PlanField => (before.fields[i]?.time === 'rowtime' ? { ...field, time: 'rowtime' } : field),
  );
  return { ...rel, fields };
}

/** The same rows with columns of these types (NULL allowed or not is left as it is). */
export function converted(rel: Rel, types: readonly AnyType[]): Rel {
  const expressions = rel.fields.map((field, i): Rex => {
    const wanted = types[i] as AnyType;
    const type = field.type.nullability === 'nullable' ? wanted.nullable() : wanted.notNull();
    return castTo(inputRef(i, field.type), type as AnyType);
  });
  return project(
    rel,
    expressions,
    rel.fields.map(({ name }) => name),
  );
}

function itemsSpan(query: Query): Span {
  if (query.kind !== 'select') return query.span;
  const first = query.items[0]?.span ?? query.span;
  const last = query.items[query.items.length - 1]?.span ?? first;
  return { ...first, length: last.offset + last.length - first.offset };
}

function itemSpan(query: Query, index: number): Span {
  if (query.kind === 'setOperation') return itemSpan(query.left, index);
  return (query.kind === 'select' ? query.items[index]?.span : undefined) ?? query.span;
}

// ---- ORDER BY, LIMIT

function ordered(node: OrderedQuery, env: QueryEnv, top: boolean): BoundQuery {
  const { query } = node;
  if (query.kind === 'with') return ordered({ ...node, query: query.query }, commonTables(query, env), top);
  const made = query.kind === 'select' ? bindSelect(query, env, node.orderBy) : orderedOutput(node, env);
  const offset = countOf(node.offset, env);
  const limit = countOf(node.limit, env);
  if (offset === undefined && limit === undefined && (made.keys.length === 0 || !top)) return unsorted(made);
  const rel: Rel = {
    kind: 'sort',
    input: made.rel,
    keys: made.keys,
    ...(offset === undefined || offset === 0 ? {} : { offset }),
    ...(limit === undefined ? {} : { limit }),
    fields: made.rel.fields,
  };
  return unsorted({ ...made, rel });
}

function countOf(count: OrderedQuery['limit'], { binder }: QueryEnv): number | undefined {
  if (count === undefined) return undefined;
  if (count.kind === 'parameter') throw binder.invalid('not a literal: ?0', count, 'write the number itself');
  return Number(count.text);
}

/** ORDER BY after UNION, VALUES and their kin: over the columns of the result. */
function orderedOutput(node: OrderedQuery, env: QueryEnv): Sortable {
  const { rel, names } = bindQueryNode(node.query, env);
  const scope = tableScope(
    rel.fields.map((field, i) => ({ ...field, name: names[i] ?? field.name })),
    undefined,
    env.outer,
  );
  const hidden: Rex[] = [];
  const keys = node.orderBy.map((item): SortKey => {
    const at = ordinal(item.expression, names.length, env);
    const made = at === undefined ? bindExpr(item.expression, { ...env, scope, clause: 'ORDER BY' }) : undefined;
    const { descending, nullsFirst } = orderKey(
      item,
      made ?? inputRef(at ?? 0, (rel.fields[at ?? 0] as PlanField).type),
    );
    if (made === undefined) return { index: at ?? 0, descending, nullsFirst };
    if (made.kind === 'input') return { index: made.index, descending, nullsFirst };
    return { index: names.length + hidden.push(made) - 1, descending, nullsFirst };
  });
  if (hidden.length === 0) return { rel, names, keys };
  const all = [...rel.fields.map((field, i) => inputRef(i, field.type)), ...hidden];
  return { rel: project(rel, all, [...names, ...hidden.map((_, i) => `EXPR$${names.length + i}`)]), names, keys };
}
