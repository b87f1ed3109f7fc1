import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kindOf, RowKind, rowClassOf, rowKind } from '../../../src/core/rows/index.js';
import {
  checkSerialisable,
  deserialise,
  serialisable,
  serialise,
  ValueReader,
  ValueWriter,
} from '../../../src/core/serialise/index.js';
import { type } from '../../../src/core/types/index.js';
import { Timestamp } from '../../../src/core/values/index.js';
import { same } from './same.js';

const leaf = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    true,
    false,
    0,
    -0,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    191,
    192,
    -1,
    2 ** 31,
    -(2 ** 31),
    2 ** 53,
  ),
  fc.integer(),
  fc.double(),
  fc.bigInt(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', 'ÿ', '中', '\ud83d', '\ude00', '\0'), maxLength: 40 }),
  fc.date(),
  fc.tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 999_999 })).map(([ms, n]) => Timestamp.ofMs(ms, n)),
  fc.uint8Array(),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.float64Array(),
  fc.bigInt64Array(),
  fc.int16Array(),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('any'), { maxLength: 4 }),
    fc.sparseArray(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'constructor', '0', ''), fc.string()), tie('any'), {
      maxKeys: 4,
    }),
    fc.array(fc.tuple(tie('any'), tie('any')), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie('any'), { maxLength: 3 }).map((items) => new Set(items)),
  ),
})).any;

