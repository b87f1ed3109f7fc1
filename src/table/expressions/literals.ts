import { type AnyType, type } from '../../core/types/index.js';
import { longOf, MAX_LONG, parseDecimal } from '../../core/values/index.js';
import { textToDate, textToTime, textToTimestamp, timestampValue } from '../functions/runtime/parse-time.js';
import { literal, type RexLiteral } from '../plan/rex.js';
import type { IntervalQualifier, Literal, NumberLiteral } from '../sql/ast/literals.js';
import { type CallSite, invalid } from './call-site.js';
import { intervalType, parseInterval } from './intervals.js';

const notNull = (t: AnyType): AnyType => t.notNull() as AnyType;

/**
 * A constant as Flink types it: `'ab'` is CHAR(2), `1` INT, `10000000000` BIGINT, `1.50` DECIMAL(3, 2), `1e3` DOUBLE.
 *
 * @throws ValidationError for a date that is none, a number that is too large
 */
export function literalOf(node: Literal, sql?: string): RexLiteral {
  const site: CallSite = { span: node.span, ...(sql === undefined ? {} : { sql }) };
  switch (node.kind) {
    case 'number':
      return numberLiteral(node, 1, site);
    case 'signedNumber':
      return numberLiteral(node.number, node.sign, site);
    case 'string':
      return textLiteral(node.value);
    case 'binary': {
      const bytes = new Uint8Array(Buffer.from(node.hex, 'hex'));
      return literal(bytes, notNull(type.binary(Math.max(1, bytes.length)) as AnyType));
    }
    case 'keyword':
      if (node.value === 'NULL') return literal(null, type.null() as AnyType);
      if (node.value === 'UNKNOWN') return literal(null, type.boolean() as AnyType);
      return literal(node.value === 'TRUE', notNull(type.boolean() as AnyType));
    case 'datetime':
      return datetimeLiteral(node.type, node.text, site);
    case 'interval':
      return intervalLiteral(node.text, node.sign, node.qualifier, site);
  }
}

/** A text constant: CHAR of its length, which Calcite counts in UTF-16 units. */
function textLiteral(value: string): RexLiteral {
  return literal(value, notNull(type.char(Math.max(1, value.length)) as AnyType));
}

function numberLiteral({ form, text }: NumberLiteral, sign: 1 | -1, site: CallSite): RexLiteral {
  if (form === 'double') {
    const value = sign * Number(text);
    if (!Number.isFinite(value)) throw invalid(`Numeric literal '${text.toUpperCase()}' out of range`, site);
    return literal(value, notNull(type.double() as AnyType));
  }
  const point = text.indexOf('.');
  if (point < 0 || point === text.length - 1) {
    const value = BigInt(sign) * BigInt(point < 0 ? text : text.slice(0, -1) || '0');
    const size = value < 0n ? -value : value;
    if (size > MAX_LONG) throw invalid(`Numeric literal '${text}' out of range`, site);
    const int = value <= 2147483647n && value >= -2147483648n;
    return literal(longOf(value), notNull((int ? type.int() : type.bigint()) as AnyType));
  }
  const shape = { precision: text.length - 1, scale: text.length - point - 1 };
  // Calcite looks whether the digits fit 64 bits.
  const digits = BigInt(text.replace('.', ''));
  if (shape.precision > 38 || digits > MAX_LONG) throw invalid(`Numeric literal '${text}' out of range`, site);
  return literal(
    parseDecimal(`${sign < 0 ? '-' : ''}${text}`, shape),
    notNull(type.decimal(shape.precision, shape.scale) as AnyType),
  );
}

/** A constant with a sign before it: `-2147483648` is an INT again. */
export function negated(given: RexLiteral): RexLiteral {
  const { value, type: t } = given;
  if (t.root === 'BIGINT' && value === 2147483648) return literal(-2147483648, notNull(type.int() as AnyType));
  return literal(typeof value === 'bigint' ? -value : 0 - (value as number), t);
}

function datetimeLiteral(kind: 'DATE' | 'TIME' | 'TIMESTAMP', text: string, site: CallSite): RexLiteral {
  const digits = /\.(\d+)$/.exec(text)?.[1]?.length ?? 0;
  const refuse = (): never => {
    throw invalid(`Illegal ${kind} literal '${text}': not in format '${FORMATS[kind]}'`, site);
  };
  if (kind === 'DATE') {
    const day = /^\d{1,4}-\d{1,2}-\d{1,2}$/.test(text) ? textToDate(text) : undefined;
    return literal(day ?? refuse(), notNull(type.date() as AnyType));
  }
  if (kind === 'TIME') {
    const ms = /^\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?$/.test(text) ? textToTime(text) : undefined;
    return literal(ms ?? refuse(), notNull(type.time(0) as AnyType));
  }
  const time = textToTimestamp(text);
  if (time === undefined) return refuse();
  const precision = Math.min(digits, 9);
  return literal(timestampValue(time, precision), notNull(type.timestamp(precision) as AnyType));
}

const FORMATS = { DATE: 'yyyy-MM-dd', TIME: 'HH:mm:ss', TIMESTAMP: 'yyyy-MM-dd HH:mm:ss' };

function intervalLiteral(text: string, sign: 1 | -1, qualifier: IntervalQualifier, site: CallSite): RexLiteral {
  const leading = /^\s*[+-]?0*(\d+)/.exec(text)?.[1] ?? '';
  const most = qualifier.startPrecision ?? 2;
  if (leading.length > most) {
    throw invalid(`Interval field value ${leading} exceeds precision of ${qualifier.start}(${most}) field`, site);
  }
  const value = parseInterval(text, qualifier);
  if (value === undefined) {
    throw invalid(`Illegal interval literal format '${text}' for INTERVAL ${qualifierText(qualifier)}`, site);
  }
  return literal(sign * value + 0, notNull(intervalType(qualifier)));
}

function qualifierText({ start, end }: IntervalQualifier): string {
  return end === undefined ? start : `${start} TO ${end}`;
}
