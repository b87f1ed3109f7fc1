import { types } from 'node:util';
import type { TableColumn } from '../core/display.js';
import { MISSING } from './cell.js';
import { read, Unreadable } from './compact.js';

/** Rows to show, wherever they come from; only the rows that are shown are ever asked for. */
export interface RowSource {
  readonly columns: readonly TableColumn[];
  /** How many rows there are in all. */
  readonly count: number;
  /** How many of them, from the first, `row` can give. */
  readonly available: number;
  /** True when there are more than `count`, and nobody knows how many. */
  readonly endless?: boolean;
  readonly caption?: string;
  row(index: number): readonly unknown[];
}

const SAMPLE = 10_000;
const TAIL_SAMPLE = 100;
/** So many elements are taken from an iterable that may never end. */
export const TAKE = 10_000;

/** The name of a value's type as a reader knows it, or `undefined` for nothing. */
export function typeOf(value: unknown): string | undefined {
  if (value === null || value === undefined || value === MISSING || value instanceof Unreadable) return undefined;
  if (typeof value !== 'object') return typeof value;
  if (Array.isArray(value)) return 'array';
  try {
    const name: unknown = value.constructor?.name;
    return typeof name === 'string' && name !== '' && name !== 'Object' ? name : 'object';
  } catch {
    return 'object';
  }
}

class TypeNames {
  private readonly names = new Set<string>();

  see(value: unknown): void {
    const name = typeOf(value);
    if (name !== undefined) this.names.add(name);
  }

  column(name: string): TableColumn {
    const { size } = this.names;
    return size === 0 ? { name } : { name, type: size > 3 ? 'mixed' : [...this.names].join(' | ') };
  }
}

function isRecord(value: unknown): value is object {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  if (ArrayBuffer.isView(value) || types.isDate(value) || types.isNativeError(value) || types.isPromise(value)) {
    return false;
  }
  if (types.isMap(value) || types.isSet(value) || types.isRegExp(value) || types.isAnyArrayBuffer(value)) return false;
  if (types.isBoxedPrimitive(value)) return false;
  // A moment, a decimal: an object that keeps its parts to itself and has a text of its own.
  return keysOf(value).length > 0 || read(value, 'toString') === Object.prototype.toString;
}

/** Whether it is an array of at least one record, and of nothing else: rows that were collected, or read. */
export function holdsRecords(data: object): boolean {
  if (!Array.isArray(data) || data.length === 0) return false;
  for (const index of sampled(data.length)) if (!isRecord(data[index])) return false;
  return true;
}

function keysOf(value: object): string[] {
  try {
    return Object.keys(value);
  } catch {
    return [];
  }
}

/** The first rows and the last ones: a key that only the middle of a huge array has is not worth reading all of it. */
function* sampled(count: number): Generator<number> {
  const head = Math.min(count, SAMPLE);
  for (let i = 0; i < head; i++) yield i;
  for (let i = Math.max(head, count - TAIL_SAMPLE); i < count; i++) yield i;
}

function fromRecords(count: number, at: (index: number) => unknown): RowSource {
  const seen = new Map<string, TypeNames>();
  for (const index of sampled(count)) {
    const record = at(index);
    if (!isRecord(record)) continue;
    for (const key of keysOf(record)) {
      let names = seen.get(key);
      if (names === undefined) {
        names = new TypeNames();
        seen.set(key, names);
      }
      names.see(read(record, key));
    }
  }
  const keys = [...seen.keys()];
  return {
    columns: keys.map((key) => (seen.get(key) as TypeNames).column(key)),
    count,
    available: count,
    row: (index) => {
      const record = at(index);
      if (!isRecord(record)) return keys.map((_, i) => (i === 0 ? record : MISSING));
      return keys.map((key) => {
        const value = read(record, key);
        return value === undefined && !Object.hasOwn(record, key) ? MISSING : value;
      });
    },
  };
}

/** A source over arrays; columns without a type get the one their values have. */
export function fromArrays(
  count: number,
  at: (index: number) => readonly unknown[],
  columns?: readonly TableColumn[],
): RowSource {
  const names: TypeNames[] = columns?.map(() => new TypeNames()) ?? [];
  if (columns === undefined || columns.some((column) => column.type === undefined)) {
    for (const index of sampled(count)) {
      const row = at(index);
      const width = columns === undefined ? row.length : Math.min(row.length, names.length);
      for (let i = 0; i < width; i++) {
        names[i] ??= new TypeNames();
        names[i]?.see(row[i]);
      }
    }
  }
  const typed =
    columns?.map((column, i) => (column.type === undefined ? (names[i]?.column(column.name) ?? column) : column)) ??
    names.map((types, i) => types.column(String(i)));
  return {
    columns: typed,
    count,
    available: count,
    row: (index) => {
      const row = at(index);
      return typed.map((_, i) => (i < row.length ? row[i] : MISSING));
    },
  };
}

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** What an object says of itself, when that is an object, too: a Kafka message leaves out its raw record. */
function shown(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const own = read(value, INSPECT);
  if (typeof own !== 'function') return value;
  try {
    const said: unknown = own.call(value);
    return isRecord(said) ? said : value;
  } catch {
    return value;
  }
}

function fromElements(count: number, element: (index: number) => unknown): RowSource {
  const at = (index: number): unknown => shown(element(index));
  let records = 0;
  let arrays = 0;
  let others = 0;
  for (const index of sampled(count)) {
    const element = at(index);
    if (element === null || element === undefined) continue;
    if (Array.isArray(element)) arrays++;
    else if (isRecord(element)) records++;
    else others++;
  }
  if (records > 0 && arrays === 0 && others === 0) return fromRecords(count, at);
  if (arrays > 0 && records === 0 && others === 0) {
    return fromArrays(count, (index) => {
      const row = at(index);
      return Array.isArray(row) ? row : [row];
    });
  }
  return fromArrays(count, (index) => [at(index)], [{ name: 'value' }]);
}

function pairs(entries: readonly (readonly unknown[])[], endless: boolean): RowSource {
  const columns = [{ name: 'key' }, { name: 'value' }];
  return { ...fromArrays(entries.length, (index) => entries[index] ?? [], columns), endless };
}

/** The first elements of an iterable, and whether there were more; closes it. */
export function take<T>(items: Iterable<T>, max: number): { readonly taken: T[]; readonly more: boolean } {
  const taken: T[] = [];
  for (const item of items) {
    if (taken.length === max) return { taken, more: true };
    taken.push(item);
  }
  return { taken, more: false };
}

/**
 * Rows out of plain data: an array of objects (with differing keys), of arrays or of single values; a `Map`; any other
 * iterable, of which at most 10,000 elements are read; an object, as keys and values.
 */
export function sourceOf(data: object): RowSource {
  if (Array.isArray(data)) return fromElements(data.length, (index) => data[index]);
  if (types.isMap(data)) {
    return pairs([...data], false);
  }
  if (ArrayBuffer.isView(data) && 'length' in data) {
    const list = data as unknown as ArrayLike<unknown>;
    return fromArrays(list.length, (index) => [list[index]], [{ name: 'value' }]);
  }
  const items = data as Partial<Iterable<unknown>>;
  if (typeof read(data, Symbol.iterator) === 'function') {
    const { taken, more } = take(items as Iterable<unknown>, TAKE);
    return { ...fromElements(taken.length, (index) => taken[index]), endless: more };
  }
  const said = shown(data) as object;
  return pairs(
    keysOf(said).map((key) => [key, read(said, key)]),
    false,
  );
}
