import type { AnyType } from '../../core/types/index.js';
import { dateText, decimalText, floatToCell, Timestamp, timeText } from '../../core/values/index.js';
import { castType } from './literals.js';
import { NotInFlinkSqlError } from './refusal.js';

/** How values of a type become texts, and again what they were. */
export interface Travel {
  write(value: never, type: AnyType): string;
  /** @param text an expression: the text, or NULL */
  read(text: string, type: AnyType): string;
}

const cast = (text: string, type: AnyType): string => `CAST(${text} AS ${castType(type)})`;
const asText = (write: Travel['write']): Travel => ({ write, read: cast });

const doubleText = (value: number): string => (Object.is(value, -0) ? '-0.0' : String(value));
const stampOf = (value: unknown): Timestamp =>
  typeof value === 'number' ? Timestamp.ofMs(value) : (value as Timestamp);
const precisionOf = (type: AnyType): number => ('precision' in type ? type.precision : 0);

/** A number of 0.001 seconds is an interval; a text is none. */
const asInterval = (unit: string): Travel => ({
  write: String,
  read: (text, type) => cast(`CAST(${text} AS BIGINT) * INTERVAL ${unit}`, type),
});

/** Each byte one letter. */
const BYTES: Travel = {
  write: (value: Uint8Array) => Buffer.from(value).toString('latin1'),
  read: (text, type) => cast(`ENCODE(${text}, 'ISO-8859-1')`, type),
};

/** Milliseconds: the text of a moment would be read as the clock on the wall of the session. */
const MOMENT: Travel = {
  write: (value: unknown) => String(stampOf(value).ms),
  read: (text, type) => cast(`TO_TIMESTAMP_LTZ(CAST(${text} AS BIGINT), 3)`, type),
};

/** Where milliseconds do not say it all; in UTC alone. */
const EXACT_MOMENT: Travel = {
  write: (value: unknown, type) => stampOf(value).format(precisionOf(type)),
  read: (text, type) => cast(`CAST(${text} AS TIMESTAMP(${precisionOf(type)}))`, type),
};

/** Types that are one value. */
const TEXT: Readonly<Record<string, Travel>> = {
  CHAR: asText((value: string) => value),
  VARCHAR: asText((value: string) => value),
  BOOLEAN: asText(String),
  TINYINT: asText(String),
  SMALLINT: asText(String),
  INT: asText(String),
  BIGINT: asText(String),
  FLOAT: asText((value: number) => doubleText(floatToCell(value))),
  DOUBLE: asText(doubleText),
  DECIMAL: asText((value: number, type) => decimalText(value, type.root === 'DECIMAL' ? type.scale : 0)),
  BINARY: BYTES,
  VARBINARY: BYTES,
  DATE: asText((value: number) => dateText(value)),
  TIME: asText((value: number) => timeText(value, 0)),
  TIMESTAMP: asText((value: unknown, type) => stampOf(value).format(precisionOf(type))),
  TIMESTAMP_LTZ: MOMENT,
  INTERVAL_DAY_TIME: asInterval("'0.001' SECOND"),
  INTERVAL_YEAR_MONTH: asInterval("'1' MONTH"),
};

/** How a column of values of one type travels. */
export function travelOf(type: AnyType, values: readonly unknown[]): Travel {
  const finer = (value: unknown): boolean => value !== null && value !== undefined && stampOf(value).nanosOfMs !== 0;
  if (type.root === 'TIMESTAMP_LTZ' && values.some(finer)) return EXACT_MOMENT;
  return TEXT[type.root] as Travel;
}

const NO_LITERAL = 'CAST it to STRING, or read it from a topic or a file on both engines';

/** @throws NotInFlinkSqlError for a type that a column of VALUES cannot have */
export function refuseType(type: AnyType, where: string): void {
  for (const inner of partsOf(type)) {
    if (['MULTISET', 'RAW', 'STRUCTURED'].includes(inner.root)) throw refusal(where, type, NO_LITERAL);
    if (inner.root === 'NULL') throw refusal(where, type, 'give its type: fromRows(rows, { schema: { ... } })');
    if (inner.root === 'INTERVAL_DAY_TIME' && Number(/DAY\((\d+)\)/.exec(String(inner))?.[1] ?? 2) > 3) {
      throw refusal(where, type, 'Flink counts up to 999 days: DAY(3)');
    }
    if (inner.root === 'ROW' && /INTERVAL/.test(String(inner))) {
      throw refusal(
        where,
        type,
        'an INTERVAL in a ROW has no name in a CAST: a number, multiplied by INTERVAL in the query',
      );
    }
  }
}

const refusal = (where: string, type: AnyType, hint: string): NotInFlinkSqlError =>
  new NotInFlinkSqlError(`${where}, ${/^[AEIOU]/.test(String(type)) ? 'an' : 'a'} ${type},`, hint);

/** A type and all that are inside of it. */
export function partsOf(type: AnyType): AnyType[] {
  switch (type.root) {
    case 'ARRAY':
    case 'MULTISET':
      return [type, ...partsOf(type.element)];
    case 'MAP':
      return [type, ...partsOf(type.key), ...partsOf(type.value)];
    case 'ROW':
    case 'STRUCTURED':
      return [type, ...type.fields.flatMap((field) => partsOf(field.type))];
    default:
      return [type];
  }
}

const FIRST_DAY = -719_162;
const LAST_DAY = 2_932_896;
const DAY_MS = 86_400_000;

/** @throws NotInFlinkSqlError for a value that would come to Flink as another one */
export function refuseValue(type: AnyType, value: unknown, where: string, timeZone: string): void {
  const refuse = (what: string, hint: string): never => {
    throw new NotInFlinkSqlError(`${where}: ${what}`, hint);
  };
  switch (type.root) {
    case 'CHAR':
    case 'VARCHAR':
      refuseLength(type, [...(value as string)].length, refuse);
      if (Buffer.from(value as string).toString() !== value) {
        refuse('a text with half of a letter (a lone surrogate)', 'text.toWellFormed()');
      }
      break;
    case 'BINARY':
    case 'VARBINARY':
      refuseLength(type, (value as Uint8Array).length, refuse);
      break;
    case 'TIME':
      if ((value as number) % 1000 !== 0) {
        refuse(`${timeText(value as number, 3)}`, 'TIME of Flink SQL has whole seconds: TIMESTAMP(3) has more');
      }
      break;
    case 'DATE':
      if ((value as number) < FIRST_DAY || (value as number) > LAST_DAY) refuse(dateText(value as number), YEARS);
      break;
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const stamp = stampOf(value);
      if (stamp.ms < FIRST_DAY * DAY_MS || stamp.ms >= (LAST_DAY + 1) * DAY_MS) refuse(String(stamp), YEARS);
      if (type.root === 'TIMESTAMP_LTZ' && stamp.nanosOfMs !== 0 && timeZone !== 'UTC') {
        refuse(`${stamp} in the time zone ${timeZone}`, 'TIMESTAMP_LTZ(3), or the time zone UTC');
      }
    }
  }
}

/** CAST would cut or fill it. */
function refuseLength(
  type: Extract<AnyType, { length: number }>,
  length: number,
  refuse: (what: string, hint: string) => never,
): void {
  const fixed = type.root === 'CHAR' || type.root === 'BINARY';
  if (fixed ? length === type.length : length <= type.length) return;
  refuse(
    `a value of length ${length}, which is no ${type.nullable()},`,
    fixed ? 'VAR...: any length up to that' : 'a longer type',
  );
}

const YEARS = 'years from 1 to 9999 are';
