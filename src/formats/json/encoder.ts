import { ArgumentError } from '../../core/errors.js';
import type { Row } from '../../core/rows/index.js';
import { type AnyType, type FieldTypes, type Schema, schemaOf } from '../../core/types/index.js';
import { dateText, floatToCell } from '../../core/values/index.js';
import type { RowEncoder } from '../format.js';
import { plainDecimalText, timeOfDayText, timestampText } from '../to-text.js';
import { type JsonOptions, jsonSettings } from './options.js';

type ToJson = (value: unknown) => string;

/**
 * Makes an encoder of json lines.
 *
 * @see Flink: JSON Format
 */
export function jsonEncoder(fields: Schema | FieldTypes, options: JsonOptions = {}): RowEncoder {
  const schema = schemaOf(fields as FieldTypes);
  const write = rowToJson(schema.fields, jsonSettings(options));
  return { head: '', lineEnd: '\n', encode: write };
}

function orNull(write: ToJson): ToJson {
  return (value) => (value === null || value === undefined ? 'null' : write(value));
}

function rowToJson(fields: Schema['fields'], settings: Required<JsonOptions>): ToJson {
  const parts = fields.map(({ name, type }) => ({
    name,
    start: `${JSON.stringify(name)}:`,
    write: orNull(toJson(type, settings)),
  }));
  return (value) => {
    let text = '';
    for (const { name, start, write } of parts) {
      const field = (value as Row)[name];
      if (settings.encodeIgnoreNullFields && (field === null || field === undefined)) continue;
      text += `${text === '' ? '' : ','}${start}${write(field)}`;
    }
    return `{${text}}`;
  };
}

// Numbers that JSON lacks become strings, as in Flink.
const number = (value: unknown): string =>
  Number.isFinite(value) ? (Object.is(value, -0) ? '-0.0' : String(value)) : `"${value}"`;

function toJson(type: AnyType, settings: Required<JsonOptions>): ToJson {
  const separator = settings.timestampFormat === 'SQL' ? ' ' : 'T';
  switch (type.root) {
    case 'CHAR':
    case 'VARCHAR':
      return (value) => JSON.stringify(value);
    case 'BINARY':
    case 'VARBINARY':
      return (value) => `"${Buffer.from(value as Uint8Array).toString('base64')}"`;
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
    case 'INTERVAL_YEAR_MONTH':
    case 'INTERVAL_DAY_TIME':
      return String;
    case 'FLOAT':
      return (value) => number(floatToCell(value as number));
    case 'DOUBLE':
      return number;
    case 'DECIMAL':
      return (value) => {
        const plain = plainDecimalText(value as number | bigint, type.scale);
        return settings.encodeDecimalAsPlainNumber ? plain : scientific(plain);
      };
    case 'DATE':
      return (value) => `"${dateText(value as number)}"`;
    case 'TIME':
      return (value) => `"${timeOfDayText(value as number)}"`;
    case 'TIMESTAMP':
      return (value) => `"${timestampText(value, separator, '')}"`;
    case 'TIMESTAMP_LTZ':
      return (value) => `"${timestampText(value, separator, 'Z')}"`;
    case 'ARRAY': {
      const one = orNull(toJson(type.element, settings));
      return (value) => `[${(value as unknown[]).map(one).join(',')}]`;
    }
    case 'MAP':
      return mapToJson(type.key, orNull(toJson(type.value, settings)), settings, `${type}`);
    case 'MULTISET':
      return mapToJson(type.element, String, settings, `${type}`);
    case 'ROW':
    case 'STRUCTURED':
      return rowToJson(type.fields, settings);
    default:
      throw new ArgumentError(`json cannot hold a ${type}`);
  }
}

/** As Java writes a `BigDecimal` without zeros at its end: 100 is 1E+2, and 0.000000027 is 2.7E-8. */
function scientific(plain: string): string {
  const negative = plain.startsWith('-');
  const [whole = '', fraction = ''] = (negative ? plain.slice(1) : plain).split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (digits === '') return '0';
  const exponent = digits.length - 1 - fraction.length;
  const kept = fraction === '' ? digits.replace(/0+$/, '') : digits;
  if (exponent >= -6 && kept.length === digits.length) return plain;
  const point = kept.length > 1 ? `.${kept.slice(1)}` : '';
  return `${negative ? '-' : ''}${kept[0]}${point}E${exponent > 0 ? '+' : ''}${exponent}`;
}

function mapToJson(key: AnyType, write: ToJson, settings: Required<JsonOptions>, shown: string): ToJson {
  if (key.root !== 'VARCHAR' && key.root !== 'CHAR') {
    throw new ArgumentError(`json cannot hold a ${shown}`, { hint: 'the keys of a json object are strings' });
  }
  return (value) => {
    const parts: string[] = [];
    for (const [name, item] of value as Map<string | null, unknown>) {
      if (name === null && settings.mapNullKeyMode === 'DROP') continue;
      if (name === null && settings.mapNullKeyMode === 'FAIL') {
        throw new ArgumentError('json: a map has a NULL key', {
          hint: "mapNullKeyMode: 'DROP' or 'LITERAL' lets it pass",
        });
      }
      parts.push(`${JSON.stringify(name ?? settings.mapNullKeyLiteral)}:${write(item)}`);
    }
    return `{${parts.join(',')}}`;
  };
}
