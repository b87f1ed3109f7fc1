import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../../src/core/rows/index.js';
import { type AnyType, type } from '../../../src/core/types/index.js';
import { csvDecoder } from '../../../src/formats/index.js';
import { compileCalc, compileExpression, evaluationContext } from '../../../src/table/codegen/index.js';
import { buildCall } from '../../../src/table/expressions/index.js';
import type { PlanField } from '../../../src/table/plan/field.js';
import { inputRef, literal, type Rex } from '../../../src/table/plan/rex.js';
import { type ScanStep, scanProgram } from '../../../src/table/planner/scan-program.js';

const evaluation = evaluationContext();
const field = (name: string, of: unknown): PlanField => ({ name, type: of as AnyType });
const columns = [
  field('name', type.string()),
  field('amount', type.int()),
  field('note', type.string()),
  field('time', type.bigint()),
];
const schema = {
  skipped: type.string(),
  name: type.string(),
  amount: type.int(),
  other: type.bigint(),
  note: type.string(),
  time: type.bigint(),
};
const ref = (fields: readonly PlanField[], name: string): Rex => {
  const at = fields.findIndex((one) => one.name === name);
  return inputRef(at, (fields[at] as PlanField).type);
};
const call = (name: string, ...operands: Rex[]): Rex => buildCall(name, operands, {});
const int = (n: number): Rex => literal(n, type.int().notNull() as AnyType);
const text = (s: string): Rex => literal(s, type.string().notNull() as AnyType);

const timed = [
  columns[0] as PlanField,
  columns[1] as PlanField,
  columns[2] as PlanField,
  field('ts', type.timestampLtz(3)),
];
const made = [
  field('note', type.string()),
  field('double', type.int()),
  field('name', type.string()),
  timed[3] as PlanField,
];

const conditions: Record<string, Rex> = {
  numbers: call('>=', ref(timed, 'amount'), int(0)),
  texts: call('=', ref(timed, 'name'), text('Ann')),
  either: call('OR', call('=', ref(timed, 'note'), text('')), call('<', ref(timed, 'amount'), int(5))),
  nulls: call('IS NOT NULL', ref(timed, 'amount')),
};

function stepsOf(condition: Rex): ScanStep[] {
  const first = ['name', 'amount', 'note'].map((name) => ref(columns, name));
  return [
    { kind: 'calc', expressions: [...first, call('TO_TIMESTAMP_LTZ', ref(columns, 'time'), int(3))] },
    { kind: 'watermark', column: 3, name: 'ts', watermark: ref(timed, 'ts') },
    {
      kind: 'calc',
      condition,
      expressions: [
        ref(timed, 'note'),
        call('+', ref(timed, 'amount'), ref(timed, 'amount')),
        ref(timed, 'name'),
        ref(timed, 'ts'),
      ],
    },
  ];
}

type Event = readonly ['row', readonly unknown[], number] | readonly ['watermark', number];

/** What comes out when each step is carried out on rows. */
function onRows(rows: readonly Row[], steps: readonly ScanStep[]): Event[] {
  const [first, mark, last] = steps as [
    ScanStep & { kind: 'calc' },
    ScanStep & { kind: 'watermark' },
    ScanStep & { kind: 'calc' },
  ];
  const calc = compileCalc(undefined, first.expressions, columns, timed, evaluation);
  const watermark = compileExpression(mark.watermark, timed, evaluation);
  const keep = compileCalc(last.condition, last.expressions, timed, made, evaluation);
  const events: Event[] = [];
  // As on Flink.
  let highest = 0;
  for (const row of rows) {
    const one = calc(row) as Row;
    if (one.ts === null) throw new Error('RowTime field should not be null');
    const out = keep(one);
    if (out !== undefined) events.push(['row', Object.values(out), one.ts as number]);
    const next = watermark(one) as number;
    if (next > highest) {
      highest = next;
      events.push(['watermark', next]);
    }
  }
  return events;
}

function pieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

function plainRows(bytes: Buffer, options: object): Row[] {
  const decoder = csvDecoder(schema, { ...options, columns: columns.map(({ name }) => name) });
  decoder.feed(bytes);
  decoder.end();
  const out: Row[] = [];
  const all: Row[] = [];
  for (let n = decoder.read(out, 7); n > 0; n = decoder.read(out, 7)) all.push(...out.slice(0, n));
  return all;
}

