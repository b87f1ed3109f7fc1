import type { AnyType, TypeRoot } from '../../core/types/index.js';

const INTEGERS: readonly TypeRoot[] = ['TINYINT', 'SMALLINT', 'INT', 'BIGINT'];
const NUMBERS: readonly TypeRoot[] = [...INTEGERS, 'DECIMAL', 'FLOAT', 'DOUBLE'];
const STRINGS: readonly TypeRoot[] = ['CHAR', 'VARCHAR'];
const BYTES: readonly TypeRoot[] = ['BINARY', 'VARBINARY'];
const MOMENTS: readonly TypeRoot[] = ['TIMESTAMP', 'TIMESTAMP_LTZ'];

/** From which types each is converted to without being asked. */
const FROM: Readonly<Partial<Record<TypeRoot, readonly TypeRoot[]>>> = {
  CHAR: ['CHAR'],
  VARCHAR: STRINGS,
  BOOLEAN: ['BOOLEAN'],
  BINARY: BYTES,
  VARBINARY: BYTES,
  DECIMAL: NUMBERS,
  TINYINT: ['TINYINT'],
  SMALLINT: ['TINYINT', 'SMALLINT'],
  INT: ['TINYINT', 'SMALLINT', 'INT'],
  BIGINT: INTEGERS,
  FLOAT: [...INTEGERS, 'DECIMAL', 'FLOAT'],
  DOUBLE: NUMBERS,
  DATE: ['DATE', 'TIMESTAMP'],
  TIME: ['TIME', 'TIMESTAMP'],
  TIMESTAMP: MOMENTS,
  TIMESTAMP_LTZ: MOMENTS,
  INTERVAL_YEAR_MONTH: ['INTERVAL_YEAR_MONTH'],
  INTERVAL_DAY_TIME: ['INTERVAL_DAY_TIME'],
};

/**
 * Whether INSERT INTO converts a column by itself. Whether NULL is allowed is not looked at.
 *
 * @see Flink: `LogicalTypeCasts.supportsImplicitCast`
 */
export function supportsImplicitCast(from: AnyType, to: AnyType): boolean {
  if (from.root === 'NULL') return true;
  if (to.root === 'ARRAY' || to.root === 'MULTISET') {
    return from.root === to.root && supportsImplicitCast(from.element, to.element);
  }
  if (to.root === 'MAP') {
    return from.root === 'MAP' && supportsImplicitCast(from.key, to.key) && supportsImplicitCast(from.value, to.value);
  }
  if (to.root === 'ROW' || to.root === 'STRUCTURED') {
    if (from.root !== 'ROW' && from.root !== 'STRUCTURED') return false;
    return (
      from.fields.length === to.fields.length &&
      from.fields.every(({ type }, i) => supportsImplicitCast(type, (to.fields[i] as { type: AnyType }).type))
    );
  }
  if (to.root === 'RAW') return from.root === 'RAW' && from.className === to.className;
  return FROM[to.root]?.includes(from.root) ?? false;
}
