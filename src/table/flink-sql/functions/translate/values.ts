import { type AnyType, type as types } from '../../../../core/types/index.js';
import { INTEGER_RANGES } from '../../../../core/values/integers.js';
import { quoteText } from '../../../sql/unparse/index.js';
import { valueText } from '../../literals.js';

/** Thrown where SQL would not give exactly what JavaScript gives: the function goes as JavaScript then. */
export class NotSql extends Error {}

export function notSql(why: string): never {
  throw new NotSql(why);
}

interface Value {
  /** Flink SQL. */
  readonly sql: string;
  readonly nullable: boolean;
  /** Which argument it is, for what conditions say about it. */
  readonly path?: string;
}
/** With a range: of an integer type, and of these values. Without: DOUBLE. */
export interface NumberValue extends Value {
  readonly kind: 'number';
  readonly range?: { readonly least: number; readonly most: number };
  readonly constant?: number;
}
export interface TextValue extends Value {
  readonly kind: 'text';
  readonly constant?: string;
}
export interface BooleanValue extends Value {
  readonly kind: 'boolean';
  /** The DOUBLEs that were compared. Flink turns `NOT x > 5` into `x <= 5`, and forgets NaN. */
  readonly doubles?: ReadonlySet<string>;
}
/** What JavaScript gets in another form: it can be handed on, and compared with null. */
export interface OtherValue extends Value {
  readonly kind: 'other';
  readonly type: AnyType;
}
export interface NullValue extends Value {
  readonly kind: 'null';
}
/** A row, or an object that was captured: not a value of SQL itself. */
export interface ObjectValue {
  readonly kind: 'object';
  get(name: string): SqlValue | undefined;
}
export type SqlValue = NumberValue | TextValue | BooleanValue | OtherValue | NullValue | ObjectValue;

export const NULL: NullValue = { kind: 'null', sql: 'NULL', nullable: true };

/** An argument of a type, as the function gets it. */
export function argument(sql: string, type: AnyType, path: string): SqlValue {
  const base = { sql, nullable: type.nullability === 'nullable', path };
  switch (type.root) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT': {
      const [least, most] = INTEGER_RANGES[type.root];
      return { ...base, kind: 'number', range: { least, most } };
    }
    case 'DOUBLE':
      return { ...base, kind: 'number' };
    case 'VARCHAR':
      return { ...base, kind: 'text' };
    case 'BOOLEAN':
      return { ...base, kind: 'boolean' };
    default:
      return { ...base, kind: 'other', type };
  }
}

/** A constant: of the function's text, or captured. */
export function constant(value: unknown): SqlValue {
  switch (typeof value) {
    case 'number':
      return numberConstant(value);
    case 'string':
      // Flink has no text with half of a pair of surrogates.
      if (/\p{Surrogate}/u.test(value)) return notSql('half a character');
      return { kind: 'text', sql: quoteText(value), nullable: false, constant: value };
    case 'boolean':
      return { kind: 'boolean', sql: value ? 'TRUE' : 'FALSE', nullable: false };
    case 'object':
      if (value === null) return NULL;
      if (Object.getPrototypeOf(value) !== Object.prototype) return notSql('an object');
      return {
        kind: 'object',
        get: (name) => (Object.hasOwn(value, name) ? constant((value as Record<string, unknown>)[name]) : undefined),
      };
    default:
      return notSql(`a ${typeof value}`);
  }
}

function numberConstant(value: number): NumberValue {
  const whole = Number.isSafeInteger(value) && !Object.is(value, -0);
  if (!whole) {
    // Not every engine keeps the sign of a literal 0.
    if (!Number.isFinite(value) || value === 0) return notSql(String(value));
    return { kind: 'number', sql: valueText(value, types.double()), nullable: false, constant: value };
  }
  const type = Math.abs(value) < 2 ** 31 ? types.int() : types.bigint();
  const range = { least: value, most: value };
  return { kind: 'number', sql: valueText(value, type), nullable: false, range, constant: value };
}

/** A number as DOUBLE. */
export function asDouble(value: NumberValue): NumberValue {
  const { sql, nullable, range, constant: known } = value;
  if (range === undefined) return value;
  if (known !== undefined) return { kind: 'number', sql: valueText(known, types.double()), nullable, constant: known };
  return { kind: 'number', sql: `CAST(${sql} AS DOUBLE)`, nullable };
}

/** A whole number as BIGINT, in which sums and products of INT have room. */
export function asBigint(value: NumberValue): string {
  return `CAST(${value.sql} AS BIGINT)`;
}

/** What a function gives, as the type that it says. */
export function result(value: SqlValue, type: AnyType): string {
  if (value.kind === 'object') return notSql('an object');
  if (value.nullable && type.nullability !== 'nullable') return notSql('NULL where none may be');
  const to = (sql: string): string => `CAST(${sql} AS ${String(type.nullable())})`;
  if (value.kind === 'null') return to('NULL');
  switch (type.root) {
    case 'VARCHAR':
      if (value.kind !== 'text' || type.length !== types.string().length) break;
      return value.path !== undefined ? value.sql : to(value.sql);
    case 'BOOLEAN':
      return value.kind === 'boolean' ? value.sql : notSql('no BOOLEAN');
    case 'DOUBLE':
      return value.kind === 'number' ? asDouble(value).sql : notSql('no DOUBLE');
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT': {
      if (value.kind !== 'number' || value.range === undefined) break;
      const [least, most] =
        type.root === 'BIGINT' ? [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] : INTEGER_RANGES[type.root];
      return value.range.least >= least && value.range.most <= most ? to(value.sql) : notSql('out of range');
    }
    default:
  }
  return notSql(`no ${type}`);
}
