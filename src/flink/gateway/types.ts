import { type AnyType, type } from '../../core/types/index.js';
import { FlinkError } from '../errors.js';
import type { WireColumn, WireType } from './protocol.js';

/** A column's type as the gateway describes it, as one of ours. @throws FlinkError for one that is not known */
export function typeOfWire(wire: WireType): AnyType {
  const made = nullableType(wire);
  return wire.nullable ? made : made.notNull();
}

function nullableType(wire: WireType): AnyType {
  const { precision = 0, length = 1 } = wire;
  switch (wire.type) {
    case 'CHAR':
      return type.char(Math.max(1, length));
    case 'VARCHAR':
      return type.varchar(length);
    case 'BOOLEAN':
      return type.boolean();
    case 'BINARY':
      return type.binary(Math.max(1, length));
    case 'VARBINARY':
      return type.varbinary(length);
    case 'DECIMAL':
      return type.decimal(wire.precision, wire.scale);
    case 'TINYINT':
      return type.tinyint();
    case 'SMALLINT':
      return type.smallint();
    case 'INTEGER':
      return type.int();
    case 'BIGINT':
      return type.bigint();
    case 'FLOAT':
      return type.float();
    case 'DOUBLE':
      return type.double();
    case 'DATE':
      return type.date();
    case 'TIME_WITHOUT_TIME_ZONE':
      return type.time(precision);
    case 'TIMESTAMP_WITHOUT_TIME_ZONE':
      return type.timestamp(precision);
    case 'TIMESTAMP_WITH_LOCAL_TIME_ZONE':
      return type.timestampLtz(precision);
    case 'INTERVAL_DAY_TIME':
    case 'INTERVAL_YEAR_MONTH':
      return intervalType(wire);
    case 'ARRAY':
      return type.array(typeOfWire(wire.elementType as WireType)) as AnyType;
    case 'MULTISET':
      return type.multiset(typeOfWire(wire.elementType as WireType)) as AnyType;
    case 'MAP':
      return type.map(typeOfWire(wire.keyType as WireType), typeOfWire(wire.valueType as WireType)) as AnyType;
    case 'ROW':
    case 'STRUCTURED_TYPE':
      return type.row(
        (wire.fields ?? []).map(({ name, fieldType }) => ({ name, type: typeOfWire(fieldType) })),
      ) as AnyType;
    case 'NULL':
      return type.null();
    default:
      throw new FlinkError('flink-error', `columns of the type ${wire.type} cannot be read from the gateway`, {
        serverText: JSON.stringify(wire),
        hint: 'CAST the column to STRING, or to a type of SQL',
      });
  }
}

/** `DAY(2) TO SECOND(3)`, `YEAR(2) TO MONTH`: the first unit has the precision, seconds their fraction. */
function intervalType({ type: root, resolution = '', precision = 2, fractionalPrecision = 3 }: WireType): AnyType {
  const units = resolution
    .replace(/_TO_/g, ' TO ')
    .split(' TO ')
    .map((unit, i) => {
      if (unit === 'SECOND' && (i > 0 || resolution === 'SECOND')) return `SECOND(${fractionalPrecision})`;
      return i === 0 ? `${unit}(${precision})` : unit;
    });
  return root === 'INTERVAL_DAY_TIME'
    ? type.intervalDayTime(units.join(' TO '))
    : type.intervalYearMonth(units.join(' TO '));
}

/** Columns with unique names: Flink allows a result two columns of one name, rows here do not. */
export function columnsOf(columns: readonly WireColumn[]): { readonly name: string; readonly type: AnyType }[] {
  const seen = new Set<string>();
  return columns.map(({ name, logicalType }) => {
    let unique = name;
    for (let n = 0; seen.has(unique); n++) unique = `${name}${n}`;
    seen.add(unique);
    return { name: unique, type: typeOfWire(logicalType) };
  });
}
