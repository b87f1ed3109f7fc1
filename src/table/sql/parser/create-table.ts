import type {
  CreateMaterializedTable,
  CreateTable,
  Expression,
  LikeOption,
  TableElements,
  TableLike,
} from '../ast/index.js';
import type { Token } from '../lexer/token.js';
import type { CreateHead } from './create.js';
import type { Cursor } from './cursor.js';
import { comment, constraint, distribution, partitionedBy, tableElements, withProperties } from './elements.js';
import { expression } from './expressions.js';
import { ifNotExists, name } from './names.js';

const FEATURES = [
  'ALL',
  'CONSTRAINTS',
  'DISTRIBUTION',
  'GENERATED',
  'METADATA',
  'OPTIONS',
  'PARTITIONS',
  'WATERMARKS',
] as const;

/** `LIKE t (EXCLUDING ALL INCLUDING OPTIONS)`. */
function tableLike(p: Cursor): TableLike {
  const first = p.expect('LIKE');
  const table = name(p);
  const options: LikeOption[] = [];
  if (p.accept('(')) {
    do {
      const word = p.peek();
      const strategy = p.oneOf('INCLUDING', 'EXCLUDING', 'OVERWRITING');
      options.push({ kind: 'likeOption', strategy, feature: p.oneOf(...FEATURES), span: p.spanFrom(word) });
    } while (p.at('INCLUDING', 'EXCLUDING', 'OVERWRITING'));
    p.expect(')');
  }
  return { kind: 'tableLike', table, options, span: p.spanFrom(first) };
}

const NOTHING: TableElements = { columns: [], constraints: [] };

/** What CREATE TABLE and REPLACE TABLE have in common, from the table's name on. */
function body(p: Cursor) {
  p.expect('TABLE');
  const exists = ifNotExists(p);
  const called = name(p);
  const hasElements = p.at('(');
  const elements = hasElements ? tableElements(p) : NOTHING;
  const more = comment(p);
  const distributed = p.accept('DISTRIBUTED') ? { distribution: distribution(p) } : {};
  const partitions = partitionedBy(p);
  const options = withProperties(p);
  return {
    ifNotExists: exists,
    name: called,
    hasElements,
    ...elements,
    ...more,
    ...distributed,
    partitionedBy: partitions,
    options,
  };
}

export function createTable(p: Cursor, head: CreateHead, first: Token): CreateTable {
  const made = { kind: 'createTable', ...head, ...body(p) } as const;
  if (p.at('LIKE')) return { ...made, like: tableLike(p), span: p.spanFrom(first) };
  if (!p.accept('AS')) return { ...made, span: p.spanFrom(first) };
  return { ...made, query: p.rules.query(p), span: p.spanFrom(first) };
}

/** `REPLACE TABLE t ... AS SELECT ...`. */
export function replaceTable(p: Cursor): CreateTable {
  const first = p.expect('REPLACE');
  const temporary = p.accept('TEMPORARY');
  const made = body(p);
  p.expect('AS');
  const query = p.rules.query(p);
  return { kind: 'createTable', orReplace: false, replace: true, temporary, ...made, query, span: p.spanFrom(first) };
}

/** After FRESHNESS: `= INTERVAL '1' MINUTE`. */
export function freshness(p: Cursor): Expression {
  p.expect('=');
  const value = expression(p, 'nonQuery');
  if (value.kind !== 'interval') p.refuse(value.span, "a freshness is an interval such as INTERVAL '30' SECOND");
  return value;
}

export function createMaterializedTable(p: Cursor, head: CreateHead, first: Token): CreateMaterializedTable {
  const word = p.expect('MATERIALIZED');
  if (head.temporary) p.refuse(word, 'a materialized table cannot be temporary');
  if (head.orReplace) p.refuse(word, 'CREATE OR REPLACE does not work for a materialized table', 'DROP it first');
  p.expect('TABLE');
  const called = name(p);
  let key: Pick<CreateMaterializedTable, 'constraint'> = {};
  if (p.accept('(')) {
    key = { constraint: constraint(p, true) };
    p.expect(')');
  }
  const more = comment(p);
  const partitions = partitionedBy(p);
  const options = withProperties(p);
  p.expect('FRESHNESS');
  const fresh = freshness(p);
  let mode: Pick<CreateMaterializedTable, 'refreshMode'> = {};
  if (p.accept('REFRESH_MODE')) {
    p.expect('=');
    mode = { refreshMode: p.oneOf('FULL', 'CONTINUOUS') };
  }
  p.expect('AS');
  const query = p.rules.query(p);
  return {
    kind: 'createMaterializedTable',
    name: called,
    ...key,
    ...more,
    partitionedBy: partitions,
    options,
    freshness: fresh,
    ...mode,
    query,
    span: p.spanFrom(first),
  };
}