function throughProgram(bytes: Buffer, size: number, steps: readonly ScanStep[], options: object): Event[] {
  const program = scanProgram(steps, made, evaluation);
  const decoder = csvDecoder(schema, { ...options, columns: columns.map(({ name }) => name), program });
  const events: Event[] = [];
  const out: Row[] = [];
  const read = (): void => {
    for (;;) {
      const n = decoder.read(out, 7);
      const { times = [], marks = { at: [], values: [] } } = decoder;
      // The list keeps its length between batches: it ends where the number is that of no row.
      for (let i = 0, k = 0; i < n; i++) {
        for (; marks.at[k] === i; k++) events.push(['watermark', marks.values[k] as number]);
        events.push(['row', Object.values(out[i] as Row), times[i] as number]);
      }
      const after = decoder.takeWatermark?.();
      if (after !== undefined) events.push(['watermark', after]);
      if (n === 0) return;
    }
  };
  for (const piece of pieces(bytes, size)) {
    decoder.feed(piece);
    read();
  }
  decoder.end();
  read();
  return events;
}

/** Of watermarks with no row between them only the last counts. */
const settled = (events: readonly Event[]): Event[] =>
  events.filter((event, i) => event[0] === 'row' || events[i + 1]?.[0] !== 'watermark');

const texts = fc.oneof(
  fc.constantFrom(
    'Ann',
    'Bob',
    '',
    'Ännchen',
    '中文',
    'a much longer name than the others',
    '"quoted"',
    '"a, ""b"""',
    '"two\nlines"',
  ),
  fc.integer({ min: 0, max: 400 }).map((i) => `name${i}`),
);
const numbers = fc.oneof(
  fc.integer({ min: -20, max: 20 }).map(String),
  fc.constantFrom('', '2147483647', '007', 'x', '"5"'),
);
const times = fc.oneof(
  fc.integer({ min: 0, max: 1_700_000_000_000 }).map(String),
  fc.constantFrom('12', '"77"', '-5', '1700000000000', '99999999999999999'),
);
const lines = fc.array(
  fc.tuple(texts, texts, numbers, fc.oneof(numbers, times), texts, times).map((fields) => fields.join(',')),
  { maxLength: 40 },
);

describe('a program gives what its steps give one by one', () => {
  test.each(Object.keys(conditions))('%s', (name) => {
    const steps = stepsOf(conditions[name] as Rex);
    fc.assert(
      fc.property(
        lines,
        fc.integer({ min: 1, max: 200 }),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom({}, { nullLiteral: '' }, { nullLiteral: 'Ann' }),
        (rows, size, end, more) => {
          const bytes = Buffer.from(rows.map((row) => row + end).join(''));
          const options = { ...more, onBadRow: 'skip' as const };
          const expected = attempt(() => settled(onRows(plainRows(bytes, options), steps)));
          const got = attempt(() => settled(throughProgram(bytes, size, steps, options)));
          expect(got).toEqual(expected);
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** The result, or that there is none. */
function attempt<T>(run: () => T): T | 'failed' {
  try {
    return run();
  } catch (error) {
    expect(String(error)).toContain('RowTime field should not be null');
    return 'failed';
  }
}

test('a row without a time is named by file and line, after the rows before it', () => {
  const program = scanProgram(stepsOf(conditions.numbers as Rex), made, evaluation);
  const decoder = csvDecoder(schema, {
    columns: columns.map(({ name }) => name),
    program,
    source: 'tx.csv',
    nullLiteral: '',
  });
  decoder.feed(Buffer.from('s,Ann,1,2,n,1000\ns,Bob,-1,2,n,2000\ns,Cid,1,2,n,\n'));
  const out: Row[] = [];
  expect(decoder.read(out, 10)).toBe(1);
  expect(decoder.takeWatermark?.()).toBe(2000);
  expect(() => decoder.read(out, 10)).toThrow(/RowTime field should not be null[\s\S]*tx\.csv, line 3, column `ts`/);
});
