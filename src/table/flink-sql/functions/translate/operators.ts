import {
  asBigint,
  asDouble,
  type BooleanValue,
  type NumberValue,
  notSql,
  type SqlValue,
  type TextValue,
} from './values.js';

const SAFE = Number.MAX_SAFE_INTEGER;

/** As arithmetic takes it: null is 0. */
export function numberOf(value: SqlValue, nullable: boolean): NumberValue {
  if (value.kind === 'null')
    return { kind: 'number', sql: '0', nullable: false, range: { least: 0, most: 0 }, constant: 0 };
  if (value.kind !== 'number') return notSql('a number made of something else');
  if (!nullable) return { ...value, nullable: false };
  const { range } = value;
  if (range === undefined) return { kind: 'number', sql: `COALESCE(${value.sql}, 0E0)`, nullable: false };
  const around = { least: Math.min(0, range.least), most: Math.max(0, range.most) };
  return { kind: 'number', sql: `COALESCE(${value.sql}, 0)`, nullable: false, range: around };
}

/** `+`, `-`, `*`, `/`, `%` of numbers that are not NULL. */
export function arithmetic(operator: string, a: NumberValue, b: NumberValue): NumberValue {
  return whole(operator, a, b) ?? doubles(operator, a, b);
}

/** In BIGINT, where the result is whole, safe, and no -0. */
function whole(operator: string, a: NumberValue, b: NumberValue): NumberValue | undefined {
  const { range: x } = a;
  const { range: y } = b;
  if (x === undefined || y === undefined) return undefined;
  let ends: number[];
  switch (operator) {
    case '+':
      ends = [x.least + y.least, x.most + y.most];
      break;
    case '-':
      ends = [x.least - y.most, x.most - y.least];
      break;
    case '*':
      // 0 times something below 0 is -0.
      if ((x.least < 0 && y.least <= 0 && y.most >= 0) || (y.least < 0 && x.least <= 0 && x.most >= 0))
        return undefined;
      ends = [x.least * y.least, x.least * y.most, x.most * y.least, x.most * y.most];
      break;
    case '%':
      if (x.least < 0 || b.constant === undefined || b.constant <= 0) return undefined;
      return {
        kind: 'number',
        sql: `MOD(${asBigint(a)}, ${asBigint(b)})`,
        nullable: false,
        range: { least: 0, most: Math.min(x.most, b.constant - 1) },
      };
    default:
      return undefined;
  }
  const range = { least: Math.min(...ends), most: Math.max(...ends) };
  if (range.least < -SAFE || range.most > SAFE) return undefined;
  return { kind: 'number', sql: `(${asBigint(a)} ${operator} ${asBigint(b)})`, nullable: false, range };
}

function doubles(operator: string, a: NumberValue, b: NumberValue): NumberValue {
  if (!/^[-+*/]$/.test(operator)) return notSql(`the operator ${operator}`);
  // Where Flink's planner knows the divisor, it refuses 0.
  if (operator === '/' && !b.constant) return notSql('a division by what may be 0');
  // Flink takes x + 0 and x * 1 for x, and -0 + 0 is 0.
  if ([a.constant, b.constant].some((one) => one === 0 || one === 1)) return notSql('0 or 1 in a sum or a product');
  if (a.constant !== undefined && b.constant !== undefined) return notSql('constants');
  return { kind: 'number', sql: `(${asDouble(a).sql} ${operator} ${asDouble(b).sql})`, nullable: false };
}

/** `-x` of a number that is not NULL. */
export function negated(value: NumberValue): NumberValue {
  const { range } = value;
  if (range === undefined) return { kind: 'number', sql: `(- ${value.sql})`, nullable: false };
  if (range.least <= 0 && range.most >= 0) return notSql('-0');
  const turned = { least: -range.most, most: -range.least };
  return { kind: 'number', sql: `(- ${asBigint(value)})`, nullable: false, range: turned };
}

const boolean = (sql: string, doublesIn?: Iterable<string>): BooleanValue => ({
  kind: 'boolean',
  sql,
  nullable: false,
  ...(doublesIn === undefined ? {} : { doubles: new Set(doublesIn) }),
});

/** `<`, `<=`, `>`, `>=`, `=`, `<>` of numbers that are not NULL. */
export function compared(operator: string, a: NumberValue, b: NumberValue): BooleanValue {
  if (a.constant !== undefined && b.constant !== undefined) return notSql('constants');
  if (a.range !== undefined && b.range !== undefined) return boolean(`(${a.sql} ${operator} ${b.sql})`);
  const [x, y] = [asDouble(a), asDouble(b)];
  const named = [x, y].filter((one) => one.constant === undefined).map(({ sql }) => sql);
  return boolean(`(${x.sql} ${operator} ${y.sql})`, named);
}

/** `===` and `!==`, where both may be NULL. */
export function equal(
  a: SqlValue,
  b: SqlValue,
  may: { readonly a: boolean; readonly b: boolean },
  not: boolean,
): BooleanValue {
  if (a.kind === 'object' || b.kind === 'object') return notSql('an object');
  if (a.kind === 'null' || b.kind === 'null') {
    const other = a.kind === 'null' ? b : a;
    if (other.kind === 'null') return boolean(not ? 'FALSE' : 'TRUE');
    const nullable = a.kind === 'null' ? may.b : may.a;
    if (!nullable) return boolean(not ? 'TRUE' : 'FALSE');
    return boolean(`(${other.sql} IS ${not ? 'NOT ' : ''}NULL)`);
  }
  if (a.kind === 'number' && b.kind === 'number') {
    const double = a.range === undefined || b.range === undefined;
    if (double && (may.a || may.b)) return notSql('a DOUBLE that may be NULL');
    if (double || !(may.a || may.b)) return compared(not ? '<>' : '=', a, b);
  } else if (a.kind !== b.kind || a.kind === 'other') return notSql('values of two kinds');
  if ([a, b].every((one) => 'constant' in one || /^(TRUE|FALSE)$/.test(one.sql))) return notSql('constants');
  if (!may.a && !may.b) return boolean(`(${a.sql} ${not ? '<>' : '='} ${b.sql})`, joined(a, b));
  return boolean(`(${a.sql} IS ${not ? '' : 'NOT '}DISTINCT FROM ${b.sql})`, joined(a, b));
}

