import type { ExtendColumn, FromItem, Join, Query, TableName } from '../ast/index.js';
import { spanTo } from '../ast/span.js';
import { argumentList } from './arguments.js';
import type { Cursor } from './cursor.js';
import { expression, parenthesised } from './expressions.js';
import { hints } from './hints.js';
import { startsQuery, startsTable } from './lookahead.js';
import { matchRecognize } from './match.js';
import { identifier, identifierList, identifiers, name, nameOf } from './names.js';
import { pivot, unpivot } from './pivot.js';
import { asQuery, setOperations, wordedQuery } from './query.js';
import { isQuery } from './query-nodes.js';
import { tableSample } from './sample.js';
import { bareType } from './types.js';

type Within = 'query' | 'queryOrJoin';

/** Some clauses may not follow joined tables. */
function notJoined(p: Cursor, item: FromItem): void {
  if (item.kind === 'join')
    p.refuse(item.span, 'joined tables cannot have a name or a clause of their own', 'SELECT from them in a subquery');
}

/** `EXTEND (a INT, b STRING NOT NULL)`; the word may be missing. */
export function extendColumns(p: Cursor): ExtendColumn[] {
  p.accept('EXTEND');
  p.expect('(');
  const columns = p.list((): ExtendColumn => {
    const called = name(p);
    const type = bareType(p);
    const notNull = p.accept('NOT');
    if (notNull) p.expect('NULL');
    const made: ExtendColumn = { kind: 'extendColumn', name: called, type, span: p.spanFrom(called.span) };
    return notNull ? { ...made, notNull } : made;
  });
  p.expect(')');
  return columns;
}

function namedTable(p: Cursor): FromItem {
  const first = p.peek();
  const called = nameOf(identifiers(p));
  let made: TableName = { kind: 'table', name: called, hints: hints(p), span: p.spanFrom(first) };
  if (p.at('EXTEND', '(')) made = { ...made, extend: extendColumns(p) };
  if (p.accept('FOR')) {
    p.expect('SYSTEM_TIME', 'AS', 'OF');
    made = { ...made, systemTime: expression(p, 'nonQuery') };
  }
  const table: FromItem = { ...made, span: p.spanFrom(first) };
  return p.at('MATCH_RECOGNIZE') ? matchRecognize(p, table) : table;
}

/** Between parentheses: a query, or tables joined. */
function inParentheses(p: Cursor, within: Within): FromItem | Query {
  p.enter();
  p.expect('(');
  let made: FromItem | Query;
  if (startsQuery(p)) made = wordedQuery(p);
  else {
    if (!startsTable(p.peek())) p.fail('a query or a table');
    let table = tableReference(p, 'queryOrJoin');
    while (p.at('CROSS', 'FULL', 'INNER', 'JOIN', 'LEFT', 'NATURAL', 'OUTER', 'RIGHT')) table = join(p, table);
    made = table.kind === 'derived' && !table.lateral ? table.query : table;
    if (p.at('UNION', 'INTERSECT', 'EXCEPT', 'MINUS')) {
      if (!isQuery(made)) p.refuse(p.last, 'a table stands where only a query may stand');
      made = asQuery(p, setOperations(p, made, within === 'query' ? 'query' : 'all'));
    }
  }
  p.expect(')');
  p.leave();
  if (!isQuery(made) && !(made.kind === 'join' && within === 'queryOrJoin')) {
    p.refuse(
      made.span,
      'between these parentheses only a query or joined tables may stand',
      'take the parentheses away',
    );
  }
  return made;
}

/** `(SELECT ...)`, as WITH takes it. */
export function queryInParentheses(p: Cursor): Query {
  if (!p.at('(')) p.fail();
  return inParentheses(p, 'query') as Query;
}

function derived(p: Cursor, within: Within): FromItem {
  const first = p.peek();
  const lateral = p.accept('LATERAL');
  const made = inParentheses(p, within);
  const span = p.spanFrom(first);
  let table: FromItem = isQuery(made) ? { kind: 'derived', lateral, query: made, span } : { ...made, span };
  if (lateral && !isQuery(made)) notJoined(p, made);
  if (p.at('MATCH_RECOGNIZE')) table = matchRecognize(p, table);
  return table;
}

function unnest(p: Cursor): FromItem {
  const first = p.expect('UNNEST');
  const values = parenthesised(p, 'subQuery');
  const ordinality = p.accept('WITH');
  if (ordinality) p.expect('ORDINALITY');
  return { kind: 'unnest', values, ordinality, span: p.spanFrom(first) };
}

function tableFunction(p: Cursor): FromItem {
  const first = p.peek();
  const lateral = p.accept('LATERAL');
  p.expect('TABLE', '(');
  const specific = p.accept('SPECIFIC');
  const called = name(p);
  const args = argumentList(p, 'cursor');
  p.expect(')');
  const made = { kind: 'tableFunction', lateral, name: called, arguments: args, span: p.spanFrom(first) } as const;
  return specific ? { ...made, specific } : made;
}

