import { type AnyType, type } from '../../../../src/core/types/index.js';
import { Timestamp } from '../../../../src/core/values/index.js';

/** A type, and values of it that a cluster is to be given as VALUES. */
export type Given = readonly [type: AnyType, values: readonly unknown[]];

const text = type.string();
const bytes = (...list: number[]): Uint8Array => new Uint8Array(list);
const moments = (digits: string): string[] => [
  `2026-01-02T10:11:12${digits}`,
  `1969-12-31T23:59:59${digits}`,
  '0001-01-01T00:00:00',
  `9999-12-31T23:59:59${digits}`,
  '1582-10-10T00:00:00',
];
const texts = [
  '',
  ' ',
  "it's",
  "''",
  'a\nb\r\nc\t',
  '"\\n',
  '\u0000',
  'a\u0000b',
  '=x',
  'NULL',
  '中文',
  '\u2028',
  '--x /*y*/;',
  '👩‍👩‍👧',
];
const longs = [0, -1, 2 ** 53 - 1, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)];
const doubles = [
  0,
  -0,
  -1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.MAX_VALUE,
  5e-324,
  1e21,
  0.1,
];
const floats = [
  0,
  -0,
  -0.1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  3.4028234663852886e38,
  1.401298464324817e-45,
];
const large = '99999999999999999999.999999999999999999';

/** Every type that is one value. */
export const single: readonly Given[] = [
  [text, texts],
  [type.char(3), ['abc', 'x  ', '中文字']],
  [type.varchar(5), ['', ' a ', 'abcde']],
  [type.boolean(), [true, false]],
  [type.tinyint(), [0, 127, -128]],
  [type.smallint(), [0, 32_767, -32_768]],
  [type.int(), [0, 2_147_483_647, -2_147_483_648]],
  [type.bigint(), longs],
  [type.float(), floats],
  [type.double(), doubles],
  [type.decimal(38, 18), ['0', '-0.000000000000000001', large, `-${large}`, '0.1']],
  [type.decimal(38, 0), ['9'.repeat(38), `-${'9'.repeat(38)}`]],
  [type.decimal(10, 2), ['1.10', '-99999999.99']],
  [type.binary(3), [bytes(0, 255, 39)]],
  [type.bytes(), [bytes(), bytes(0), bytes(255, 128, 92, 10)]],
  [type.date(), ['1970-01-01', '0001-01-01', '9999-12-31', '1582-10-10']],
  [type.time(0), ['00:00:00', '23:59:59']],
  [type.time(3), ['12:34:56']],
  [type.timestamp(3), moments('.123')],
  [type.timestamp(9), moments('.123456789')],
  [type.timestampLtz(3), moments('.123')],
  [type.timestampLtz(9), moments('.999999999')],
  [type.timestampLtz(9), [new Date(0), Timestamp.ofMs(-1)]],
  [type.intervalYearMonth(), [0, 14, -1199]],
  [type.intervalDayTime('DAY(3) TO SECOND(3)'), [0, 999, -1, 86_399_999_999]],
];

const hasInterval = (of: AnyType): boolean => String(of).startsWith('INTERVAL');
const row = type.row({ a: type.int(), b: text });
const rows = [{ a: 1, b: 'x' }, null, { a: null, b: null }, { a: null, b: '' }];

/** Types inside of types, NULL at every level. */
export const nested: readonly Given[] = [
  ...single.map(([of, values]): Given => [type.array(of) as AnyType, [values, [], [null], [null, values[0]]]]),
  ...single.map(([of, values]): Given => {
    const all = new Map(values.map((value, i) => [`k${i}`, value]));
    return [type.map(text, of) as AnyType, [all, new Map(), new Map([["it's", null]])]];
  }),
  ...single
    .filter(([of]) => !hasInterval(of))
    .map(([of, values]): Given => {
      const made = [{ v: values[0], w: null }, { v: null, w: null }, ...values.map((v) => ({ v, w: v }))];
      return [type.row({ v: of, w: of }) as AnyType, made];
    }),
  [type.array(row) as AnyType, [rows, [], [null]]],
  [
    type.map(text, type.array(row)) as AnyType,
    [
      new Map([
        ['a', rows],
        ['b', []],
        ['c', null],
        ['d', [null]],
      ]),
      new Map(),
    ],
  ],
  [type.array(type.array(type.int())) as AnyType, [[[1, null], [], null], [], [[]]]],
  [
    type.array(type.map(text, type.smallint())) as AnyType,
    [
      [
        new Map([
          ['a', -1],
          ['b', null],
        ]),
        new Map(),
        null,
      ],
    ],
  ],
  [
    type.row({ 'a b': type.row({ 'c`d': row, e: type.tinyint() }), "f'": type.array(row) }) as AnyType,
    [
      { 'a b': { 'c`d': rows[0], e: -1 }, "f'": rows },
      { 'a b': { 'c`d': null, e: null }, "f'": [] },
      { 'a b': null, "f'": null },
    ],
  ],
];

/** What has no words in Flink SQL: a type, a value, and what is said of it. */
export const refused: readonly (readonly [type: AnyType, value: unknown, says: RegExp])[] = [
  [type.multiset(text) as AnyType, new Map([['a', 1]]), /column `v` of rows_0, a MULTISET<STRING>, cannot/],
  [type.array(type.multiset(text)) as AnyType, [], /an ARRAY<MULTISET<STRING>>, cannot/],
  [type.null(), null, /a NULL, cannot/],
  [type.raw('java.lang.Object') as AnyType, 1, /a RAW/],
  [type.row({ i: type.intervalDayTime() }) as AnyType, { i: 1 }, /a ROW<`i` INTERVAL/],
  [type.intervalDayTime('DAY(4) TO SECOND(3)'), 1, /an INTERVAL DAY\(4\)/],
  [text, 'a\ud800', /half of a letter/],
  [type.char(3), 'a', /length 1, which is no CHAR\(3\)/],
  [type.varchar(3), 'abcd', /length 4, which is no VARCHAR\(3\)/],
  [type.binary(2), bytes(1), /length 1, which is no BINARY\(2\)/],
  [type.time(3), '10:00:00.001', /10:00:00.001 cannot/],
  [type.date(), '10000-01-01', /10000-01-01 cannot/],
  [type.timestamp(3), new Date(8.64e15), /275760-09-13/],
  [type.array(type.timestampLtz(3)) as AnyType, [new Date(-8.64e15)], /an element of column `v` of rows_0: -?/],
];
