import type {
  Assignment,
  Delete,
  Expression,
  ExtendColumn,
  Hint,
  Identifier,
  Merge,
  Name,
  Update,
} from '../ast/index.js';
import type { Cursor } from './cursor.js';
import { expression } from './expressions.js';
import { extendColumns, tableReference } from './from.js';
import { hints } from './hints.js';
import { identifier, identifierList, identifiers, name, nameOf } from './names.js';
import { valuesRow } from './select.js';

interface Target {
  readonly table: Name;
  readonly hints: readonly Hint[];
  readonly extend?: readonly ExtendColumn[];
  readonly alias?: Identifier;
}

/** The table to change, with what may stand behind its name. */
function target(p: Cursor): Target {
  const table = nameOf(identifiers(p));
  const tableHints = hints(p);
  const extend = p.at('EXTEND', '(') ? { extend: extendColumns(p) } : {};
  const alias = p.accept('AS') || p.peek().isName ? { alias: identifier(p) } : {};
  return { table, hints: tableHints, ...extend, ...alias };
}

function where(p: Cursor): { where?: Expression } {
  return p.accept('WHERE') ? { where: expression(p, 'subQuery') } : {};
}

function assignment<N>(p: Cursor, column: N): Assignment<N> {
  p.expect('=');
  return { column, value: expression(p, 'subQuery') };
}

export function deleteFrom(p: Cursor): Delete {
  const first = p.expect('DELETE');
  p.expect('FROM');
  return { kind: 'delete', ...target(p), ...where(p), span: p.spanFrom(first) };
}

export function update(p: Cursor): Update {
  const first = p.expect('UPDATE');
  const table = target(p);
  p.expect('SET');
  const assignments = p.list(() => assignment(p, identifier(p)));
  return { kind: 'update', ...table, assignments, ...where(p), span: p.spanFrom(first) };
}

/** After `WHEN NOT MATCHED THEN`. */
function insertion(p: Cursor): NonNullable<Merge['whenNotMatched']> {
  p.expect('INSERT');
  const columns = p.at('(') && p.peek(1).isName ? { columns: identifierList(p) } : {};
  const wrapped = p.accept('(');
  p.expect('VALUES');
  const row = valuesRow(p);
  if (wrapped) p.expect(')');
  return { ...columns, row };
}

export function merge(p: Cursor): Merge {
  const first = p.expect('MERGE');
  p.expect('INTO');
  const into = target(p);
  p.expect('USING');
  const source = tableReference(p, 'query');
  p.expect('ON');
  const on = expression(p, 'subQuery');
  let matched: Pick<Merge, 'whenMatched'> = {};
  let unmatched: Pick<Merge, 'whenNotMatched'> = {};
  if (p.follows('WHEN', 'MATCHED')) {
    p.expect('WHEN', 'MATCHED', 'THEN', 'UPDATE', 'SET');
    matched = { whenMatched: p.list(() => assignment(p, name(p))) };
    if (!p.at('WHEN')) return { kind: 'merge', ...into, source, on, ...matched, span: p.spanFrom(first) };
  }
  p.expect('WHEN', 'NOT', 'MATCHED', 'THEN');
  unmatched = { whenNotMatched: insertion(p) };
  return { kind: 'merge', ...into, source, on, ...matched, ...unmatched, span: p.spanFrom(first) };
}
