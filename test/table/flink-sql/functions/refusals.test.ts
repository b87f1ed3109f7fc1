import { describe, expect, it } from 'vitest';
import { minutes, seconds, Timestamp, tableEnv, type, udf } from '../../../../src/index.js';
import { functionCall } from '../../../../src/table/flink-sql/functions/call.js';

const outside = 5;
const helper = (n: number): number => n * outside;
function recursive(n: number): number {
  return n < 2 ? n : recursive(n - 1);
}
let calls = 0;

/** What a cluster would be sent, or the refusal. */
function sent(fn: unknown, options: unknown = {}): string {
  const t = tableEnv();
  const rows = t.fromRows([{ n: 1, s: 'a', ts: new Date(0) }], {
    schema: { n: type.double(), s: type.string(), ts: type.timestampLtz(3) },
  });
  const made = rows.filter(udf(fn as (row: object) => boolean, options as object)).rel;
  if (made.kind !== 'filter' || made.condition.kind !== 'call') throw new Error('no filter');
  return functionCall(t.functions, made.condition, ['n', 's', 'ts']).text;
}

type Row = { n: number; s: string; ts: Timestamp };
/* biome-ignore-start lint: what is refused is what nobody should write */
const refused: readonly (readonly [string, unknown, RegExp, unknown?])[] = [
  [
    'a variable',
    (r: Row) => r.n > outside,
    /`outside` is a variable outside of it\n.*r\.n > outside\n *\^{7}\n *at line 1, column 14 of filter\n.*captured: \{ outside \}/,
  ],
  ['a function', (r: Row) => helper(r.n) > 1, /`helper` is a variable outside/],
  ['what is assigned', (r: Row) => (calls += 1) > r.n, /`calls` is a variable outside/],
  ['itself', new Function('return (() => { const again = (r) => again(r); return again })()')(), /it calls itself/],
  ['an import', (r: Row) => seconds(r.n) === minutes(1), /`seconds` is imported, and a cluster has no modules/],
  ['chance by another name', (r: Row) => Math['random']() > r.n, /`Math\.random`: it gives another number/],
  [
    'chance taken out',
    (r: Row) => {
      const { floor, random } = Math;
      return floor(random()) > r.n;
    },
    /`Math\.random`: it gives another number each time\n.*floor, random/,
  ],
  [
    'a Date under another name',
    (r: Row) => {
      const Day = Date;
      return Number(new Day()) > r.n;
    },
    /`Date` is handed on, and what is done with it cannot be seen/,
  ],
  [
    'a method taken out',
    (r: Row) => {
      const { getHours } = Date.prototype;
      return getHours.call(new Date(r.n)) > 1;
    },
    /`getHours`: it reads the time zone/,
  ],
  ['require', new Function('return (r) => require("fs").existsSync(r.s)')(), /`require` loads a module/],
  ['import()', new Function('return (r) => import(r.s) !== 1')(), /it loads a module/],
  ['async', async (r: Row) => r.n > 1, /it waits \(async\)/],
  ['await within', (r: Row) => [1].map(async () => await r.n).length > 0, /it waits \(async\)/],
  [
    'a generator',
    function* (r: Row) {
      yield r.n > 1;
    },
    /it is a generator/,
  ],
  [
    'this',
    function (this: { x: number }, r: Row) {
      return this.x > r.n;
    },
    /`this` is nothing on a cluster/,
  ],
  [
    'a method',
    {
      test(r: Row) {
        return r.n > 1;
      },
    }.test,
    /it is a method/,
  ],
  [
    'a getter’s kin',
    Object.getOwnPropertyDescriptor(
      {
        get x() {
          return true;
        },
      },
      'x',
    )?.get,
    /it is a method/,
  ],
  ['a class', class Test {}, /it is a class/],
  ['built in', Array.isArray, /it is built in or bound/],
  ['bound', ((r: Row) => r.n > 1).bind(null), /it is built in or bound/],
  ['fetch', (r: Row) => fetch(r.s) !== undefined, /`fetch` is of Node/],
  ['process', (r: Row) => process.pid > r.n, /`process` is of Node/],
  ['Buffer', (r: Row) => Buffer.from(r.s).length > 1, /`Buffer` is of Node/],
  ['setTimeout', (r: Row) => Boolean(setTimeout(() => r, 5)), /`setTimeout` is of Node/],
  ['structuredClone', (r: Row) => structuredClone(r).n > 1, /`structuredClone` is of Node/],
  ['crypto', (r: Row) => crypto.randomUUID() === r.s, /`crypto` is of Node/],
  [
    'console',
    (r: Row) => {
      console.log(r);
      return true;
    },
    /`console`: what it prints/,
  ],
  ['globalThis', (r: Row) => 'x' in globalThis && r.n > 1, /`globalThis`/],
  ['eval', new Function('return (r) => eval(r.s)')(), /`eval`: it is switched off/],
  ['Math.random', (r: Row) => Math.random() > r.n, /`Math\.random`: it gives another number/],
  ['Date.now', (r: Row) => Date.now() > r.n, /`Date\.now`: it gives another time/],
  ['new Date()', (r: Row) => new Date().getTime() > r.n, /`new Date\(\)` is another time each time/],
  ['Date()', (r: Row) => (Date as never as () => string)() === r.s, /`Date\(\)` is the text of now/],
  ['getHours', (r: Row) => new Date(r.ts.ms).getHours() > r.n, /`getHours`: it reads the time zone[\s\S]*getUTCHours/],
  ['setMonth', (r: Row) => new Date(r.n * 1).setMonth(1) > 5, /`setMonth`[\s\S]*setUTCMonth/],
  ['a local date', (r: Row) => new Date(2024, 1, r.n).getTime() > 1, /new Date\(year, month, \.\.\.\)/],
  ['a text without a zone', () => new Date('2024-01-01 10:00').getTime() > 1, /a text without a zone/],
  ['what may be a text', (r: Row) => new Date(r.s).getTime() > 1, /may be a text without a zone/],
  ['Date.parse', (r: Row) => Date.parse(r.s) > 1, /may be a text without a zone/],
  [
    'a Date as text',
    (r: Row) => {
      const d = new Date(r.ts.ms);
      return `${d}` === r.s;
    },
    /the text of a Date/,
  ],
  ['Date.toString', (r: Row) => new Date(r.ts.ms).toString() === r.s, /the text of a Date/],
  ['toLocaleString', (r: Row) => r.n.toLocaleString() === r.s, /`toLocaleString`: its result depends on the language/],
  ['localeCompare', (r: Row) => r.s.localeCompare('a') > 0, /`localeCompare`/],
  ['Intl', (r: Row) => new Intl.NumberFormat('de').format(r.n) === r.s, /`Intl`: its words differ/],
  [
    'a captured function',
    (r: Row) => helper(r.n) > 1,
    /`outside` is a variable outside of it[\s\S]*at line 1, column 12 of a function that filter captures/,
    { captured: { helper } },
  ],
];
const taken: readonly (readonly [string, unknown, unknown?])[] = [
  ['a variable that is captured', (r: Row) => r.n ** 2 > outside, { captured: { outside } }],
  ['helpers that are captured', (r: Row) => helper(r.n) > outside, { captured: { outside, helper } }],
  [
    'chance, if it says so',
    (r: Row) => Math.random() > r.n && Date.now() > 5 && new Date() > new Date(0),
    { deterministic: false },
  ],
  ['a function that knows itself', recursive as never],
  [
    'dates in UTC',
    (r: Row) => new Date(r.ts.ms).getUTCHours() + Date.parse(`${r.s}Z`) + new Date('2024-01-01').getTime() > 1,
  ],
  ['Timestamp', (r: Row) => Timestamp.parse(r.s).isBefore(r.ts)],
  [
    'all of ECMAScript',
    ({ n, ...rest }: Row) => {
      class Sum {
        #all = 0;
        add(x: number) {
          this.#all += x;
          return this;
        }
        get all() {
          return this.#all;
        }
      }
      const sum = new Sum();
      outer: for (const [key, value] of Object.entries(rest)) {
        if (key === 's') continue outer;
        sum.add(String(value).length);
      }
      try {
        JSON.parse('{');
      } catch (error) {
        const { message } = error as Error;
        sum.add(message.length);
      }
      const counter = {
        n: 0,
        up() {
          this.n++;
          return this;
        },
      };
      function later() {
        return (hoisted as number) + [...'ab'].map((x, i) => x.codePointAt(0)! * i).reduce((a, b) => a + b, 0);
      }
      var arguments_: number[] = [];
      var hoisted = (() => arguments_.length)();
      return sum.all + counter.up().n + (later?.() ?? 0) + (n as number) > 3;
    },
  ],
];
/* biome-ignore-end lint: what is refused is what nobody should write */

