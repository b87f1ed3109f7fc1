import { type AnyType, MAX_LENGTH, makeType, sameTypeIgnoringNull, type } from '../../core/types/index.js';
import { MAX_PRECISION } from '../../core/values/index.js';
import {
  decimalShape,
  isApproximate,
  isBinary,
  isCharacter,
  isDecimal,
  isExact,
  isInterval,
  isNullable,
  isTimestampType,
  T,
  withNull,
} from '../functions/types.js';

/**
 * The type that values of all these types can take without loss; `undefined` when there is none. NULL counts only for
 * nullability.
 *
 * @see Calcite: `SqlTypeFactoryImpl.leastRestrictive`, as Flink configures it
 */
export function leastRestrictive(types: readonly AnyType[]): AnyType | undefined {
  const nullable = types.some((t) => isNullable(t) || t.root === 'NULL');
  let result: AnyType | undefined;
  for (const t of types) {
    if (t.root === 'NULL') continue;
    if (result === undefined) result = t;
    else {
      result = common(result, t);
      if (result === undefined) return undefined;
    }
  }
  if (result === undefined) return types[0];
  return withNull(result, nullable);
}

/**
 * The type that the operands of a function of Flink's own are brought to (COALESCE, GREATEST, ARRAY_APPEND ...): as above,
 * but for a DOUBLE among numbers, which wins, and a FLOAT after DECIMALs, which wins too.
 *
 * @see Flink: `LogicalTypeMerging.findCommonType`
 */
export function commonArgumentType(types: readonly AnyType[]): AnyType | undefined {
  const given = types.filter((t) => t.root !== 'NULL');
  // Among moments of both kinds those with the zone win.
  if (given.every(isTimestampType) && given.some((t) => t.root !== given[0]?.root)) {
    const precision = Math.max(...given.map((t) => (t as { precision: number }).precision));
    return withNull(T.timestampLtz(precision), types.some(isNullable));
  }
  const numbers = given.every((t) => isApproximate(t) || isExact(t));
  if (!numbers || !given.some(isApproximate)) return leastRestrictive(types);
  const double = given.some((t, i) => t.root === 'DOUBLE' || (isDecimal(t) && given.slice(0, i).some(isApproximate)));
  const made = double ? T.double : (type.float() as AnyType);
  return withNull(
    made,
    types.some((t) => isNullable(t) || t.root === 'NULL'),
  );
}

const SIZE = { TINYINT: 1, SMALLINT: 2, INT: 3, BIGINT: 4 } as const;
const size = (t: AnyType): number => SIZE[t.root as keyof typeof SIZE];

function common(a: AnyType, b: AnyType): AnyType | undefined {
  if (sameTypeIgnoringNull(a, b)) return a;
  if (isExact(a) && isExact(b)) {
    if (!isDecimal(a) && !isDecimal(b)) return size(a) >= size(b) ? a : b;
    const [x, y] = [decimalShape(a), decimalShape(b)];
    const whole = Math.max(x.precision - x.scale, y.precision - y.scale);
    const scale = Math.min(Math.max(x.scale, y.scale), MAX_PRECISION - Math.min(whole, MAX_PRECISION));
    return T.decimal({ precision: Math.min(whole + scale, MAX_PRECISION), scale });
  }
  // To Calcite, FLOAT and DOUBLE of Flink have the same precision: the first wins.
  if (isApproximate(a) && isApproximate(b)) return a;
  if (isApproximate(a) && isExact(b)) return isDecimal(b) ? T.double : a;
  if (isExact(a) && isApproximate(b)) return isDecimal(a) ? T.double : b;
  if (isCharacter(a) && isCharacter(b)) return strings('CHAR', 'VARCHAR', a, b);
  if (isBinary(a) && isBinary(b)) return strings('BINARY', 'VARBINARY', a, b);
  if (isTimestampType(a) && isTimestampType(b)) return moments(a, b);
  if (a.root === 'TIME' && b.root === 'TIME') return a.precision >= b.precision ? a : b;
  if (isInterval(a) && a.root === b.root) return a;
  return nested(a, b);
}

/** With and without the zone there is one family: the first is taken, and the second where their precisions differ. */
function moments(a: AnyType & { precision: number }, b: AnyType & { precision: number }): AnyType {
  if (a.precision === b.precision) return a;
  const precision = Math.max(a.precision, b.precision);
  return (b.root === 'TIMESTAMP' ? T.timestamp(precision) : T.timestampLtz(precision)) as AnyType;
}

/** Texts of different lengths become varying ones. */
function strings<C extends 'CHAR' | 'BINARY', V extends 'VARCHAR' | 'VARBINARY'>(
  fixed: C,
  varying: V,
  a: { root: string; length: number },
  b: { root: string; length: number },
): AnyType {
  const root = a.root === fixed && b.root === fixed && a.length === b.length ? fixed : varying;
  return makeType(root, { length: Math.min(MAX_LENGTH, Math.max(a.length, b.length)) } as never) as unknown as AnyType;
}

function nested(a: AnyType, b: AnyType): AnyType | undefined {
  if ((a.root === 'ARRAY' && b.root === 'ARRAY') || (a.root === 'MULTISET' && b.root === 'MULTISET')) {
    const element = leastRestrictive([a.element, b.element]);
    if (element === undefined) return undefined;
    return (a.root === 'ARRAY' ? type.array(element) : type.multiset(element)) as AnyType;
  }
  if (a.root === 'MAP' && b.root === 'MAP') {
    const key = leastRestrictive([a.key, b.key]);
    const value = leastRestrictive([a.value, b.value]);
    return key === undefined || value === undefined ? undefined : (type.map(key, value) as AnyType);
  }
  if (a.root === 'ROW' && b.root === 'ROW' && a.fields.length === b.fields.length) {
    const fields: { name: string; type: AnyType }[] = [];
    for (let i = 0; i < a.fields.length; i++) {
      const [x, y] = [a.fields[i], b.fields[i]];
      if (x === undefined || y === undefined) return undefined;
      const made = leastRestrictive([x.type, y.type]);
      if (made === undefined) return undefined;
      fields.push({ name: x.name, type: made });
    }
    return type.row(fields) as AnyType;
  }
  return undefined;
}
