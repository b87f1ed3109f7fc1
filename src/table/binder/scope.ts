import type { AnyType } from '../../core/types/index.js';
import { suggestion, UNNAMED } from '../catalog/index.js';
import type { PlanField } from '../plan/field.js';
import { type CorrelatedRef, inputRef, type Rex } from '../plan/rex.js';
import type { Identifier } from '../sql/ast/names.js';
import type { Span } from '../sql/ast/span.js';
import type { Binder } from './env.js';
import { mapRexDeep } from './rex-tools.js';

type RowType = Extract<AnyType, { root: 'ROW' }>;

/** One table of FROM. */
export interface Source {
  /** What it is called, `t` or its alias; absent: it cannot be named. */
  readonly name: string | undefined;
  /** Its name in full, where it has no alias. */
  readonly path?: readonly string[];
  readonly columns: readonly { readonly name: string; readonly index: number }[];
}
/** A column as `*` and plain names find it. Those that USING made one of two are expressions. */
export interface StarColumn {
  readonly name: string;
  readonly rex: Rex;
}

/** The columns that names can mean: those of a row, made of the rows of several tables. */
export class Scope {
  /** The id under which a subquery that is being bound refers to this row; set when it does. */
  correlation: number | undefined;
  /** Names that the SELECT list gives, for messages. */
  selected: ReadonlySet<string> | undefined;

  constructor(
    readonly fields: readonly PlanField[],
    readonly sources: readonly Source[],
    readonly star: readonly StarColumn[],
    readonly outer: Scope | undefined,
  ) {}

  /** Binds what may refer to this row from within, and tells the id it did so under. */
  correlated<T>(bind: () => T): { readonly made: T; readonly id: number | undefined } {
    const before = this.correlation;
    this.correlation = undefined;
    const made = bind();
    const id = this.correlation as number | undefined;
    this.correlation = before;
    return { made, id };
  }
  column(index: number): Rex {
    return inputRef(index, (this.fields[index] as PlanField).type);
  }
}

/** A scope of the columns of one table that needs no name. */
export function tableScope(fields: readonly PlanField[], name?: string, outer?: Scope): Scope {
  const columns = fields.map((field, index) => ({ name: field.name, index }));
  const star = fields.map((field, index) => ({ name: field.name, rex: inputRef(index, field.type) }));
  return new Scope(fields, [{ name, columns }], star, outer);
}

/** An expression over the row of `scope`, as something within a subquery refers to it. */
function fromWithin(rex: Rex, scope: Scope, levels: number, binder: Binder): Rex {
  if (levels === 0) return rex;
  scope.correlation ??= binder.nextCorrelation();
  const id = scope.correlation;
  return mapRexDeep(rex, (one) => {
    if (one.kind !== 'input') return one;
    const field = scope.fields[one.index] as PlanField;
    const made: CorrelatedRef = { kind: 'correlated', id, index: one.index, name: field.name, type: one.type };
    return made;
  });
}

/** Takes fields of a ROW. */
export function fieldAccess(
  operand: Rex,
  field: Identifier,
  binder: Binder,
  written?: { readonly parts: readonly Identifier[]; readonly table: string | undefined },
): Rex {
  const { type } = operand;
  const names = type.root === 'ROW' || type.root === 'STRUCTURED' ? type.fields.map(({ name }) => name) : [];
  const index = names.indexOf(field.name);
  if (type.root !== 'ROW' && type.root !== 'STRUCTURED') {
    if (written?.table !== undefined) throw noSuchField(written, binder, 'only a ROW has fields');
    throw binder.invalid(`Incompatible types: ${type} has no field '${field.name}'`, field, 'only a ROW has fields');
  }
  const found = type.fields[index];
  if (found === undefined) {
    const { hint } = suggestion(field.name, names, 'fields');
    if (written?.table !== undefined) throw noSuchField(written, binder, hint);
    throw binder.invalid(`Column '${field.name}' not found in the row ${type}`, field, hint);
  }
  const made = type.nullability === 'nullable' ? (found.type.nullable() as AnyType) : found.type;
  return { kind: 'field', operand, index, name: found.name, type: made };
}

function noSuchField(
  { parts, table }: { readonly parts: readonly Identifier[]; readonly table: string | undefined },
  binder: Binder,
  hint: string | undefined,
): Error {
  const name = parts.map((part) => part.name).join('.');
  return binder.invalid(`Column '${name}' not found in table '${table}'`, { span: spanOf(parts) }, hint);
}

type Found = { readonly rex: Rex; readonly scope: Scope; readonly levels: number };

