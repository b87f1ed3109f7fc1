import { type AnyType, type Field, MAX_LENGTH } from './logical.js';

/** A name in back-ticks, with back-ticks in it doubled. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

function fieldsText(fields: readonly Field[]): string {
  return fields
    .map((field) => {
      const description = field.description === undefined ? '' : ` '${field.description.replaceAll("'", "''")}'`;
      return `${quoteName(field.name)} ${typeText(field.type)}${description}`;
    })
    .join(', ');
}

function bareText(type: AnyType): string {
  switch (type.root) {
    case 'CHAR':
    case 'BINARY':
      return `${type.root}(${type.length})`;
    case 'VARCHAR':
      return type.length === MAX_LENGTH ? 'STRING' : `VARCHAR(${type.length})`;
    case 'VARBINARY':
      return type.length === MAX_LENGTH ? 'BYTES' : `VARBINARY(${type.length})`;
    case 'DECIMAL':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return `${type.root}(${type.precision})`;
    case 'INTERVAL_YEAR_MONTH':
    case 'INTERVAL_DAY_TIME':
      return `INTERVAL ${type.resolution}`;
    case 'ARRAY':
    case 'MULTISET':
      return `${type.root}<${typeText(type.element)}>`;
    case 'MAP':
      return `MAP<${typeText(type.key)}, ${typeText(type.value)}>`;
    case 'ROW':
      return `ROW<${fieldsText(type.fields)}>`;
    case 'STRUCTURED':
      return `STRUCTURED<'${type.className.replaceAll("'", "''")}', ${fieldsText(type.fields)}>`;
    case 'RAW':
      return `RAW('${type.className.replaceAll("'", "''")}', '${type.serialiser.replaceAll("'", "''")}')`;
    default:
      return type.root;
  }
}

/**
 * A type as Flink's `LogicalType.asSummaryString()` writes it: `BIGINT NOT NULL`, `DECIMAL(10, 2)`,
 * ``ROW<`a` INT, `b` STRING>``.
 *
 * @see Flink: Data Types
 */
export function typeText(type: AnyType): string {
  return type.nullability === 'not null' ? `${bareText(type)} NOT NULL` : bareText(type);
}

/** Whether two types are the same, nullability included (descriptions of fields are comments and do not count). */
export function sameType(a: AnyType, b: AnyType): boolean {
  return a === b || withoutComments(a) === withoutComments(b);
}

/** Whether two types are the same apart from their own nullability; that of elements and fields counts. */
export function sameTypeIgnoringNull(a: AnyType, b: AnyType): boolean {
  return withoutComments(a.nullable() as AnyType) === withoutComments(b.nullable() as AnyType);
}

function withoutComments(type: AnyType): string {
  const bare = (fields: readonly Field[]) => fields.map(({ name, type }) => ({ name, type }));
  if (type.root === 'ROW') {
    return `ROW<${bare(type.fields)
      .map((f) => `${quoteName(f.name)} ${withoutComments(f.type)}`)
      .join(', ')}>${type.nullability}`;
  }
  if (type.root === 'ARRAY' || type.root === 'MULTISET') {
    return `${type.root}<${withoutComments(type.element)}>${type.nullability}`;
  }
  if (type.root === 'MAP')
    return `MAP<${withoutComments(type.key)}, ${withoutComments(type.value)}>${type.nullability}`;
  return typeText(type);
}
