import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  type Cluster,
  cluster,
  compare,
  type Program,
  scalarFunction,
  type TableEnvironment,
  Timestamp,
  tableFunction,
  type,
  udf,
} from '../../src/index.js';
import { registerAll, TRANSLATIONS, VALUES, valuesText } from '../table/flink-sql/functions/translations.js';

const gateway = inject('gateway');

const payments = (t: TableEnvironment) =>
  t.fromRows(
    [
      { card: '01', name: 'Ann Lee', amount: ' 5000 ', year: '1999-03-01' },
      { card: '02', name: '王小明', amount: '12', year: '2001-03-01' },
      { card: '03', name: null, amount: null, year: '2002' },
      { card: "0'4", name: '𝒳 "quoted"\n', amount: '70000', year: '2023-12-31' },
    ],
    { schema: { card: type.string(), name: type.string(), amount: type.string(), year: type.string() } },
  );

describe.skipIf(gateway === '')('functions of TypeScript on a real Flink', () => {
  let flink: Cluster;
  beforeAll(async () => {
    flink = await cluster(gateway);
  });
  afterAll(async () => {
    await flink?.close();
  });

  async function same(program: Program, rows: number): Promise<void> {
    const comparison = await compare(program, { cluster: flink });
    expect([comparison.local.error, comparison.cluster.error]).toEqual([undefined, undefined]);
    expect(comparison.differences).toEqual([]);
    expect(comparison.compared.reduce((all, one) => all + one.local, 0)).toBe(rows);
  }

  it('map and filter as in the final project', async () => {
    const years = { from: 1999, to: 2023 };
    const toNumber = (text: string | null): number => Number((text ?? '').trim());
    const parse = (row: { card: string | null; name: string | null; amount: string | null; year: string | null }) => ({
      card: row.card,
      name: row.name?.toUpperCase() ?? 'nobody',
      amount: toNumber(row.amount),
      year: Number((row.year ?? '').slice(0, 4)),
    });
    const isLarge = (p: { amount: number | null; year: number | null }): boolean =>
      Number(p.amount) >= 5000 && Number(p.year) >= years.from && Number(p.year) <= years.to;
    const columns = { card: type.string(), name: type.string(), amount: type.int(), year: type.int() };
    await same(
      (t) =>
        payments(t)
          .map(udf(parse, { returns: columns, captured: { toNumber } }))
          .filter(udf(isLarge, { captured: { years } })),
      2,
    );
  });

  it('flatMap and table functions', async () => {
    const letters = udf(
      function* (row: { card: string | null; name: string | null }) {
        for (const letter of row.name ?? '') yield { card: row.card, letter, code: letter.codePointAt(0) ?? null };
      },
      { returns: { card: type.string(), letter: type.string(), code: type.int() } },
    );
    await same((t) => payments(t).flatMap(letters), 21);
    const words = tableFunction({ accepts: [type.string()], returns: { word: type.string(), n: type.int() } }, (text) =>
      (text ?? '').split(' ').map((word, n) => ({ word, n })),
    );
    await same((t) => {
      t.createTemporarySystemFunction('words', words);
      t.createTemporaryView('payments', payments(t));
      return t.sqlQuery('SELECT card, word, n FROM payments, LATERAL TABLE(words(name)) AS w(word, n) WHERE n < 5');
    }, 6);
  });

  it('every type comes and goes as it does here', async () => {
    const types = {
      b: type.boolean(),
      i: type.int(),
      l: type.bigint(),
      f: type.float(),
      d: type.double(),
      x: type.decimal(20, 3),
      s: type.string(),
      day: type.date(),
      time: type.time(0),
      ts: type.timestamp(9),
      at: type.timestampLtz(3),
      raw: type.bytes(),
      list: type.array(type.int()),
      map: type.map(type.string(), type.bigint()),
      row: type.row({ a: type.int(), b: type.string() }),
    };
    const rows = [
      {
        b: true,
        i: -2147483648,
        l: 9007199254740991,
        f: Math.fround(0.1),
        d: 1e-310,
        x: '12345678901234567.890',
        s: 'ä𝒳',
        day: '0001-02-03',
        time: '23:59:59',
        ts: Timestamp.parse('2024-05-01 12:30:00.123456789'),
        at: Timestamp.ofMs(-1),
        raw: new Uint8Array([0, 255]),
        list: [1, null, 3],
        map: new Map([['k', -1]]),
        row: { a: 1, b: null },
      },
      Object.fromEntries(Object.keys(types).map((name) => [name, null])),
    ];
    const describeAll = (row: Record<string, unknown>) => {
      const of = (value: unknown): string => {
        if (value === null || typeof value !== 'object') return `${typeof value} ${String(value)}`;
        if (value instanceof Map) return `Map ${[...value].map(([k, v]) => `${k}=${of(v)}`).join()}`;
        if (Array.isArray(value)) return `[${value.map(of).join()}]`;
        if (value instanceof Uint8Array) return `bytes ${[...value].join()}`;
        if ('nanosOfMs' in value) return `Timestamp ${String(value)}`;
        return `{${Object.entries(value).map(([k, v]) => `${k}: ${of(v)}`)}}`;
      };
      const text = Object.entries(row).map(([name, value]) => `${name}: ${of(value)}`);
      return { ...row, text: text.join('; ') };
    };
    const made = udf(describeAll as never, { returns: { ...types, text: type.string() } });
    await same((t) => t.fromRows(rows, { schema: types }).map(made as never), 2);
  });

  const groups = [
    ['i', 'j', 'd', 'e'],
    ['s', 't', 'b', 'i'],
  ] as const;
  it.each(groups)('give the same as SQL and as JavaScript for all of (%s, %s, %s, %s)', async (...names) => {
    const calls = TRANSLATIONS.flatMap(({ accepts, definition, fails }, i) => {
      if (fails || !accepts.every((name) => (names as readonly string[]).includes(name))) return [];
      const call = `f${i}(${accepts.join(', ')})`;
      // The text of a DOUBLE has other digits in older releases of Java; 1 / -0 is not 1 / 0.
      const double = definition.named('f').source?.returns.root === 'DOUBLE';
      return [`${call} AS x${i}`, ...(double ? [`1E0 / ${call} AS y${i}`] : [])];
    });
    const program: Program = (t) => {
      registerAll(t);
      return t.sqlQuery(`SELECT ${names.join(', ')}, ${calls.join(', ')} FROM ${valuesText(names)}`);
    };
    await same(
      program,
      names.reduce((all, name) => all * VALUES[name].length, 1),
    );
  });

  it('BIGINT as bigint, exactly', async () => {
    const next = scalarFunction({ accepts: [type.bigint()], returns: type.bigint(), bigint: 'bigint' }, (n) =>
      n === null ? null : BigInt.asIntN(64, n * 3n + 1n),
    );
    await same((t) => {
      t.createTemporarySystemFunction('next', next);
      return t.sqlQuery(
        'SELECT CAST(next(n) AS STRING) AS n FROM (VALUES (9007199254740993), (CAST(NULL AS BIGINT)), (9223372036854775807)) AS v(n)',
      );
    }, 3);
  });

  it('an error shows the line and the values', async () => {
    const bad = scalarFunction({ accepts: [type.string(), type.int()], returns: type.string() }, (s, n) => {
      const parts = (s ?? '').split(' ');
      return parts[n ?? 0]!.repeat(2);
    });
    const program: Program = (t) => {
      t.createTemporarySystemFunction('bad', bad);
      return t.sqlQuery("SELECT bad(s, n) AS x FROM (VALUES ('Ann Lee', 5)) AS v(s, n)");
    };
    const failed = await flink
      .execute(program)
      .then((result) => result.rows())
      .catch((error: Error) => error);
    expect(String(failed)).toMatch(
      /bad failed: TypeError.*\n\s+line 3.*repeat\(2\)[\s\S]*called with \('Ann Lee', 5\)/,
    );
  });
});
