import { columnAccess } from '../core/rows/index.js';
import type { AnyType, Schema } from '../core/types/index.js';

/** A column that grows by the engine's values. */
interface Column {
  add(value: unknown): void;
  /** What came, NULL as `null`. */
  values(): ArrayLike<unknown>;
}

type Numbers = Float64Array | Int32Array | Int16Array | Int8Array;
const FIRST = 1024;

/** Numbers in a typed array, as long as no NULL comes. */
class NumberColumn implements Column {
  private data: Numbers;
  private count = 0;
  private list: unknown[] | undefined;

  constructor(private readonly make: new (size: number) => Numbers) {
    this.data = new make(FIRST);
  }

  add(value: unknown): void {
    if (this.list !== undefined) this.list.push(value);
    else if (value === null) {
      this.list = [...this.data.subarray(0, this.count), null];
    } else {
      if (this.count === this.data.length) {
        const more = new this.make(2 * this.count);
        more.set(this.data);
        this.data = more;
      }
      this.data[this.count++] = value as number;
    }
  }

  values(): ArrayLike<unknown> {
    // Cut to size: the rest of the buffer would live as long as the frame.
    return this.list ?? this.data.slice(0, this.count);
  }
}

class ListColumn implements Column {
  private readonly list: unknown[] = [];

  add(value: unknown): void {
    this.list.push(value);
  }

  values(): ArrayLike<unknown> {
    return this.list;
  }
}

function columnFor(type: AnyType): Column {
  switch (type.root) {
    case 'DOUBLE':
    case 'FLOAT':
      return new NumberColumn(Float64Array);
    case 'INT':
      return new NumberColumn(Int32Array);
    case 'SMALLINT':
      return new NumberColumn(Int16Array);
    case 'TINYINT':
      return new NumberColumn(Int8Array);
    default:
      return new ListColumn();
  }
}

/** Rows on their way into columns. */
export interface Gathering {
  add(row: object): void;
  /** The columns of the schema, in its order. */
  columns(): ArrayLike<unknown>[];
}

/** Takes rows apart as they come: nothing is kept of a row but its values. */
export function gathering(schema: Schema): Gathering {
  const columns = schema.fields.map(({ type }) => columnFor(type));
  // Spelt out for this schema: each place then sees one kind of column and one class of row.
  const names = columns.map((_, i) => `c${i}`);
  const adds = schema.names.map((name, i) => `c${i}.add(${columnAccess('row', name)});`);
  const add = new Function(...names, `'use strict'; return (row) => {\n${adds.join('\n')}\n};`)(...columns) as (
    row: object,
  ) => void;
  return { add, columns: () => columns.map((column) => column.values()) };
}
