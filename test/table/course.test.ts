import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  callFunction,
  col,
  lit,
  Over,
  rowInterval,
  Schema,
  Session,
  Slide,
  scalarFunction,
  streamEnv,
  type Table,
  TableDescriptor,
  type TableEnvironment,
  Tumble,
  tableEnv,
  type,
} from '../../src/index.js';

/*
 * The programs of the course's chapter about tables, in our own words. What they give was computed with Flink 1.20.3.
 */

let t: TableEnvironment;
beforeEach(() => {
  t = tableEnv();
});

const PRICES = { time: type.bigint(), name: type.string(), price: type.float() };

function priced(rows: readonly (readonly [time: number, name: string, price: number])[], delay = 3): Table {
  return t
    .fromRows(
      rows.map(([time, name, price]) => ({ time, name, price })),
      {
        schema: PRICES,
        computed: { ts: 'TO_TIMESTAMP_LTZ(`time`, 3)' },
        watermark: { ts: `ts - INTERVAL '${delay}' SECOND` },
      },
    )
    .select(col('ts'), col('name'), col('price'));
}

const EIGHT = [
  [1000, 'Alice', 110.1],
  [4000, 'Bob', 30.2],
  [3000, 'Alice', 20.0],
  [2000, 'Bob', 53.1],
  [5000, 'Alice', 13.1],
  [3000, 'Bob', 3.1],
  [7000, 'Bob', 16.1],
  [10000, 'Alice', 20.1],
] as const;

const SIX = [
  [1000, 'Alice', 110.1],
  [4000, 'Bob', 30.2],
  [3000, 'Alice', 20.0],
  [2000, 'Bob', 53.1],
  [8000, 'Bob', 16.1],
  [10000, 'Alice', 20.1],
] as const;

/** What is inserted into a table that prints, as it prints it. */
async function printed(insert: (sink: TableDescriptor) => Promise<void>, columns: Schema): Promise<string[]> {
  const lines: string[] = [];
  const spy = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  try {
    await insert(TableDescriptor.forConnector('print').schema(columns).build());
  } finally {
    spy.mockRestore();
  }
  return lines;
}

/** The printed lines of a name, without it. */
function of(name: string, lines: readonly string[]): string[] {
  return lines.filter((line) => line.includes(`[${name}, `)).map((line) => line.replace(`[${name}, `, '['));
}

const TOTALS = new Schema({
  name: type.string(),
  total_price: type.float(),
  w_start: type.timestamp(3),
  w_end: type.timestamp(3),
});

/** `+I[130.1, 0 to 5]`: seconds of the window. */
function short(lines: readonly string[]): string[] {
  return lines.map((line) =>
    line.replace(/, (\S+), (\S+)\]$/, (_, start: string, end: string) => {
      const second = (text: string): number => Date.parse(`${text}Z`) / 1000;
      return `, ${second(start)} to ${second(end)}]`;
    }),
  );
}

async function windowed(rows: Table, window: ReturnType<ReturnType<typeof Tumble.over>['on']>): Promise<string[]> {
  const made = rows
    .window(window.as('w'))
    .groupBy(col('name'), col('w'))
    .select(col('name'), col('price').sum(), col('w').start(), col('w').end());
  return short(await printed((sink) => made.executeInsert(sink).wait(), TOTALS));
}

describe('windows over a table', () => {
  test('tumbling', async () => {
    const lines = await windowed(priced(EIGHT), Tumble.over(lit(5).seconds()).on(col('ts')));
    expect(of('Alice', lines)).toEqual(['+I[130.1, 0 to 5]', '+I[13.1, 5 to 10]', '+I[20.1, 10 to 15]']);
    expect(of('Bob', lines)).toEqual(['+I[86.4, 0 to 5]', '+I[16.1, 5 to 10]']);
  });

  test('tumbling, without waiting for what is late', async () => {
    const lines = await windowed(priced(EIGHT, 0), Tumble.over(lit(5).seconds()).on(col('ts')));
    expect(of('Bob', lines)[0]).toBe('+I[83.3, 0 to 5]');
  });

  test('sliding', async () => {
    const lines = await windowed(priced(EIGHT), Slide.over(lit(5).seconds()).every(lit(2).seconds()).on(col('ts')));
    expect(of('Alice', lines)).toEqual([
      '+I[110.1, -2 to 3]',
      '+I[130.1, 0 to 5]',
      '+I[33.1, 2 to 7]',
      '+I[13.1, 4 to 9]',
      '+I[20.1, 6 to 11]',
      '+I[20.1, 8 to 13]',
      '+I[20.1, 10 to 15]',
    ]);
    expect(of('Bob', lines).map((line) => line.split(',')[0])).toEqual([
      '+I[53.1',
      '+I[86.399994',
      '+I[86.399994',
      '+I[46.300003',
      '+I[16.1',
    ]);
  });

  test('sessions', async () => {
    const lines = await windowed(priced(SIX), Session.withGap(lit(5).seconds()).on(col('ts')));
    expect(of('Alice', lines)).toEqual(['+I[130.1, 1 to 8]', '+I[20.1, 10 to 15]']);
    expect(of('Bob', lines)).toEqual(['+I[99.4, 2 to 13]']);
  });

  test('the largest of a row and the two before it', async () => {
    const over = priced(EIGHT)
      .overWindow(Over.partitionBy(col('name')).orderBy(col('ts')).preceding(rowInterval(2)).as('w'))
      .select(col('name'), col('price').max().over(col('w')));
    const lines = await printed(
      (sink) => over.executeInsert(sink).wait(),
      new Schema({ name: type.string(), largest: type.float() }),
    );
    expect(of('Alice', lines)).toEqual(['+I[110.1]', '+I[110.1]', '+I[110.1]', '+I[20.1]']);
    expect(of('Bob', lines)).toEqual(['+I[53.1]', '+I[53.1]', '+I[53.1]', '+I[30.2]']);
  });
});

test('a table, a function of one’s own, a stream, and a table again', async () => {
  const env = streamEnv();
  t = tableEnv({ streamEnv: env });
  t.createTemporaryTable(
    'numbers',
    TableDescriptor.forConnector('datagen')
      .schema(Schema.newBuilder().column('id', type.bigint()).column('data', type.string()).build())
      .option('number-of-rows', 10)
      .option('fields.id.kind', 'sequence')
      .option('fields.id.start', 1)
      .option('fields.id.end', 10)
      .option('rows-per-second', 100_000)
      .build(),
  );
  t.createTemporaryTable('sums', TableDescriptor.forConnector('print').schema({ a: type.bigint() }).build());
  const length = scalarFunction({ accepts: [type.string()], returns: type.bigint() }, (text) => text?.length ?? 0);
  t.createTemporarySystemFunction('LENGTH_OF', length);
  const measured = t.from('numbers').select(col('id'), callFunction('LENGTH_OF', col('data')).as('size'));
  const sums = t.toDataStream(measured).map((row) => ({ f0: Number(row.id) + Number(row.size) }));
  const lines = await printed(
    async () => {
      await t
        .fromDataStream(sums, { schema: { f0: type.bigint() } })
        .executeInsert('sums')
        .wait();
    },
    new Schema({ a: type.bigint() }),
  );
  expect(lines).toEqual(Array.from({ length: 10 }, (_, i) => `+I[${101 + i}]`));
});

test('a thousand rows of two random numbers, there and back', async () => {
  const frame = Array.from({ length: 1000 }, () => ({ a: Math.random(), b: Math.random() }));
  const table = t.fromRows(frame, { schema: { a: type.double(), b: type.double() } });
  expect(await table.execute().collect()).toEqual(frame);
});