describe('round trip', () => {
  test('any value by itself', () => {
    fc.assert(
      fc.property(value, (v) => {
        checkSerialisable(v);
        expect(same(deserialise(serialise(v)), v)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('many values in blocks, with shapes seen often', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 20 }), fc.integer({ min: 1, max: 7 }), (values, every) => {
        const all = Array.from({ length: 40 }, () => values).flat();
        const writer = new ValueWriter();
        const reader = new ValueReader();
        const back: unknown[] = [];
        const pass = () => {
          reader.load(writer.take());
          while (!reader.done) back.push(reader.read());
        };
        all.forEach((v, i) => {
          writer.write(v);
          if (i % every === 0) pass();
        });
        pass();
        expect(same(back, all)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('objects as dictionaries with ever new names do not exhaust the shapes', () => {
    const writer = new ValueWriter();
    const values = Array.from({ length: 3000 }, (_, i) => ({ [`user${i}`]: i, x: { y: i } }));
    const wide = Object.fromEntries(values.map((_, i) => [`n${i}`, i]));
    for (const v of [...values, wide]) writer.write(v);
    const reader = new ValueReader(writer.take());
    for (const v of [...values, wide]) expect(reader.read()).toEqual(v);
  });

  test.each([
    [new Date(Number.NaN), new Date(0)],
    [new Map([[{ a: Number.NaN }, -0]]), new Map([[{ a: Number.NaN }, 0]])],
    [new Set([-0, Number.NaN]), new Set([Number.NaN, 0])],
    [Array.from({ length: 2 }), new Array(2)],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [JSON.parse('{ "__proto__": null, "constructor": {} }'), { constructor: {} }],
    [Buffer.from([1]), new Uint8Array([1])],
    [new Float64Array([-0]), new Float64Array([0])],
    [new Float32Array([1]).buffer, new Uint8Array(4).buffer],
  ])('what compares oddly comes back as it was: %#', (v, other) => {
    expect(same(deserialise(serialise(v)), v)).toBe(true);
    expect(same(v, other)).toBe(false);
  });

  test('rows keep class and kind', () => {
    const Row = rowClassOf({ __proto__x: type.int(), constructor: type.string(), t: type.timestamp(6) });
    const row = Row.of([1, 'c', Timestamp.ofMs(5, 6)]);
    row[rowKind] = RowKind.DELETE;
    const back = deserialise(serialise([row, row])) as (typeof row)[];
    expect(back).toStrictEqual([row, row]);
    expect(Object.getPrototypeOf(back[0])).toBe(Row.prototype);
    expect(kindOf(back[1] as object)).toBe(RowKind.DELETE);
  });

  test('objects of another realm and without prototype', () => {
    const foreign = vm.runInNewContext('({ a: [1, new Map([[1, new Date(3)]])] })');
    expect(deserialise(serialise(foreign))).toEqual({ a: [1, new Map([[1, new Date(3)]])] });
    const bare = Object.assign(Object.create(null), { a: 1 });
    expect(Object.getPrototypeOf(deserialise(serialise(bare)))).toBeNull();
  });
});

describe('refuses at the first put, with the path', () => {
  class Order {
    id = 1;
  }
  const loop: { self?: unknown } = {};
  loop.self = { a: [loop] };
  let chain: unknown = null;
  for (let i = 0; i < 2000; i++) chain = { next: chain };
  test.each([
    [{ orders: [1, 2, 3, { callback: () => 1 }] }, 'state value .orders[3].callback is a function'],
    [{ 'odd name': Symbol('s') }, 'state value ["odd name"] is a symbol'],
    [new Map([['k', [new Order()]]]), "state value .get('k')[0] is an instance of Order"],
    [loop, 'state value .self.a[0] leads back to itself'],
    [chain, 'state value is nested deeper than 500'],
    [new WeakMap(), 'is an instance of WeakMap'],
    [Promise.resolve(), 'is an instance of Promise'],
    [{ [Symbol('x')]: 1 }, 'has a field under a symbol'],
  ])('%#', (bad, message) => {
    expect(() => checkSerialisable(bad, 'state value')).toThrow(message);
  });

  test('the writer refuses the same, and goes on as if it had not been asked', () => {
    const writer = new ValueWriter();
    writer.write({ a: 1 });
    expect(() => writer.write({ b: [1, { c: () => 1 }] }, 'state `s`')).toThrow('state `s` .b[1].c is a function');
    expect(() => writer.write(loop, 'v')).toThrow('leads back to itself');
    writer.write({ b: 2 });
    writer.write({ c: 3 });
    const reader = new ValueReader(writer.take());
    expect([reader.read(), reader.read(), reader.read()]).toEqual([{ a: 1 }, { b: 2 }, { c: 3 }]);
    expect(reader.done).toBe(true);
  });
});

describe('registered classes', () => {
  class Cart {
    constructor(
      public items: string[],
      public currency?: string,
    ) {}
    get size() {
      return this.items.length;
    }
  }

  test('come back as instances, through migrate when they are older', () => {
    serialisable(Cart);
    const old = serialise([new Cart(['a', 'b']), new Cart([])]);
    const back = deserialise(old) as Cart[];
    expect(back[0]).toBeInstanceOf(Cart);
    expect(back[0]?.size).toBe(2);

    serialisable(Cart, { version: 2 });
    expect(() => deserialise(old)).toThrow('class Cart: the snapshot has version 1, registered is 2');
    serialisable(Cart, { version: 2, migrate: (plain) => ({ ...(plain as object), currency: 'EUR' }) });
    expect((deserialise(old) as Cart[])[0]).toStrictEqual(new Cart(['a', 'b'], 'EUR'));

    const newer = serialise(new Cart(['c'], 'CNY'));
    serialisable(Cart, { version: 1 });
    expect(() => deserialise(newer)).toThrow('start with the program that wrote the snapshot, or a later one');
  });

  test('with hooks of their own, for what is hidden in private fields', () => {
    class Counter {
      #n: number;
      constructor(n: number) {
        this.#n = n;
      }
      get n() {
        return this.#n;
      }
    }
    serialisable(Counter, { name: 'test.Counter', toPlain: (c) => c.n, fromPlain: (n: number) => new Counter(n) });
    expect((deserialise(serialise({ c: new Counter(7) })) as { c: Counter }).c.n).toBe(7);
  });
});

describe('damage', () => {
  test('cut or changed bytes give an error of ours or a value, never anything else', () => {
    fc.assert(
      fc.property(value, fc.nat(), fc.nat({ max: 255 }), fc.boolean(), (v, where, byte, cut) => {
        const bytes = serialise(v);
        const at = where % bytes.length;
        const damaged = cut ? bytes.subarray(0, at) : Buffer.from(bytes);
        if (!cut) damaged[at] = byte;
        try {
          deserialise(damaged);
        } catch (error) {
          expect(String(error)).toContain('[streambook/');
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('a timestamp of something that is no number', () => {
    const bytes = serialise([Object.create(null), 1]);
    bytes[1] = serialise(Timestamp.ofMs(1))[1] as number;
    expect(() => deserialise(bytes)).toThrow('a number was expected');
  });

  test('a later format is refused', () => {
    expect(() => deserialise(Buffer.from([9, 1]))).toThrow('format version 9, this program knows 1');
  });
});