/** Whether parentheses with a query or tables in them come, seen by two tokens. */
function atParentheses(p: Cursor): boolean {
  const second = p.peek(1);
  if (p.at('LATERAL')) return second.key === '(';
  return p.at('(') && (startsTable(second) || ['SELECT', 'VALUES', 'TABLE', 'WITH'].includes(second.key));
}

/** One table with what belongs to it: alias, sample, pivot. */
export function tableReference(p: Cursor, within: Within): FromItem {
  const first = p.peek();
  let made: FromItem;
  if (first.isName) made = namedTable(p);
  else if (atParentheses(p)) made = derived(p, within);
  else if (p.at('UNNEST')) made = unnest(p);
  else if (p.at('LATERAL', 'TABLE')) made = tableFunction(p);
  else return p.fail(p.at('(') ? 'a query or a table' : 'a table');
  if (p.at('PIVOT') && p.peek(1).key === '(') made = pivot(p, made);
  if (p.at('UNPIVOT') && ['(', 'INCLUDE', 'EXCLUDE'].includes(p.peek(1).key)) made = unpivot(p, made);
  if (p.accept('AS') || p.peek().isName) {
    const alias = identifier(p);
    const columns = p.at('(') ? identifierList(p) : undefined;
    notJoined(p, made);
    const aliased = { kind: 'aliased', input: made, alias, span: p.spanFrom(first) } as const;
    made = columns === undefined ? aliased : { ...aliased, columns };
  }
  return p.at('TABLESAMPLE') ? tableSample(p, made) : made;
}

const SIDES = ['LEFT', 'RIGHT', 'FULL'];

/** Whether a table begins `ahead`, seen by up to two tokens. */
function tableAt(p: Cursor, ahead: number, deep: boolean): boolean {
  const token = p.peek(ahead);
  if (!startsTable(token)) return false;
  if (!deep || token.isName) return true;
  const next = p.peek(ahead + 1);
  if (token.key === 'LATERAL') return next.key === '(' || next.key === 'TABLE';
  if (token.key === '(') return startsTable(next) || ['SELECT', 'VALUES', 'TABLE', 'WITH'].includes(next.key);
  return true;
}

/** Whether a join begins here, seen by two tokens. */
function joinFollows(p: Cursor): boolean {
  const first = p.peek().key;
  const second = p.peek(1).key;
  if (first === 'JOIN') return tableAt(p, 1, false);
  if (first === 'INNER') return second === 'JOIN';
  if (first === 'CROSS') return second === 'JOIN' || second === 'APPLY';
  if (first === 'OUTER') return second === 'APPLY';
  if (SIDES.includes(first)) return second === 'JOIN' || second === 'OUTER';
  return first === 'NATURAL' && ['JOIN', 'INNER', 'CROSS', ...SIDES].includes(second);
}

/** The same, seen by three tokens. */
function joinBegins(p: Cursor): boolean {
  const natural = p.peek().key === 'NATURAL' ? 1 : 0;
  const first = p.peek(natural).key;
  const second = p.peek(natural + 1).key;
  if (first === 'JOIN') return tableAt(p, natural + 1, natural === 0);
  if (!['INNER', 'CROSS', ...SIDES].includes(first)) return false;
  if (second === 'OUTER' && SIDES.includes(first)) return natural === 1 || p.peek(natural + 2).key === 'JOIN';
  return second === 'JOIN' && (natural === 1 || tableAt(p, natural + 2, false));
}

function joinType(p: Cursor): Join['type'] {
  const word = p.oneOf('JOIN', 'INNER', 'LEFT', 'RIGHT', 'FULL', 'CROSS');
  if (word === 'JOIN') return 'INNER';
  if (SIDES.includes(word)) p.accept('OUTER');
  p.expect('JOIN');
  return word;
}

function join(p: Cursor, left: FromItem): FromItem {
  if (!joinBegins(p)) {
    const word = p.oneOf('CROSS', 'OUTER');
    const apply = p.expect('APPLY');
    tableReference(p, 'queryOrJoin');
    p.refuse(apply, `Flink SQL has no ${word} APPLY`, 'write CROSS JOIN LATERAL or LEFT JOIN LATERAL ... ON TRUE');
  }
  const natural = p.accept('NATURAL');
  const type = joinType(p);
  const right = tableReference(p, 'queryOrJoin');
  const made: Join = { kind: 'join', type, natural, left, right, span: p.spanFrom(left.span) };
  if (p.accept('ON')) {
    const on = expression(p, 'subQuery');
    return { ...made, on, span: p.spanFrom(left.span) };
  }
  if (!p.accept('USING')) return made;
  const using = identifierList(p);
  return { ...made, using, span: p.spanFrom(left.span) };
}

function joined(p: Cursor): FromItem {
  let made = tableReference(p, 'queryOrJoin');
  while (joinFollows(p)) made = join(p, made);
  p.want('JOIN');
  return made;
}

/** What stands after FROM. */
export function from(p: Cursor): FromItem {
  let made = joined(p);
  while (p.accept(',')) {
    const right = joined(p);
    made = { kind: 'join', type: 'COMMA', natural: false, left: made, right, span: spanTo(made.span, right.span) };
  }
  return made;
}
