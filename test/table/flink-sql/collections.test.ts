import { describe, expect, it } from 'vitest';
import { type AnyType, Schema, type } from '../../../src/core/types/index.js';
import { fromCell } from '../../../src/core/values/index.js';
import { collectionQuery } from '../../../src/table/flink-sql/collections.js';
import { type Table, tableEnv } from '../../../src/table/index.js';
import { collected } from '../../conformance/sql/run.js';
import { nested, refused, single } from './support/every-value.js';

const column = (of: AnyType, values: readonly unknown[], timeZone = 'UTC'): string => {
  const take = fromCell(of);
  const rows = values.map((value) => [take(value)]);
  return collectionQuery('rows_0', rows, [{ name: 'v', type: of }], timeZone);
};

/** What stands between `VALUES` and its alias. */
const valuesOf = (sql: string): string => /\(VALUES (.*)\) AS v \(/s.exec(sql)?.[1] ?? '';

describe('collections as VALUES', () => {
  it.each([...single, ...nested].map(([of, values]) => [String(of), of, values] as const))(
    '%s',
    async (_, of, given) => {
      const values = [...given, null];
      const sql = column(of, values);
      // Nothing but literals: each other thing would be a step of Flink's plan for every row.
      expect(valuesOf(sql).replace(/'([^']|'')*'/gs, "''")).toMatch(/^\(((''|\d+)(, )?)+\)(, \(((''|\d+)(, )?)+\))*$/);
      const t = tableEnv();
      const schema = new Schema([{ name: 'v', type: of }]);
      const rows = t.fromRows(
        values.map((v) => ({ v })),
        { schema },
      ) as unknown as Table;
      const [there, here] = [await collected(t.sqlQuery(sql).execute()), await collected(rows.execute())];
      if ('error' in there || 'error' in here) throw new Error(JSON.stringify([there, here]));
      expect(there.final).toEqual(here.final);
    },
  );

  it.each(refused.map(([of, value, says]) => [String(of), of, value, says] as const))(
    'refuses %s by name',
    (_, of, value, says) => {
      expect(() => column(of, [value])).toThrow(says);
    },
  );

  it('takes moments of more digits in UTC alone', () => {
    const of = type.timestampLtz(9);
    expect(() => column(of, ['2026-01-02T10:11:12.000000001'], 'Asia/Tokyo')).toThrow(/in the time zone Asia\/Tokyo/);
    expect(column(of, ['2026-01-02T10:11:12.001'], 'Asia/Tokyo')).toContain('TO_TIMESTAMP_LTZ');
  });

  it('has a limit for what lists make of it', () => {
    const values = Array.from({ length: 100 }, () => Array.from({ length: 300 }, (_, i) => i));
    expect(() => column(type.array(type.int()) as AnyType, values)).toThrow(
      /302 values in each of 100 rows, cannot be sent/,
    );
  });
});
