import { nearest } from '../../core/nearest.js';
import { type AnyType, MAX_LENGTH, makeType, type } from '../../core/types/index.js';
import type { DataType, SimpleType } from '../sql/ast/types.js';
import { type CallSite, invalid } from './call-site.js';
import { typeElsewhere } from './elsewhere.js';
import { intervalType } from './intervals.js';

/**
 * The type that a piece of SQL names. Without NOT NULL it is nullable.
 *
 * @throws ValidationError for a type that does not exist, or numbers it cannot have
 */
export function typeOfAst(node: DataType, sql?: string): AnyType {
  const site: CallSite = { span: node.span, ...(sql === undefined ? {} : { sql }) };
  const made = bareType(node, site, sql);
  return (node.nullable === false ? made.notNull() : nullableRow(made.nullable() as AnyType)) as AnyType;
}

/** The type of a column: as `typeOfAst`, but Flink's tables know no fractions of seconds in a TIME, whatever is written. */
export function columnTypeOfAst(node: DataType, sql?: string): AnyType {
  return wholeSeconds(typeOfAst(node, sql));
}

function wholeSeconds(of: AnyType): AnyType {
  const same = (made: { notNull(): unknown; nullable(): unknown }): AnyType =>
    (of.nullability === 'not null' ? made.notNull() : made.nullable()) as AnyType;
  switch (of.root) {
    case 'TIME':
      return same(type.time(0));
    case 'ARRAY':
      return same(type.array(wholeSeconds(of.element)));
    case 'MAP':
      return same(type.map(wholeSeconds(of.key), wholeSeconds(of.value)));
    case 'ROW':
      return same(type.row(of.fields.map((field) => ({ ...field, type: wholeSeconds(field.type) }))));
    default:
      return of;
  }
}

/** In a row that may be NULL every field may be. */
function nullableRow(made: AnyType): AnyType {
  if (made.root !== 'ROW') return made;
  const fields = made.fields.map(({ name, type: of }) => ({ name, type: nullableRow(of.nullable() as AnyType) }));
  return type.row(fields) as AnyType;
}

function bareType({ type: node }: DataType, site: CallSite, sql?: string): AnyType {
  switch (node.kind) {
    case 'simpleType':
      return simple(node, site);
    case 'collectionType': {
      const element = typeOfAst(node.element, sql);
      return (node.collection === 'ARRAY' ? type.array(element) : type.multiset(element)) as AnyType;
    }
    case 'mapType':
      return type.map(typeOfAst(node.key, sql), typeOfAst(node.value, sql)) as AnyType;
    case 'rowType':
      return type.row(
        node.fields.map((field) => ({
          name: field.name.name,
          type: typeOfAst(field.type, sql),
        })),
      ) as AnyType;
    case 'rawType':
      return type.raw(node.className, node.serialiser) as AnyType;
    case 'intervalType':
      return intervalType(node.qualifier);
    case 'namedType':
      throw unknownType(node.name.parts.map((part) => part.name).join('.'), site);
  }
}

const NAMES =
  'STRING INT BIGINT DOUBLE BOOLEAN DECIMAL DATE TIME TIMESTAMP TIMESTAMP_LTZ FLOAT TINYINT SMALLINT CHAR VARCHAR BYTES BINARY VARBINARY ARRAY MAP MULTISET ROW'.split(
    ' ',
  );

function unknownType(name: string, site: CallSite): Error {
  const meant = typeElsewhere(name) ?? nearest(name, NAMES);
  const hint = meant === undefined ? `no such type; the types are ${NAMES.join(', ')}` : `did you mean ${meant}?`;
  return invalid(`Unknown identifier '${name}'`, site, hint);
}

const PLAIN: Readonly<Record<string, () => unknown>> = {
  BOOLEAN: type.boolean,
  TINYINT: type.tinyint,
  SMALLINT: type.smallint,
  INT: type.int,
  INTEGER: type.int,
  BIGINT: type.bigint,
  FLOAT: type.float,
  DOUBLE: type.double,
  'DOUBLE PRECISION': type.double,
  DATE: type.date,
  STRING: type.string,
  BYTES: type.bytes,
  NULL: type.null,
};

function simple({ name, arguments: numbers }: SimpleType, site: CallSite): AnyType {
  const plain = PLAIN[name];
  if (plain !== undefined) return plain() as AnyType;
  const [first, second] = numbers;
  const within = (what: string, value: number, least: number, most: number): number => {
    if (value >= least && value <= most) return value;
    throw invalid(`${what} must be between ${least} and ${most} (both inclusive)`, site);
  };
  switch (name) {
    case 'CHAR':
    case 'VARCHAR':
    case 'BINARY':
    case 'VARBINARY': {
      // Without a length CHAR is one character, but VARCHAR is STRING, and VARBINARY BYTES.
      const usual = name.startsWith('VAR') ? MAX_LENGTH : 1;
      const length = within(`${name} length`, first ?? usual, 1, MAX_LENGTH);
      return makeType(name, { length } as never) as unknown as AnyType;
    }
    case 'DECIMAL': {
      // Flink cuts a precision above 38 in a CAST to 38.
      const precision = within('Decimal precision', Math.min(first ?? 10, 38), 1, 38);
      return type.decimal(precision, within('Decimal scale', second ?? 0, 0, precision)) as AnyType;
    }
    case 'TIME':
      return type.time(within('Time precision', first ?? 0, 0, 9)) as AnyType;
    case 'TIMESTAMP':
      return type.timestamp(within('Timestamp precision', first ?? 6, 0, 9)) as AnyType;
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP WITH LOCAL TIME ZONE':
      return type.timestampLtz(within('Timestamp precision', first ?? 6, 0, 9)) as AnyType;
    case 'REAL':
      throw invalid('Type is not supported: REAL', site, 'FLOAT is the 32-bit number of Flink SQL');
    default:
      throw invalid(`the type ${name} is not supported`, site);
  }
}
