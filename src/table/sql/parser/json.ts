import type { CallClauses, Expression, Identifier, JsonBehaviour, JsonClauses } from '../ast/index.js';
import { CONTEXT_VARIABLES } from '../lexer/keywords.js';
import { call, withinGroup } from './calls.js';
import type { Cursor } from './cursor.js';
import { isNumber, isString, startsExpression, startsOperand, startsQueryOrExpression } from './lookahead.js';
import { identifier, keywordName } from './names.js';
import { bareType } from './types.js';

// The JSON functions of the SQL standard, as far as Flink reads them.

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Read = (p: Cursor, json: Writable<JsonClauses>, args: Expression[]) => CallClauses | undefined;
const expr = (p: Cursor): Expression => p.rules.expression(p, 'nonQuery');

/** `input, path PASSING x AS name`. */
function inputAndPath(p: Cursor, json: Writable<JsonClauses>, args: Expression[]): void {
  args.push(expr(p));
  p.expect(',');
  args.push(expr(p));
  if (!p.accept('PASSING')) return;
  json.passing = p.list((): { value: Expression; name: Identifier } => {
    const value = expr(p);
    p.expect('AS');
    return { value, name: identifier(p) };
  });
}

function returning(p: Cursor, json: Writable<JsonClauses>): void {
  if (p.accept('RETURNING')) json.returning = bareType(p);
}

function behaviour(p: Cursor, json: Writable<JsonClauses>, made: JsonBehaviour): void {
  p.expect('ON');
  if (p.oneOf('EMPTY', 'ERROR') === 'EMPTY') json.onEmpty = made;
  else json.onError = made;
}

const jsonExists: Read = (p, json, args) => {
  inputAndPath(p, json, args);
  if (p.at('TRUE', 'FALSE', 'UNKNOWN', 'ERROR')) {
    json.onError = { what: p.oneOf('TRUE', 'FALSE', 'UNKNOWN', 'ERROR') };
    p.expect('ON', 'ERROR');
  }
  return undefined;
};

const jsonValue: Read = (p, json, args) => {
  inputAndPath(p, json, args);
  returning(p, json);
  while (p.at('ERROR', 'NULL', 'DEFAULT')) {
    const what = p.oneOf('ERROR', 'NULL', 'DEFAULT');
    behaviour(p, json, what === 'DEFAULT' ? { what, value: expr(p) } : { what });
  }
  return undefined;
};

const jsonQuery: Read = (p, json, args) => {
  inputAndPath(p, json, args);
  returning(p, json);
  if (p.at('WITH', 'WITHOUT')) {
    const without = p.advance().key === 'WITHOUT';
    const conditional = !without && p.accept('CONDITIONAL');
    if (!without && !conditional) p.accept('UNCONDITIONAL');
    p.accept('ARRAY');
    p.expect('WRAPPER');
    json.wrapper = without ? 'WITHOUT' : conditional ? 'CONDITIONAL' : 'UNCONDITIONAL';
  }
  while (p.at('ERROR', 'NULL', 'EMPTY')) {
    const word = p.oneOf('ERROR', 'NULL', 'EMPTY');
    behaviour(p, json, { what: word === 'EMPTY' ? `EMPTY ${p.oneOf('ARRAY', 'OBJECT')}` : word });
  }
  return undefined;
};

/** `KEY 'a' VALUE 1`, `'a' VALUE 1`, `'a': 1`. */
function pair(p: Cursor, args: Expression[]): void {
  const withKey = p.at('KEY') && startsExpression(p.peek(1));
  if (withKey) p.advance();
  args.push(expr(p));
  if (p.oneOf('VALUE', ':') === ':' && withKey) p.refuse(p.last, 'after KEY the value follows VALUE, not a colon');
  args.push(expr(p));
}

