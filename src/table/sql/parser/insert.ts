import type { ExtendColumn, Insert, Name, PartitionSpec, StatementSet } from '../ast/index.js';
import type { Cursor } from './cursor.js';
import { partitionSpec } from './elements.js';
import { extendColumns } from './from.js';
import { hints } from './hints.js';
import { startsType } from './lookahead.js';
import { identifiers, name, nameOf } from './names.js';
import { bareType } from './types.js';

/** Whether `(a INT` comes, and not `(a, b)` or a query: columns with types. */
function atTypedColumns(p: Cursor): boolean {
  if (p.at('EXTEND')) return true;
  if (!p.at('(') || !p.peek(1).isName) return false;
  let ahead = 2;
  while (p.peek(ahead).key === '.' && p.peek(ahead + 1).isName) ahead += 2;
  return startsType(p.peek(ahead));
}

function columnList(p: Cursor): Name[] {
  p.expect('(');
  const columns = p.list(() => {
    const called = name(p);
    if (startsType(p.peek())) p.refuse(bareType(p).span, 'a column of INSERT INTO has a name and no type');
    return called;
  });
  p.expect(')');
  return columns;
}

/** `INSERT INTO t (a, b) SELECT ...`, `INSERT OVERWRITE t PARTITION (a = 1) SELECT ...`. */
export function insert(p: Cursor): Insert {
  const first = p.peek();
  const verb = p.oneOf('INSERT', 'UPSERT');
  const overwrite = p.oneOf('INTO', 'OVERWRITE') === 'OVERWRITE';
  if (overwrite && verb === 'UPSERT') p.refuse(p.last, 'UPSERT has no OVERWRITE', 'write INSERT OVERWRITE');
  const table = nameOf(identifiers(p));
  const tableHints = hints(p);
  const extend: { extend?: readonly ExtendColumn[] } = atTypedColumns(p) ? { extend: extendColumns(p) } : {};
  const partition: { partition?: PartitionSpec } = p.accept('PARTITION') ? { partition: partitionSpec(p) } : {};
  const columns = p.at('(') && p.peek(1).isName ? { columns: columnList(p) } : {};
  const query = p.rules.query(p);
  const made = { kind: 'insert', verb, overwrite, table, hints: tableHints } as const;
  return { ...made, ...extend, ...partition, ...columns, query, span: p.spanFrom(first) };
}

/** `STATEMENT SET BEGIN INSERT ...; INSERT ...; END`. */
export function statementSet(p: Cursor): StatementSet {
  const first = p.expect('STATEMENT');
  p.expect('SET', 'BEGIN');
  const inserts: Insert[] = [];
  do {
    inserts.push(insert(p));
    p.expect(';');
  } while (p.at('INSERT', 'UPSERT'));
  p.expect('END');
  return { kind: 'statementSet', inserts, span: p.spanFrom(first) };
}