describe('functions that a cluster would not run as this process does', () => {
  it.each(refused)('%s', (_, fn, message, options) => {
    expect(() => sent(fn, options)).toThrow(message);
    expect(() => sent(fn, options)).toThrow('cannot run on a cluster');
  });
  it('says the line of a longer function', () => {
    const long = (r: Row) => {
      const n = r.n;

      return n > outside;
    };
    expect(() => sent(long)).toThrow(/at line \d, column 1\d of long/);
  });
  it('names syntax that the cluster does not know', () => {
    // As Node would give it, if it knew more than the cluster.
    const newer = Object.assign(() => true, { toString: () => '(r) => { using x = r; return true; }' });
    expect(() => sent(newer)).toThrow(/its syntax is not that of ECMAScript/);
  });
});

describe('functions that travel', () => {
  it.each(taken)('%s', (_, fn, options) => {
    expect(sent(fn, options)).toMatch(/^js(_volatile)?\('BOOLEAN NOT NULL', '\/\/@ /);
  });
  it('take the columns that they read', () => {
    expect(sent((r: Row) => /x/.test(r.s))).toMatch(/, s\)$/);
    expect(sent(({ n, ts }: Row) => String(n) + ts === '')).toMatch(/, n, ts\)$/);
    expect(sent((r: Row) => Object.keys(r).length > 1)).toMatch(/, n, s, ts\)$/);
    expect(sent((r: Row) => Object.hasOwn(r, 's'))).toMatch(/, n, s, ts\)$/);
  });
  it('count their lines from their own first one', () => {
    expect(sent((r: Row) => /x/.test(r.s))).toContain('\'//@ filter:0\n((f) => (a1) => f({ ["s"]: a1 }))(\n');
  });
});
