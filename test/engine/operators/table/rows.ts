import { type Row, type RowKind, rowClassOf, rowKind, rowKindText } from '../../../../src/core/rows/index.js';
import { type } from '../../../../src/core/types/index.js';
import {
  type HarnessOutput,
  OneInputStreamOperatorTestHarness,
  TwoInputStreamOperatorTestHarness,
} from '../../../../src/datastream/testing/index.js';
import type { StreamOperator } from '../../../../src/engine/operator.js';

/** How many cases a property is tried with. */
export const RUNS = Number(process.env.STREAMBOOK_PROPERTY_RUNS ?? 150);

/** Key, time, value: the rows of these tests. */
export const Event = rowClassOf({ k: type.string(), ts: type.bigint(), v: type.int() });
export const KeyRow = rowClassOf({ k: type.string() });
export const Result = rowClassOf({ k: type.string(), s: type.int(), start: type.bigint(), end: type.bigint() });

export function event(k: string, ts: number, v: number, kind: RowKind = 0): Row {
  const row = Event.of([k, ts, v]);
  row[rowKind] = kind;
  return row;
}

/** SUM, as generated code would do it. */
export interface Sum {
  n: number;
  sum: number;
}
export const sum = {
  create: (): Sum => ({ n: 0, sum: 0 }),
  accumulate: (acc: Sum, row: Row): void => {
    acc.n++;
    acc.sum += row.v as number;
  },
  retract: (acc: Sum, row: Row): void => {
    acc.n--;
    acc.sum -= row.v as number;
  },
  merge: (acc: Sum, other: Sum): void => {
    acc.n += other.n;
    acc.sum += other.sum;
  },
};

export const timeOf = (row: Row): number => row.ts as number;
export const keyRow = (row: Row): Row => KeyRow.of([row.k]);
export const windowResult = (key: Row, acc: Sum, start: number, end: number): Row =>
  Result.of([key.k, acc.sum, start, end]);

const keyOf = (row: unknown): unknown => (row as Row).k;

export function oneInput(create: () => StreamOperator<Row>): OneInputStreamOperatorTestHarness<Row, Row> {
  return new OneInputStreamOperatorTestHarness({ name: 'under test', create, keys: [keyOf] });
}

export function twoInputs(create: () => StreamOperator<Row>): TwoInputStreamOperatorTestHarness<Row, Row, Row> {
  return new TwoInputStreamOperatorTestHarness({ name: 'under test', create, keys: [keyOf, keyOf] });
}

/** Kind and values. */
export function changes(rows: readonly Row[]): unknown[][] {
  return rows.map((row) => [rowKindText(row[rowKind]), ...Object.values(row)]);
}

export function watermarks(output: readonly HarnessOutput<Row>[]): number[] {
  return output.flatMap((one) => ('watermark' in one ? [one.watermark] : []));
}

/** What is there after all changes, as texts with counts; throws when something is taken away that is not there. */
export function folded(rows: readonly unknown[][]): string[] {
  const counts = new Map<string, number>();
  for (const [kind, ...values] of rows) {
    const key = JSON.stringify(values);
    const count = (counts.get(key) ?? 0) + (kind === '+I' || kind === '+U' ? 1 : -1);
    if (count < 0) throw new Error(`${kind} ${key} is not there`);
    counts.set(key, count);
  }
  return [...counts].flatMap(([key, count]) => Array.from({ length: count }, () => key)).sort();
}
