import { ArgumentError } from '../../core/errors.js';
import { isPlainObject } from '../../core/serialise/check.js';
import { preview } from '../errors.js';
import type { ReduceFunction } from './functions.js';

/** The type of a number field, where arithmetic has to know it: Java's int wraps at 32 bits, its long at 64. */
export type NumberKind = 'INT' | 'LONG' | 'DOUBLE' | undefined;

type Fields = Record<string | number, unknown>;

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** A 64-bit integer in its canonical form: a number if it fits one exactly, else a bigint; wrapped. */
export function canonicalLong(value: bigint): number | bigint {
  const wrapped = BigInt.asIntN(64, value);
  return wrapped >= -SAFE && wrapped <= SAFE ? Number(wrapped) : wrapped;
}

function addLong(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return canonicalLong(BigInt(a as number) + BigInt(b as number));
}

function isOwn(value: unknown): boolean {
  return typeof value === 'bigint' && value >= -SAFE && value <= SAFE;
}

/** Where nothing says that the field is a LONG: bigints of the user's own stay bigints, also where a number would do. */
function addOwn(a: unknown, b: unknown): unknown {
  const sum = addLong(a, b);
  return typeof sum === 'number' && (isOwn(a) || isOwn(b)) ? BigInt(sum) : sum;
}

/** `a + b` in the arithmetic of a kind. */
export function adder(kind: NumberKind): (a: unknown, b: unknown) => unknown {
  switch (kind) {
    case 'INT':
      return (a, b) => ((a as number) + (b as number)) | 0;
    case 'LONG':
      return addLong;
    default:
      return (a, b) =>
        typeof a === 'number' && typeof b === 'number'
          ? a + b
          : typeof a === 'bigint' || typeof b === 'bigint'
            ? addOwn(a, b)
            : notNumbers(a, b);
  }
}

function notNumbers(a: unknown, b: unknown): never {
  const wrong = typeof a === 'number' ? b : a;
  throw new ArgumentError(`sum: ${preview(wrong)} is not a number`, {
    hint: 'name a field that holds numbers; texts become numbers in a map: { ...row, amount: Number(row.amount) }',
  });
}

/** Copies a record with another value in one field. */
export type WithField = (record: Fields, value: unknown) => Fields;

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/**
 * Makes the function that copies records of the given one's shape: written out field by field, because a spread is several
 * times slower.
 */
function copierFor(sample: Fields, field: string | number): WithField {
  const names = Object.keys(sample);
  const plain =
    isPlainObject(sample) && names.length <= 32 && names.every((n) => IDENTIFIER.test(n) && n !== '__proto__');
  if (!plain) return copyGeneric(field);
  const parts = names.map((name) => (name === field ? `${name}: value` : `${name}: record.${name}`));
  return new Function('record', 'value', `return { ${parts.join(', ')} }; // streambook:generated`) as WithField;
}

function copyGeneric(field: string | number): WithField {
  return (record, value) => {
    const copy = (
      Array.isArray(record)
        ? record.slice()
        : Object.assign(Object.create(Object.getPrototypeOf(record) as object), record)
    ) as Fields;
    copy[field] = value;
    return copy;
  };
}

/** A copier that notices when records have different shapes, and is then slower but right. */
export class FieldCopier {
  private names: string | undefined;
  private mixed = false;
  copy: WithField;

  constructor(private readonly field: string | number) {
    this.copy = copyGeneric(field);
  }

  /** To be called with the first record of each key. */
  learn(sample: unknown): void {
    if (this.mixed || typeof sample !== 'object' || sample === null) return;
    const names = Array.isArray(sample) ? '[]' : Object.keys(sample).join('\u0000');
    if (this.names === undefined) {
      this.names = names;
      this.copy = copierFor(sample as Fields, this.field);
    } else if (this.names !== names) {
      this.mixed = true;
      this.copy = copyGeneric(this.field);
    }
  }
}

/** `a` is before `b`: numbers by size, NaN last as in Java's `Double.compareTo`, texts as Java orders them, dates by time. */
function less(a: unknown, b: unknown, what: string): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b || (Number.isNaN(b) && !Number.isNaN(a));
  const comparable = isNumber(a) ? isNumber(b) : typeof a === typeof b && a !== null && b !== null && a !== undefined;
  if (comparable) return (a as number) < (b as number);
  throw new ArgumentError(`${what}: ${preview(a)} and ${preview(b)} cannot be compared`, {
    hint: 'filter such elements out before, or put something of the same type in their place',
  });
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** A rolling aggregate over a field, as a reduction of whole records. */
export interface FieldReduction {
  readonly name: string;
  readonly reduce: ReduceFunction<unknown>;
  /** To be called with the first record of each key. */
  readonly learn: (sample: unknown) => void;
}

function fieldOf(record: unknown, field: string | number): unknown {
  return (record as Fields)[field];
}

/** Refuses a record without the field, and says which it has. */
export function checkField(record: unknown, field: string | number, what: string): void {
  if (typeof record === 'object' && record !== null && fieldOf(record, field) !== undefined) return;
  const names = typeof record === 'object' && record !== null ? Object.keys(record).join(', ') : preview(record);
  throw new ArgumentError(`${what}: the element has no field \`${field}\``, { hint: `its fields: ${names}` });
}

/** `sum`: the first record's other fields, and the sum. */
export function sumOfField(field: string | number, kind: NumberKind): FieldReduction {
  const add = adder(kind);
  const copier = new FieldCopier(field);
  return {
    name: 'Sum',
    reduce: (a, b) => copier.copy(a as Fields, add((a as Fields)[field], (b as Fields)[field])),
    learn: (sample) => {
      checkField(sample, field, 'sum');
      copier.learn(sample);
    },
  };
}

/** `min`, `max`: the first record's other fields, and the smallest or largest value. */
export function extremeOfField(field: string | number, largest: boolean): FieldReduction {
  const copier = new FieldCopier(field);
  const what = largest ? 'max' : 'min';
  return {
    name: largest ? 'Max' : 'Min',
    reduce: (a, b) => {
      const old = fieldOf(a, field);
      const next = fieldOf(b, field);
      return (largest ? less(old, next, what) : less(next, old, what)) ? copier.copy(a as Fields, next) : a;
    },
    learn: (sample) => {
      checkField(sample, field, what);
      copier.learn(sample);
    },
  };
}

/** `minBy`, `maxBy`: the whole record with the smallest or largest value; on ties the first, or the last if so wished. */
export function extremeByField(field: string | number, largest: boolean, first: boolean): FieldReduction {
  const what = largest ? 'maxBy' : 'minBy';
  return {
    name: largest ? 'MaxBy' : 'MinBy',
    reduce: (a, b) => {
      const old = fieldOf(a, field);
      const next = fieldOf(b, field);
      const better = largest ? less(old, next, what) : less(next, old, what);
      if (better) return b;
      const worse = largest ? less(next, old, what) : less(old, next, what);
      return worse || first ? a : b;
    },
    learn: (sample) => checkField(sample, field, what),
  };
}
