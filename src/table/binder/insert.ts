import type { AnyType } from '../../core/types/index.js';
import { pathText, sinkFields, suggestion } from '../catalog/index.js';
import { ValidationError } from '../errors.js';
import { castTo, literalOf } from '../expressions/index.js';
import type { PlanField } from '../plan/field.js';
import type { Rel, SinkPlan } from '../plan/rel.js';
import { inputRef, literal, type Rex } from '../plan/rex.js';
import type { Identifier } from '../sql/ast/names.js';
import type { Span } from '../sql/ast/span.js';
import type { Insert } from '../sql/ast/statements.js';
import type { BindContext } from './context.js';
import { Binder } from './env.js';
import { supportsImplicitCast } from './implicit-casts.js';
import { bindQueryNode } from './mutual.js';
import { RULES } from './rules.js';
import { project } from './steps.js';

/**
 * INSERT INTO: the query's columns converted to those of the table, those not named NULL.
 *
 * @throws ValidationError
 * @see Flink: INSERT Statement
 */
export function bindInsert(insert: Insert, context: BindContext): SinkPlan {
  const binder = new Binder(RULES, context);
  if (insert.verb === 'UPSERT')
    throw binder.missing('UPSERT INTO', insert, 'write INSERT INTO: a PRIMARY KEY makes it an upsert');
  if (insert.extend !== undefined) throw binder.missing('EXTEND', insert);
  const table = sinkTable(insert, context);
  const { rel } = bindQueryNode(insert.query, { binder, commonTables: new Map() }, true);
  const columns = namedColumns(insert, table.fields, binder);
  if (columns !== undefined && columns.length !== rel.fields.length) {
    throw binder.invalid(
      'Number of columns must match number of query columns',
      insert.query,
      `${columns.length} columns are named, the query gives ${rel.fields.length}`,
    );
  }
  const statics = staticPartitions(insert, table.fields, binder);
  const options = optionsOf(insert);
  return {
    kind: 'sink',
    table: table.path,
    input: sinkInput(rel, table, columns, statics, { span: insert.query.span, sql: context.sql }),
    overwrite: insert.overwrite,
    ...(options === undefined ? {} : { options }),
    ...(columns === undefined ? {} : { columns: columns.map((i) => (table.fields[i] as PlanField).name) }),
  };
}

interface Target {
  readonly path: SinkPlan['table'];
  readonly fields: readonly PlanField[];
}

function sinkTable(insert: Insert, { catalog, sql }: BindContext): Target {
  const { span } = insert.table;
  const path = catalog.path(
    insert.table.parts.map(({ name }) => name),
    { span, sql },
  );
  const found = catalog.find(path);
  if (found === undefined) {
    throw new ValidationError(
      `Cannot find table '${path.map((part) => `\`${part}\``).join('.')}' in any of the catalogs [${catalog.catalogs().join(', ')}], nor as a temporary table.`,
      {
        span,
        sql,
        ...catalog.otherTables(path),
      },
    );
  }
  if (found.kind === 'view') {
    throw new ValidationError(`A view cannot be written: ${pathText(path)}`, {
      span,
      sql,
      hint: 'INSERT INTO takes a table',
    });
  }
  return { path: found.path, fields: sinkFields(found) };
}

function columnIndex(identifier: Identifier, fields: readonly PlanField[], binder: Binder): number {
  const index = fields.findIndex(({ name }) => name === identifier.name);
  if (index >= 0) return index;
  const names = fields.map(({ name }) => name);
  throw binder.invalid(
    `Unknown target column '${identifier.name}'`,
    identifier,
    suggestion(identifier.name, names, 'columns').hint,
  );
}

function namedColumns(insert: Insert, fields: readonly PlanField[], binder: Binder): number[] | undefined {
  if (insert.columns === undefined) return undefined;
  const seen = new Set<number>();
  return insert.columns.map((name) => {
    const identifier = name.parts[name.parts.length - 1] as Identifier;
    const index = columnIndex(identifier, fields, binder);
    if (seen.has(index))
      throw binder.invalid(`Target column '${identifier.name}' is assigned more than once`, identifier);
    seen.add(index);
    return index;
  });
}

function staticPartitions(insert: Insert, fields: readonly PlanField[], binder: Binder): Map<number, Rex> {
  const made = new Map<number, Rex>();
  for (const { name, value } of insert.partition ?? []) {
    if (value === undefined) continue;
    made.set(columnIndex(name, fields, binder), literalOf(value, binder.context.sql));
  }
  return made;
}

function optionsOf(insert: Insert): Readonly<Record<string, string>> | undefined {
  const hints = insert.hints.filter(({ name }) => name.name.toUpperCase() === 'OPTIONS');
  if (hints.length === 0) return undefined;
  return Object.fromEntries(hints.flatMap((hint) => (hint.options ?? []).map(({ key, value }) => [key, value])));
}

function mismatchHint(given: number, wanted: number): string {
  if (given < wanted) {
    return 'give every column a value, or name those that are written: INSERT INTO t (a, b) ...; the others are NULL';
  }
  if (given > wanted) return 'select as many columns as the table has';
  return 'columns go by their order, not by name: put them in the order of the table, or CAST them';
}

/** The rows of the query in the order and of the types of the table's columns. */
export function sinkInput(
  rel: Rel,
  table: Target,
  columns?: readonly number[],
  statics: ReadonlyMap<number, Rex> = new Map(),
  where: { readonly span?: Span; readonly sql?: string } = {},
): Rel {
  const { fields } = table;
  const order = columns ?? fields.map((_, i) => i).filter((i) => !statics.has(i));
  const mismatch = (cause: string): Error => {
    const text = (list: readonly PlanField[]) => `[${list.map(({ name, type }) => `${name}: ${type}`).join(', ')}]`;
    return new ValidationError(
      `Column types of query result and sink for '${pathText(table.path)}' do not match.\nCause: ${cause}\n\nQuery schema: ${text(rel.fields)}\nSink schema:  ${text(order.map((i) => fields[i] as PlanField))}`,
      { ...where, hint: mismatchHint(rel.fields.length, order.length) },
    );
  };
  if (rel.fields.length !== order.length) throw mismatch('Different number of columns.');
  const expressions = fields.map(({ name, type }, i): Rex => {
    const at = order.indexOf(i);
    if (at >= 0) {
      const from = rel.fields[at] as PlanField;
      if (!supportsImplicitCast(from.type, type)) {
        throw mismatch(`Incompatible types for sink column '${name}' at position ${i}.`);
      }
      // Whether NULL gets into a NOT NULL column is seen when it comes, by the sink.
      const wanted = from.type.nullability === 'nullable' ? type.nullable() : type.notNull();
      return castTo(inputRef(at, from.type), wanted as AnyType);
    }
    const fixed = statics.get(i);
    if (fixed !== undefined) return castTo(fixed, type);
    if (type.nullability === 'not null') {
      throw new ValidationError(`Column '${name}' has no default value and does not allow NULLs`, {
        ...where,
        hint: `give it a value: name \`${name}\` among the columns of INSERT INTO`,
      });
    }
    return literal(null, type);
  });
  return project(
    rel,
    expressions,
    fields.map(({ name }) => name),
  );
}
