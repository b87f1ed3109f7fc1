import fc from 'fast-check';
import type { Cells, Change } from './run.js';

const small = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 1, arbitrary: fc.constant(null) },
);

export const CHANGING = ['a', 'b'].map(
  (name) => `CREATE TABLE ${name} (k INT, v INT) WITH ('connector' = 'feed', 'changes' = 'true')`,
);

/** Inserts into `a (k, v)` and `b (k, v)`, and deletes and updates of rows that are there. */
export const changing = fc
  .array(fc.record({ table: fc.constantFrom('a', 'b'), row: fc.tuple(small, small), take: fc.nat({ max: 1999 }) }), {
    maxLength: 25,
  })
  .map((steps): Change[] => {
    const there: Record<string, Cells[]> = { a: [], b: [] };
    return steps.flatMap(({ table, row, take }): Change[] => {
      const rows = there[table] as Cells[];
      if (take < 1000 || rows.length === 0) {
        rows.push(row);
        return [[table, '+I', row]];
      }
      const [gone] = rows.splice(take % rows.length, 1) as [Cells];
      if (take < 1500) return [[table, '-D', gone]];
      rows.push(row);
      return [
        [table, '-U', gone],
        [table, '+U', row],
      ];
    });
  });

export const TIMED = ['e', 'f'].map(
  (
    name,
  ) => `CREATE TABLE ${name} (id INT, ts BIGINT, k INT, v INT, rowtime AS TO_TIMESTAMP_LTZ(ts, 3), pt AS PROCTIME(),
    WATERMARK FOR rowtime AS rowtime - INTERVAL '4' SECOND) WITH ('connector' = 'feed')`,
);

/** Rows of `e (id, ts, k, v)` and `f`, up to 3 s out of order: none is late. No two of a table are of one moment. */
export const timed = fc
  .array(
    fc.record({
      table: fc.constantFrom('e', 'f'),
      after: fc.integer({ min: 0, max: 3000 }),
      back: fc.integer({ min: 0, max: 3000 }),
      row: fc.tuple(small, small),
    }),
    { maxLength: 20 },
  )
  .map((steps): Change[] => {
    let now = 10_000;
    const taken = new Set<string>();
    return steps.map(({ table, after, back, row }, id): Change => {
      now += after;
      let ts = now - back;
      while (taken.has(`${table}${ts}`)) ts += 1;
      now = Math.max(now, ts);
      taken.add(`${table}${ts}`);
      return [table, '+I', [id, ts, ...row]];
    });
  });