function byName(name: Identifier, from: Scope, binder: Binder): Found | undefined {
  let levels = 0;
  for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.outer, levels++) {
    const [first, ...more] = scope.star.filter((column) => column.name === name.name);
    if (more.length > 0) {
      const tables = scope.sources.filter(({ columns }) => columns.some((column) => column.name === name.name));
      const written = tables.flatMap((table) => (table.name === undefined ? [] : [`${table.name}.${name.name}`]));
      throw binder.invalid(
        `Column '${name.name}' is ambiguous`,
        name,
        written.length < 2 ? undefined : `write ${written.join(' or ')}`,
      );
    }
    if (first !== undefined) return { rex: first.rex, scope, levels };
    const within = peeked(
      name,
      scope.star.map(({ rex }) => rex),
      binder,
    );
    if (within !== undefined) return { rex: within, scope, levels };
  }
  return undefined;
}

/**
 * A field of a ROW among these columns that has the name: on Flink no column's name has to stand before it. The least deep one
 * counts; two of the same depth are ambiguous.
 */
function peeked(name: Identifier, columns: readonly Rex[], binder: Binder): Rex | undefined {
  let level = columns.filter(({ type }) => type.root === 'ROW');
  while (level.length > 0) {
    const fields = level.flatMap((row) =>
      (row.type as RowType).fields.map((field): [Rex, Identifier] => [row, { ...name, name: field.name }]),
    );
    const [found, ...more] = fields.filter(([, field]) => field.name === name.name);
    if (more.length > 0) throw binder.invalid(`Column '${name.name}' is ambiguous`, name);
    if (found !== undefined) return fieldAccess(...found, binder);
    level = fields.map(([row, field]) => fieldAccess(row, field, binder)).filter(({ type }) => type.root === 'ROW');
  }
  return undefined;
}

function sourceOf(parts: readonly string[], from: Scope): { source: Source; scope: Scope; levels: number } | undefined {
  let levels = 0;
  for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.outer, levels++) {
    for (const source of scope.sources) {
      const path = source.path ?? (source.name === undefined ? [] : [source.name]);
      if (parts.length <= path.length && parts.every((part, i) => part === path[path.length - parts.length + i])) {
        return { source, scope, levels };
      }
    }
  }
  return undefined;
}

function ofSource(parts: readonly Identifier[], at: number, from: Scope, binder: Binder): Found | undefined {
  const found = sourceOf(
    parts.slice(0, at).map(({ name }) => name),
    from,
  );
  if (found === undefined) return undefined;
  const column = parts[at] as Identifier;
  const { source, scope, levels } = found;
  const matches = source.columns.filter(({ name }) => name === column.name);
  if (matches.length > 1) throw binder.invalid(`Column '${column.name}' is ambiguous`, column);
  const [match] = matches;
  if (match === undefined) {
    const rows = source.columns.map(({ index }) => scope.column(index));
    const within = peeked(column, rows, binder);
    if (within !== undefined) return { rex: within, scope, levels };
    const names = source.columns.map(({ name }) => name);
    const table = parts
      .slice(0, at)
      .map(({ name }) => name)
      .join('.');
    throw binder.invalid(
      `Column '${column.name}' not found in table '${table}'`,
      column,
      suggestion(column.name, names, 'columns').hint,
    );
  }
  return { rex: scope.column(match.index), scope, levels };
}

function spanOf(parts: readonly Identifier[]): Span {
  const first = (parts[0] as Identifier).span;
  const last = (parts[parts.length - 1] as Identifier).span;
  return { ...first, length: last.offset + last.length - first.offset };
}

/** What a name of one or several parts means: a column, a table's column, fields of either. */
export function resolveColumn(parts: readonly Identifier[], from: Scope, binder: Binder): Rex {
  for (let at = Math.min(parts.length - 1, 3); at > 0; at--) {
    const found = ofSource(parts, at, from, binder);
    if (found === undefined) continue;
    const column = fromWithin(found.rex, found.scope, found.levels, binder);
    const written = { parts: parts.slice(at), table: parts[at - 1]?.name };
    return parts.slice(at + 1).reduce((rex, field) => fieldAccess(rex, field, binder, written), column);
  }
  const [first, ...fields] = parts as readonly [Identifier, ...Identifier[]];
  const found = byName(first, from, binder);
  const isRow = found !== undefined && (found.rex.type.root === 'ROW' || found.rex.type.root === 'STRUCTURED');
  if (found !== undefined && (fields.length === 0 || isRow)) {
    const column = fromWithin(found.rex, found.scope, found.levels, binder);
    const written = { parts, table: tableOf(found.rex, found.scope) };
    if (written.table !== undefined) binder.context.tables?.set(parts, written.table);
    return fields.reduce((rex, field) => fieldAccess(rex, field, binder, written), column);
  }
  throw fields.length === 0 ? unknownColumn(first, from, binder) : unknownTable(parts, from, binder);
}