function nulls(p: Cursor, json: Writable<JsonClauses>): void {
  if (!p.at('NULL', 'ABSENT')) return;
  json.nulls = p.oneOf('NULL', 'ABSENT');
  p.expect('ON', 'NULL');
}

/** What may follow the first word of a key. */
const CONTINUES = new Set(
  `VALUE : . ( [ = < > <= >= <> != + - * / % || AND OR IS IN NOT LIKE ILIKE RLIKE SIMILAR BETWEEN FORMAT MEMBER
   SUBMULTISET CONTAINS OVERLAPS EQUALS PRECEDES SUCCEEDS IMMEDIATELY MULTISET`.split(/\s+/),
);

/** Whether the first word of a pair is a whole expression, and nothing that belongs to a pair follows it. */
function endsAtOnce(p: Cursor): boolean {
  const first = p.peek();
  if (!startsOperand(p)) return true;
  const whole =
    (first.isName && first.key !== 'KEY') || isString(first) || isNumber(first) || CONTEXT_VARIABLES.has(first.key);
  const { key } = p.peek(1);
  if (key === '(' && !first.isName) return whole;
  return whole && !CONTINUES.has(key) && !(isString(first) && (key === '<string>' || key === 'UESCAPE'));
}

const jsonObject: Read = (p, json, args) => {
  const nullClause = p.at('NULL', 'ABSENT') && p.peek(1).key === 'ON';
  if (!nullClause && startsExpression(p.peek())) {
    // Flink looks two words ahead for a pair, and takes no word at all where there is none.
    if (endsAtOnce(p)) p.fail();
    pair(p, args);
    while (p.accept(',')) pair(p, args);
  }
  nulls(p, json);
  return undefined;
};

const jsonObjectAgg: Read = (p, json, args) => {
  pair(p, args);
  nulls(p, json);
  return undefined;
};

const jsonArray: Read = (p, json, args) => {
  if (p.at('(') && !startsQueryOrExpression(p.peek(1))) p.fail();
  // Flink takes NULL and ABSENT for the first element here, so JSON_ARRAY(NULL ON NULL) is an error.
  if (startsExpression(p.peek())) args.push(...p.list(() => expr(p)));
  nulls(p, json);
  return undefined;
};

const jsonArrayAgg: Read = (p, json, args) => {
  args.push(expr(p));
  const orderBy = p.at('ORDER') ? p.rules.orderBy(p) : undefined;
  nulls(p, json);
  return orderBy === undefined ? undefined : { orderBy };
};

const READERS: Readonly<Record<string, Read>> = {
  JSON_EXISTS: jsonExists,
  JSON_VALUE: jsonValue,
  JSON_QUERY: jsonQuery,
  JSON_OBJECT: jsonObject,
  JSON_OBJECTAGG: jsonObjectAgg,
  JSON_ARRAY: jsonArray,
  JSON_ARRAYAGG: jsonArrayAgg,
};
export const JSON_FUNCTIONS: ReadonlySet<string> = new Set(Object.keys(READERS));

/** One of `JSON_FUNCTIONS`, from its name to its closing parenthesis. */
export function jsonCall(p: Cursor): Expression {
  const word = p.advance();
  const name = keywordName(word, p.spanFrom(word));
  p.expect('(');
  const json: Writable<JsonClauses> = {};
  const args: Expression[] = [];
  const more = (READERS[word.key] as Read)(p, json, args);
  p.expect(')');
  const clauses: CallClauses = { ...more, ...(Object.keys(json).length === 0 ? {} : { json }) };
  const made = call(name, args, p.spanFrom(word), clauses);
  if (word.key !== 'JSON_ARRAYAGG' || !p.at('WITHIN')) return made;
  const group = withinGroup(p);
  if (made.orderBy !== undefined)
    p.refuse(p.spanFrom(word), 'JSON_ARRAYAGG has ORDER BY within and WITHIN GROUP after it');
  return { ...made, withinGroup: group, span: p.spanFrom(word) };
}
