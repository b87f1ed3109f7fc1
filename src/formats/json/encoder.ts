import { ArgumentError } from '../../core/errors.js';
import type { Row } from '../../core/rows/index.js';
import { type AnyType, type FieldTypes, type Schema, schemaOf } from '../../core/types/index.js';
import { dateText, doubleText, floatText } from '../../core/values/index.js';
import type { RowEncoder } from '../format.js';
import { plainDecimalText, scientificDecimalText, timeOfDayText, timestampText } from '../to-text.js';
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

// Numbers as Java writes them (`1.0`, `1.0E10`); those that JSON lacks become strings, as in Flink.
const number = (value: unknown, text: (value: number) => string): string =>
  Number.isFinite(value) ? text(value as number) : `"${value}"`;

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
      return (value) => number(value, floatText);
    case 'DOUBLE':
      return (value) => number(value, doubleText);
    case 'DECIMAL':
      return (value) => {
        const { encodeDecimalAsPlainNumber: plain } = settings;
        return (plain ? plainDecimalText : scientificDecimalText)(value as number | bigint, type.scale);
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
          hint: "mapNullKeyMode: 'DROP' or 'LITERAL' lets it pass, in SQL 'json.map-null-key.mode'",
        });
      }
      parts.push(`${JSON.stringify(name ?? settings.mapNullKeyLiteral)}:${write(item)}`);
    }
    return `{${parts.join(',')}}`;
  };
}
