import { describe, expect, it } from 'vitest';
import { rowKind, rowKindText } from '../../../src/core/rows/index.js';
import { Schema, type } from '../../../src/core/types/index.js';
import { rowToCell } from '../../../src/core/values/index.js';
import { parseExactly } from '../../../src/flink/gateway/json.js';
import type { WirePage } from '../../../src/flink/gateway/protocol.js';
import { columnsOf } from '../../../src/flink/gateway/types.js';
import { rowOfJson, valueOfJson } from '../../../src/flink/gateway/values.js';
import { fixtureText } from '../fixtures.js';

describe('a page with all types', () => {
  const { results } = parseExactly(fixtureText('30-result-all-types-JSON')) as WirePage;
  const schema = new Schema(columnsOf(results?.columns ?? []));

  it('has the types that Flink has', () => {
    expect(schema.fields.map(({ type: of }) => String(of))).toEqual([
      'BIGINT NOT NULL',
      'TINYINT NOT NULL',
      'SMALLINT NOT NULL',
      'INT NOT NULL',
      'DECIMAL(38, 9) NOT NULL',
      'FLOAT NOT NULL',
      'DOUBLE NOT NULL',
      'BOOLEAN NOT NULL',
      'CHAR(4) NOT NULL',
      'VARCHAR(10) NOT NULL',
      'CHAR(3) NOT NULL',
      'BINARY(3) NOT NULL',
      'VARBINARY(5) NOT NULL',
      'DATE NOT NULL',
      'TIME(0) NOT NULL',
      'TIME(0) NOT NULL',
      'TIMESTAMP(6) NOT NULL',
      'TIMESTAMP(3) NOT NULL',
      'TIMESTAMP_LTZ(3)',
      expect.stringMatching(/^INTERVAL SECOND/),
      expect.stringMatching(/^INTERVAL MONTH/),
      'ARRAY<INT> NOT NULL',
      'MAP<CHAR(1) NOT NULL, INT NOT NULL> NOT NULL',
      'ROW<`EXPR$0` INT NOT NULL, `EXPR$1` CHAR(1) NOT NULL, `EXPR$2` ARRAY<BOOLEAN NOT NULL> NOT NULL> NOT NULL',
      'ROW<`a` INT, `b` STRING> NOT NULL',
      'INT',
    ]);
  });

  it('loses no digit', () => {
    const row = rowOfJson(schema)(results?.data[0] as never);
    const cell = rowToCell(schema, { bigint: 'bigint' })(row) as Record<string, unknown>;
    expect(cell.c_bigint).toBe(9007199254740993n);
    expect(cell.c_dec).toBe('12345678901234567890.123456789');
    expect(String(cell.c_ts6)).toBe('2026-01-02 10:11:12.123456');
    expect(String(cell.c_ltz)).toBe('2026-01-02 10:11:12.123');
    expect(cell.c_date).toBe('2026-01-02');
    expect(cell.c_time).toBe('10:11:12');
    expect([...(cell.c_bin as Uint8Array)]).toEqual([0, 255, 16]);
    expect(cell.c_ids).toBe(93784567);
    expect(cell.c_iym).toBe(14);
    expect(cell.c_arr).toEqual([1, 2, null]);
    expect(cell.c_map).toEqual(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    );
    expect(cell.c_nrow).toEqual({ a: 7, b: 'y' });
    expect(cell.c_null).toBeNull();
  });
});

describe('valueOfJson', () => {
  it('reads what JSON has no number for', () => {
    expect(valueOfJson(type.double(), 'x')('NaN')).toBeNaN();
    expect(valueOfJson(type.double(), 'x')('-Infinity')).toBe(Number.NEGATIVE_INFINITY);
  });
  it('fills the scale of decimals up', () => {
    const schema = new Schema([{ name: 'd', type: type.decimal(10, 2) }]);
    expect(rowToCell(schema)(rowOfJson(schema)({ kind: 'INSERT', fields: [1.1] }))).toEqual({ d: '1.10' });
  });
  it('counts the elements of a MULTISET', () => {
    expect(valueOfJson(type.multiset(type.string()) as never, 'x')({ a: 2, b: 1 })).toEqual(
      new Map([
        ['a', 2],
        ['b', 1],
      ]),
    );
  });
});

it('keeps the kinds of changes', () => {
  const sample = parseExactly(fixtureText('31-changelog-rows')) as { columns: never[]; rows: never[] };
  const schema = new Schema(columnsOf(sample.columns));
  const rows = sample.rows.map(rowOfJson(schema));
  expect(rows.slice(0, 3).map((row) => [rowKindText(row[rowKind]), row.k, row.n, row.total])).toEqual([
    ['+I', 0, 1, 8],
    ['-U', 0, 1, 8],
    ['+U', 0, 2, 14],
  ]);
});

it('gives columns of one name different ones', () => {
  const column = { name: 'a', logicalType: { type: 'INTEGER', nullable: true } };
  expect(columnsOf([column, column, column]).map(({ name }) => name)).toEqual(['a', 'a0', 'a1']);
});
