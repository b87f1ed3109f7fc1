import type { KeyId } from '../../core/keys.js';
import { isPlainObject } from '../../core/serialise/check.js';
import { Cell } from './table.js';

/** A cell that knows its key, so that it can be found without the map it lies in. */
export class KeyedCell<V> extends Cell<V> {
  constructor(
    readonly key: KeyId,
    value: V,
  ) {
    super(value);
  }

  /** @returns whether the value could be taken up */
  put(value: V): boolean {
    this.value = value;
    return true;
  }
}

/** A cell that has the fields of a flat record in place of the record: `value` makes a new one each time. */
export interface PackedCell<V> extends KeyedCell<V> {
  readonly value: V;
  /** The field that the factory was made for, to be read and set. */
  field: unknown;
}

type PackedClass<V> = new (key: KeyId, record: V) => PackedCell<V>;

/**
 * Makes the cells of a state whose values are flat records of one shape: the cell has the fields, and makes a record of them
 * when it is asked for its value. A record kept per key would be a new object in old memory with each update, and all of
 * them have to be moved by the collector: that costs more than the update itself.
 *
 * What does not fit (other fields, another order, an object in a field, an instance of a class) gets no such cell.
 */
export class CellFactory<V> {
  private packed: PackedClass<V> | undefined;
  private learnt = false;
  private unfit = 0;

  /** @param field what {@link PackedCell.field} is about */
  constructor(private readonly field?: string | number) {}

  /** A packed cell for the first value of a key, `undefined` where it does not fit. */
  create(key: KeyId, value: V): PackedCell<V> | undefined {
    if (!this.learnt) {
      this.learnt = true;
      this.packed = classFor(value, this.field);
    }
    if (this.packed === undefined) return undefined;
    const cell = typeof value === 'object' && value !== null ? new this.packed(key, value) : undefined;
    if (cell?.put(value) === true) return cell;
    // Many that do not fit will not end: nothing is tried any more.
    if (++this.unfit === MOST_UNFIT) this.packed = undefined;
    return undefined;
  }
}

const MOST_UNFIT = 1000;
const MOST_FIELDS = 16;
const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

// V8 shares compiled code, and what it has learnt about values, between classes of the same text.
let serial = 0;

function classFor<V>(sample: V, field: string | number | undefined): PackedClass<V> | undefined {
  if (typeof sample !== 'object' || sample === null || !isPlainObject(sample)) return undefined;
  if (Object.getPrototypeOf(sample) !== sample.constructor?.prototype) return undefined;
  const names = Object.keys(sample);
  if (names.length > MOST_FIELDS || !names.every((name) => IDENTIFIER.test(name) && name !== '__proto__'))
    return undefined;
  if (field !== undefined && !names.includes(String(field))) return undefined;
  const lines = (write: (name: string, i: number) => string): string => names.map(write).join('\n    ');
  const text = `'use strict';
return class PackedCell {
  constructor(key, first) {
    this.key = key;
    ${lines((name, i) => `this.f${i} = first.${name};`)}
  }
  get value() { return { ${names.map((name, i) => `${name}: this.f${i}`).join(', ')} }; }
  get touchedAt() { return 0; }
  ${field === undefined ? '' : accessors(names.indexOf(String(field)))}
  put(value) {
    if (typeof value !== 'object' || value === null || value.constructor !== Plain) return false;
    let i = 0;
    for (const name in value) if (name !== names[i++]) return false;
    if (i !== ${names.length}) return false;
    ${lines(
      (name, i) => `const v${i} = value.${name};
    if (typeof v${i} === 'number') this.f${i} = v${i};
    else {
      if (typeof v${i} !== 'string' && !isFlat(v${i})) return false;
      if (v${i} !== this.f${i}) this.f${i} = v${i};
    }`,
    )}
    return true;
  }
}
//# sourceURL=streambook:generated/cell-${serial++}`;
  // A notebook's cells have an `Object` of their own.
  return new Function('Plain', 'names', 'isFlat', text)(sample.constructor, names, isFlat);
}

const accessors = (i: number): string => `get field() { return this.f${i}; }
  set field(value) { this.f${i} = value; }`;

function isFlat(value: unknown): boolean {
  const kind = typeof value;
  return kind === 'boolean' || kind === 'bigint' || kind === 'undefined' || value === null;
}