/** The table a column of a row belongs to. */
export function tableOf(rex: Rex, { sources }: Scope): string | undefined {
  if (rex.kind !== 'input') return undefined;
  return sources.find(({ columns }) => columns.some(({ index }) => index === rex.index))?.name;
}

function unknownColumn(name: Identifier, from: Scope, binder: Binder): Error {
  const names: string[] = [];
  for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.outer) {
    names.push(...scope.star.map((column) => column.name));
  }
  // A table where a value belongs: the window functions want `TABLE t`.
  const hint = name.name.startsWith(UNNAMED)
    ? `a table as an argument has the word TABLE before it: TUMBLE(TABLE \${orders}, ...)`
    : names.length === 0 && !binder.alone
      ? 'no table is read here: is FROM missing? Among the arguments of TUMBLE a table is TABLE t, and a column DESCRIPTOR(ts)'
      : (otherName(name.name, from) ?? suggestion(name.name, [...new Set(names)], 'columns').hint);
  const what = binder.alone ? `Unknown identifier '${name.name}'` : `Column '${name.name}' not found in any table`;
  return binder.invalid(what, name, hint);
}

/** Names that are known elsewhere. */
function otherName(name: string, { selected }: Scope): string | undefined {
  if (selected?.has(name) === true) {
    return `\`${name}\` is a name that SELECT gives, and here its expression has to stand; around a query it is known: SELECT ... FROM (SELECT ... AS ${name} FROM ...)`;
  }
  if (name === 'window_start' || name === 'window_end' || name === 'window_time') {
    return "window functions give it: FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE))";
  }
  return undefined;
}

function unknownTable(parts: readonly Identifier[], from: Scope, binder: Binder): Error {
  const name = parts
    .slice(0, -1)
    .map((part) => part.name)
    .join('.');
  const names: string[] = [];
  for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.outer) {
    names.push(...scope.sources.flatMap((source) => (source.name === undefined ? [] : [source.name])));
  }
  const { hint } = suggestion(name, names, 'tables here');
  return binder.invalid(`Table '${name}' not found`, { span: spanOf(parts.slice(0, -1)) }, hint);
}

function unknownStar(qualifier: readonly Identifier[], { sources }: Scope, binder: Binder): Error {
  const name = qualifier.map((part) => part.name).join('.');
  const names = sources.flatMap((source) => (source.name === undefined ? [] : [source.name]));
  return binder.invalid(
    `Unknown identifier '${name}'`,
    { span: spanOf(qualifier) },
    suggestion(name, names, 'tables here').hint,
  );
}

/** The columns `*` or `t.*` stands for. */
export function starColumns(
  qualifier: readonly Identifier[],
  scope: Scope,
  binder: Binder,
  node: { readonly span: Span },
): readonly StarColumn[] {
  for (const { name, columns } of scope.sources) {
    if (qualifier.length > 0 && qualifier[qualifier.length - 1]?.name !== name) continue;
    const names = columns.map((column) => column.name);
    const twice = names.find((one, i) => names.indexOf(one) !== i);
    if (twice !== undefined) throw binder.invalid(`Column '${twice}' is ambiguous`, node);
  }
  if (qualifier.length === 0) return scope.star;
  const found = sourceOf(
    qualifier.map(({ name }) => name),
    scope,
  );
  if (found !== undefined && found.levels === 0) {
    return found.source.columns.map(({ name, index }) => ({ name, rex: scope.column(index) }));
  }
  // The fields of a ROW: `addr.*`.
  const last = qualifier[qualifier.length - 1] as Identifier;
  const known = qualifier.length > 1 || byName(last, scope, binder) !== undefined;
  if (!known) throw unknownStar(qualifier, scope, binder);
  const row = resolveColumn(qualifier, scope, binder);
  const { type } = row;
  if (type.root !== 'ROW' && type.root !== 'STRUCTURED') throw unknownStar(qualifier, scope, binder);
  return type.fields.map((field) => ({
    name: field.name,
    rex: fieldAccess(row, { kind: 'identifier', name: field.name, quoted: true, span: last.span }, binder),
  }));
}
