import type { Catalog } from '../catalog/index.js';
import type { Expression, Query } from '../sql/ast/index.js';
import type { Identifier } from '../sql/ast/names.js';
import { unparseExpanded, unparseExpression } from '../sql/unparse/index.js';

/** What names stand for, where it is known. */
interface Known {
  /** The table of a column that stands without one. */
  readonly tables: ReadonlyMap<readonly Identifier[], string>;
  /** The path of a table; absent: it is none of a catalog. */
  path(parts: readonly string[]): readonly string[] | undefined;
}

const NOTHING: Known = { tables: new Map(), path: () => undefined };

/** Which of a node's names is that of a table. */
const TABLE_NAMES: Readonly<Record<string, string>> = { table: 'name', tableArgument: 'table', tableQuery: 'table' };

/** The same with every name between back-ticks, as Flink keeps expressions and queries; functions have none. */
function quoteAll<T>(part: T, known: Known): T {
  if (Array.isArray(part)) return part.map((one) => quoteAll(one, known)) as T;
  if (typeof part !== 'object' || part === null) return part;
  const { kind } = part as { kind?: string };
  if (kind === 'identifier') return { ...part, quoted: true };
  const made = Object.fromEntries(
    Object.entries(part).map(([key, value]) => {
      if (kind === 'column' && key === 'parts') return [key, quoteAll(columnParts(value, known), known)];
      if (kind !== undefined && TABLE_NAMES[kind] === key) return [key, quoteAll(tableName(value, known), known)];
      // The name of a function stands in a call; it is written as it is.
      return [key, (kind === 'call' || kind === 'tableFunction') && key === 'name' ? value : quoteAll(value, known)];
    }),
  );
  return made as T;
}

function columnParts(parts: readonly Identifier[], { tables }: Known): readonly Identifier[] {
  const table = tables.get(parts);
  const [first] = parts;
  return table === undefined || first === undefined ? parts : [{ ...first, name: table }, ...parts];
}

function tableName<T extends { readonly parts: readonly Identifier[] }>(name: T, { path }: Known): T {
  const full = path(name.parts.map((part) => part.name));
  const [first] = name.parts;
  if (full === undefined || first === undefined) return name;
  return { ...name, parts: full.map((part) => ({ ...first, name: part })) };
}

export function quotedExpression(expression: Expression): string {
  return unparseExpression(quoteAll(expression, NOTHING));
}

/**
 * A query as SHOW CREATE VIEW prints it: tables with their paths, columns with their tables, a clause a line.
 *
 * @param tables what `BindContext.tables` has got from binding it
 */
export function expandedQuery(query: Query, tables: Known['tables'], catalog: Catalog): string {
  const path = (parts: readonly string[]): readonly string[] | undefined => {
    if (parts.length > 3) return undefined;
    const full = catalog.path(parts);
    return catalog.find(full) === undefined ? undefined : full;
  };
  return unparseExpanded(quoteAll(query, { tables, path }));
}
