import { type Row, RowKind, rowClassOf, rowKind } from '../../core/rows/index.js';
import type { AnyType, Field } from '../../core/types/index.js';
import { Schema } from '../../core/types/index.js';
import { fromCell, Timestamp } from '../../core/values/index.js';
import { toInstant } from '../../table/functions/runtime/zones.js';
import type { WireKind, WireRow } from './protocol.js';

type Convert = (json: unknown) => unknown;

/**
 * Makes the function that turns a value as the gateway writes it (`rowFormat=JSON`, numbers exact) into the engine's
 * value of the type.
 *
 * @param zone the session's time zone
 * @throws ValueError for what is not of the type
 */
export function valueOfJson(of: AnyType, where: string, zone = 'UTC'): Convert {
  const convert = entering(of.nullable() as AnyType, where, zone);
  return (json) => (json === null || json === undefined ? null : convert(json));
}

function entering(of: AnyType, where: string, zone: string): Convert {
  switch (of.root) {
    case 'FLOAT':
    case 'DOUBLE': {
      // NaN and the infinities are texts; so is a number of more digits than a double keeps.
      const make = fromCell(of, where);
      return (json) => make(typeof json === 'number' ? json : Number(json));
    }
    case 'TIMESTAMP_LTZ': {
      const make = fromCell(of, where);
      if (zone === 'UTC') return make;
      // What is written is the clock on the wall of the session, with a `Z` that means nothing.
      return (json) => instantOf(make(json), zone);
    }
    case 'BINARY':
    case 'VARBINARY':
      return (json) => new Uint8Array(Buffer.from(String(json), 'base64'));
    case 'ARRAY': {
      const one = valueOfJson(of.element, where, zone);
      return (json) => (json as unknown[]).map(one);
    }
    case 'MULTISET': {
      const key = keyOfJson(of.element, where);
      return (json) => new Map(Object.entries(json as object).map(([k, n]) => [key(k), Number(n)]));
    }
    case 'MAP': {
      const key = keyOfJson(of.key, where);
      const value = valueOfJson(of.value, where, zone);
      return (json) => new Map(Object.entries(json as object).map(([k, v]) => [key(k), value(v)]));
    }
    case 'ROW':
    case 'STRUCTURED': {
      const { fields } = of;
      const converts = fields.map((field: Field) => valueOfJson(field.type, `${where}.${field.name}`, zone));
      const RowOf = rowClassOf(new Schema(fields));
      return (json) =>
        RowOf.of(fields.map(({ name }, i) => (converts[i] as Convert)((json as Record<string, unknown>)[name])));
    }
    default:
      return fromCell(of, where);
  }
}

function instantOf(local: unknown, zone: string): unknown {
  if (typeof local === 'number') return toInstant(local, zone);
  const { ms, nanosOfMs } = local as Timestamp;
  return Timestamp.ofMs(toInstant(ms, zone), nanosOfMs);
}

/** Keys of JSON objects are texts, whatever they stand for. */
function keyOfJson(of: AnyType, where: string): (text: string) => unknown {
  const make = valueOfJson(of, `a key of ${where}`);
  switch (of.root) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
      return (text) => make(Number(text));
    case 'BIGINT':
      return (text) => make(BigInt(text));
    case 'BOOLEAN':
      return (text) => make(text === 'true');
    default:
      return make;
  }
}

const KINDS: Readonly<Record<WireKind, RowKind>> = {
  INSERT: RowKind.INSERT,
  UPDATE_BEFORE: RowKind.UPDATE_BEFORE,
  UPDATE_AFTER: RowKind.UPDATE_AFTER,
  DELETE: RowKind.DELETE,
};

/** Makes the function that turns a row of a page into a row of the engine, with its kind. */
export function rowOfJson(schema: Schema, zone = 'UTC'): (row: WireRow) => Row {
  const converts = schema.fields.map(({ name, type }) => valueOfJson(type, `column \`${name}\``, zone));
  const RowOf = rowClassOf(schema);
  return ({ kind, fields }) => {
    const row = RowOf.of(converts.map((convert, i) => convert(fields[i])));
    if (kind !== 'INSERT') row[rowKind] = KINDS[kind];
    return row;
  };
}