/** What was compared in both. */
function joined(a: SqlValue, b: SqlValue): Iterable<string> | undefined {
  const all = [a, b].flatMap((one) => (one.kind === 'boolean' ? [...(one.doubles ?? [])] : []));
  if (all.length > 0) return notSql('a comparison of DOUBLEs, compared');
  return undefined;
}

/** `&&` and `||` of conditions that are not NULL. */
export function combined(operator: '&&' | '||', a: BooleanValue, b: BooleanValue): BooleanValue {
  // What is constant is not left to a planner: it forgets the sign of 0.
  const [decides, other] = operator === '&&' ? ['FALSE', 'TRUE'] : ['TRUE', 'FALSE'];
  if (a.sql === decides || b.sql === other) return a;
  if (a.sql === other) return b;
  if (b.sql === decides) return b;
  const all = [...(a.doubles ?? []), ...(b.doubles ?? [])];
  // Flink makes `x < 5 OR x > 5` one condition, and forgets NaN.
  if (operator === '||' && new Set(all).size < all.length) return notSql('a DOUBLE compared twice');
  return boolean(`(${a.sql} ${operator === '&&' ? 'AND' : 'OR'} ${b.sql})`, all.length === 0 ? undefined : all);
}

export function opposite(value: BooleanValue): BooleanValue {
  if (value.doubles !== undefined) return notSql('the opposite of a comparison of DOUBLEs');
  if (value.sql === 'TRUE' || value.sql === 'FALSE') return boolean(value.sql === 'TRUE' ? 'FALSE' : 'TRUE');
  return boolean(`(NOT ${value.sql})`);
}

/** A part of a text: `${value}`. */
export function textOf(value: SqlValue, nullable: boolean): TextValue {
  const text = (sql: string): TextValue => ({ kind: 'text', sql, nullable: false });
  const orNull = (sql: string): TextValue => text(nullable ? `COALESCE(${sql}, 'null')` : sql);
  switch (value.kind) {
    case 'null':
      return { ...text("'null'"), constant: 'null' };
    case 'text':
      return value.constant === undefined ? orNull(value.sql) : value;
    case 'number':
      if (value.range === undefined) return notSql('the text of a DOUBLE');
      if (value.constant !== undefined) return { ...text(`'${value.constant}'`), constant: String(value.constant) };
      return orNull(`CAST(${value.sql} AS STRING)`);
    case 'boolean': {
      if (value.doubles !== undefined) return notSql('the text of a comparison of DOUBLEs');
      const none = nullable ? `WHEN ${value.sql} IS NULL THEN 'null' ` : '';
      return text(`CASE ${none}WHEN ${value.sql} THEN 'true' ELSE 'false' END`);
    }
    default:
      return notSql('the text of something else');
  }
}

/** `c ? a : b`; @param may whether they may be NULL where they are used */
export function chosen(
  condition: BooleanValue,
  a: SqlValue,
  b: SqlValue,
  may: { readonly a: boolean; readonly b: boolean },
): SqlValue {
  if (condition.doubles !== undefined) return notSql('a choice by a comparison of DOUBLEs');
  if (a.kind === 'object' || b.kind === 'object') return notSql('an object');
  if (condition.sql === 'TRUE') return a;
  if (condition.sql === 'FALSE') return b;
  const nullable = may.a || may.b;
  const write = (x: string, y: string): string => `CASE WHEN ${condition.sql} THEN ${x} ELSE ${y} END`;
  if (a.kind === 'null' || b.kind === 'null') {
    const other = a.kind === 'null' ? b : a;
    if (other.kind === 'null') return other;
    if (other.kind === 'boolean' && other.doubles !== undefined) return notSql('a comparison of DOUBLEs, chosen');
    const { path: _, ...rest } = other;
    // A constant is a CHAR, and COALESCE would fill it up with blanks.
    const sqlOf = (one: typeof a): string => (one.kind === 'text' ? `CAST(${one.sql} AS STRING)` : one.sql);
    return { ...rest, sql: write(sqlOf(a), sqlOf(b)), nullable: true, ...nothingKnown(rest) } as SqlValue;
  }
  if (a.kind === 'number' && b.kind === 'number') {
    if (a.range !== undefined && b.range !== undefined) {
      const range = { least: Math.min(a.range.least, b.range.least), most: Math.max(a.range.most, b.range.most) };
      return { kind: 'number', sql: write(asBigint(a), asBigint(b)), nullable, range };
    }
    return { kind: 'number', sql: write(asDouble(a).sql, asDouble(b).sql), nullable };
  }
  if (a.kind === 'text' && b.kind === 'text') {
    return { kind: 'text', sql: write(`CAST(${a.sql} AS STRING)`, `CAST(${b.sql} AS STRING)`), nullable };
  }
  if (a.kind === 'boolean' && b.kind === 'boolean' && a.doubles === undefined && b.doubles === undefined) {
    return { kind: 'boolean', sql: write(a.sql, b.sql), nullable };
  }
  return notSql('a choice between two kinds');
}

const nothingKnown = (value: object): object => ('constant' in value ? { constant: undefined } : {});
