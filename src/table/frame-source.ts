import type { FrameColumns } from '../core/frames.js';
import { type Row, type RowClass, rowClassOf } from '../core/rows/index.js';
import { BATCH_SIZE, END_OF_INPUT, type Source } from '../engine/source.js';
import { INSERT_ONLY } from './physical/changelog-mode.js';
import type { ScanSource } from './physical/context.js';
import { planSchema } from './plan/field.js';

/** A table of columns that are there: a row is made when it is read, and only of the columns that are asked for. */
export function frameSource(name: string, { schema, rowCount, columns }: FrameColumns): ScanSource {
  return {
    name,
    changelogMode: INSERT_ONLY,
    stream: (env, wanted) => {
      const rows = rowClassOf(planSchema(wanted));
      const read = wanted.map((field) => columns[schema.indexOf(field.name)] as ArrayLike<unknown>);
      return env.fromSource(columnsSource(rowMaker(rows, read), rowCount));
    },
  };
}

/** Makes row `i` of columns; spelt out for the row class, so that no list is made on the way. */
function rowMaker(rows: RowClass, columns: readonly ArrayLike<unknown>[]): (i: number) => Row {
  const names = columns.map((_, c) => `c${c}`);
  const values = names.map((name) => `${name}[i]`).join(', ');
  return new Function('Row', ...names, `'use strict'; return (i) => new Row(${values});`)(rows, ...columns) as (
    i: number,
  ) => Row;
}

/** Its position is the number of rows handed over. */
function columnsSource(make: (i: number) => Row, rowCount: number): Source<Row> {
  return {
    name: 'Frame Source',
    bounded: true,
    maxParallelism: 1,
    createReader: ({ restored }) => {
      let next = typeof restored === 'number' ? restored : 0;
      return {
        poll: () => {
          if (next === rowCount) return END_OF_INPUT;
          const values: Row[] = [];
          for (const end = Math.min(rowCount, next + BATCH_SIZE); next < end; next++) values.push(make(next));
          return { values };
        },
        position: () => next,
      };
    },
  };
}
