import { compared } from './operators.js';
import { type NumberValue, notSql, type SqlValue, type TextValue } from './values.js';

/** What `trim` takes away: the white space and line ends of ECMAScript. SQL's own takes blanks alone. */
const WHITE =
  "U&'\\0009\\000A\\000B\\000C\\000D\\0020\\00A0\\1680\\2000\\2001\\2002\\2003\\2004\\2005\\2006\\2007\\2008\\2009\\200A\\2028\\2029\\202F\\205F\\3000\\FEFF'";

/** A method of a text that is not NULL. */
export function textMethod(name: string, text: TextValue, operands: readonly SqlValue[]): SqlValue {
  const made = (sql: string): TextValue => ({ kind: 'text', sql, nullable: false });
  if (text.constant !== undefined) return notSql(`the method ${name} of a constant`);
  const [first, ...more] = operands;
  if (first === undefined) {
    switch (name) {
      case 'toUpperCase':
        return made(`UPPER(${text.sql})`);
      case 'toLowerCase':
        return made(`LOWER(${text.sql})`);
      case 'trim':
        return made(`TRIM(BOTH ${WHITE} FROM ${text.sql})`);
      default:
        return notSql(`the method ${name}`);
    }
  }
  // Positions and lengths are counted in other units: a place is only asked for where it is 0, or anywhere.
  if ((name === 'startsWith' || name === 'includes') && more.length === 0 && first.kind === 'text' && first.constant) {
    const position: NumberValue = {
      kind: 'number',
      sql: `POSITION(${first.sql} IN ${text.sql})`,
      nullable: false,
      range: { least: 0, most: 2147483647 },
    };
    const one: NumberValue = { kind: 'number', sql: '1', nullable: false, range: { least: 1, most: 1 }, constant: 1 };
    return compared(name === 'startsWith' ? '=' : '>=', position, one);
  }
  return notSql(`the method ${name}`);
}

/** A function of `Math` of a number that is not NULL. */
export function mathCall(name: string, operands: readonly NumberValue[]): NumberValue {
  const [value, ...more] = operands;
  if (value === undefined || more.length > 0) return notSql(`Math.${name} of ${operands.length}`);
  const { range } = value;
  if (value.constant !== undefined) return notSql(`Math.${name} of a constant`);
  switch (name) {
    case 'abs': {
      if (range === undefined) return { kind: 'number', sql: `ABS(${value.sql})`, nullable: false };
      const ends = [Math.abs(range.least), Math.abs(range.most)];
      const least = range.least <= 0 && range.most >= 0 ? 0 : Math.min(...ends);
      return {
        kind: 'number',
        sql: `ABS(CAST(${value.sql} AS BIGINT))`,
        nullable: false,
        range: { least, most: Math.max(...ends) },
      };
    }
    case 'floor':
    case 'ceil':
      // Of DOUBLE, Flink 1.20 cannot plan it where it knows the value.
      return range === undefined ? notSql(`Math.${name} of a DOUBLE`) : value;
    default:
      return notSql(`Math.${name}`);
  }
}
