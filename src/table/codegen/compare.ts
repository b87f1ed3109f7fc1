import { classOfRow } from '../../core/rows/index.js';
import type { AnyType } from '../../core/types/index.js';
import { Timestamp } from '../../core/values/index.js';
import { sameValue } from './same-value.js';

/** Compares two values that are not NULL: below zero, zero or above. */
export type Compare = (a: never, b: never) => number;

/** Strings in the order of their code points, which is that of their UTF-8 bytes (JavaScript's own is that of UTF-16). */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x !== y) {
      // Surrogates stand for code points above all other units.
      if (x >= 0xd800 && y >= 0xd800) {
        x = x >= 0xe000 ? x - 0x800 : x + 0x2000;
        y = y >= 0xe000 ? y - 0x800 : y + 0x2000;
      }
      return x - y;
    }
  }
  return a.length - b.length;
}

/** Java's `Double.compare`: -0 is below 0, NaN above all. */
function compareReals(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a !== 0 && a === b) return 0;
  return rank(a) - rank(b);
}

/** What `<` does not tell apart: -0, 0 and NaN. */
const rank = (a: number): number => (Number.isNaN(a) ? 2 : Object.is(a, -0) ? 0 : 1);

/** NaN is neither below nor above anything. */
function compareNumbers(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}

function compareLists(one: Compare): Compare {
  return (a: unknown[], b: unknown[]) => {
    for (let i = 0; i < a.length && i < b.length; i++) {
      const order = compareNullable(one, a[i], b[i]);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  };
}

function compareNullable(one: Compare, a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return one(a as never, b as never);
}

/** How a column orders rows: Flink's generated comparators say that NaN is equal to all, and -0 to 0. */
export function compareColumn(type: AnyType): Compare {
  return type.root === 'FLOAT' || type.root === 'DOUBLE' ? (compareNumbers as Compare) : compareValues(type);
}

/** How values of a type are ordered. Types without an order (MAP, MULTISET, RAW) are only equal or not. */
export function compareValues(type: AnyType): Compare {
  switch (type.root) {
    case 'CHAR':
    case 'VARCHAR':
      return compareStrings as Compare;
    case 'FLOAT':
    case 'DOUBLE':
      return compareReals as Compare;
    case 'BINARY':
    case 'VARBINARY':
      return compareBytes as Compare;
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return (type.precision <= 3 ? compareNumbers : Timestamp.compare) as Compare;
    case 'ARRAY':
      return compareLists(compareValues(type.element));
    case 'ROW':
    case 'STRUCTURED': {
      const compares = type.fields.map((field) => compareValues(field.type));
      return (a: object, b: object) => {
        const [x, y] = [classOfRow(a)?.values(a as never) ?? [], classOfRow(b)?.values(b as never) ?? []];
        for (let i = 0; i < compares.length; i++) {
          const order = compareNullable(compares[i] as Compare, x[i], y[i]);
          if (order !== 0) return order;
        }
        return 0;
      };
    }
    case 'MAP':
    case 'MULTISET':
    case 'RAW':
      return (a: unknown, b: unknown) => (sameValue(a, b) ? 0 : 1);
    default:
      return compareNumbers as Compare;
  }
}
