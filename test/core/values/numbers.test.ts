import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as v from '../../../src/core/values/index.js';

const edge = fc.constantFrom(
  0n,
  1n,
  -1n,
  2n ** 53n - 1n,
  2n ** 53n,
  -(2n ** 53n),
  2n ** 63n - 1n,
  -(2n ** 63n),
  3037000500n,
);
const big = fc.oneof(
  edge,
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
  fc.bigInt({ min: -1000n, max: 1000n }),
);

describe('BIGINT', () => {
  const wrap = (x: bigint) => BigInt.asIntN(64, x);
  const expectLong = (got: v.Long, want: bigint) => {
    expect(BigInt(got)).toBe(wrap(want));
    // Canonical: a number if and only if it is safe, and never -0.
    expect(typeof got).toBe(Number.isSafeInteger(Number(wrap(want))) ? 'number' : 'bigint');
    expect(Object.is(got, -0)).toBe(false);
    expect(v.isLong(got)).toBe(true);
  };

  test('arithmetic wraps at 64 bits', () => {
    fc.assert(
      fc.property(big, big, (x, y) => {
        const [a, b] = [v.longOf(x), v.longOf(y)];
        expectLong(v.addLong(a, b), x + y);
        expectLong(v.subtractLong(a, b), x - y);
        expectLong(v.multiplyLong(a, b), x * y);
        expectLong(v.negateLong(a), -x);
        if (y !== 0n) {
          expectLong(v.divideLong(a, b), x / y);
          expectLong(v.remainderLong(a, b), x % y);
        }
        expect(Math.sign(v.compareLong(a, b))).toBe(x < y ? -1 : x > y ? 1 : 0);
        expect(v.parseLong(String(x))).toBe(a);
      }),
      { numRuns: 3000 },
    );
  });

  test('division by zero, parsing, casting', () => {
    expect(() => v.divideLong(1, 0)).toThrow('/ by zero');
    expect(() => v.remainderLong(2n ** 60n, 0)).toThrow('/ by zero');
    for (const bad of ['', '-', '1.0', ' 1', '9223372036854775808', '0x10', '1e3'])
      expect(v.parseLong(bad)).toBeUndefined();
    expect([v.parseLong('-0'), v.parseLong('+0012'), v.parseLong('-9223372036854775808')]).toEqual([0, 12, v.MIN_LONG]);
    expect([1.9, -1.9, -0.5, Number.NaN, 1e300, -1e300].map(v.longOfDouble)).toEqual([
      1,
      -1,
      0,
      0,
      v.MAX_LONG,
      v.MIN_LONG,
    ]);
  });
});

test('INT, SMALLINT and TINYINT wrap', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (a, b) => {
      const wrap = (bits: number, x: bigint) => Number(BigInt.asIntN(bits, x));
      expect(v.addInt(a, b)).toBe(wrap(32, BigInt(a) + BigInt(b)));
      expect(v.subtractInt(a, b)).toBe(wrap(32, BigInt(a) - BigInt(b)));
      expect(v.multiplyInt(a, b) + 0).toBe(wrap(32, BigInt(a) * BigInt(b)));
      if (b !== 0) expect(v.divideInt(a, b) + 0).toBe(wrap(32, BigInt(a) / BigInt(b)));
      if (b !== 0) expect(v.remainderInt(a, b) + 0).toBe(wrap(32, BigInt(a) % BigInt(b)));
      expect(v.wrapSmallint(a)).toBe(wrap(16, BigInt(a)));
      expect(v.wrapTinyint(a)).toBe(wrap(8, BigInt(a)));
    }),
    { numRuns: 2000 },
  );
});

describe('DECIMAL', () => {
  const shape = fc
    .integer({ min: 1, max: 38 })
    .chain((precision) => fc.integer({ min: 0, max: precision }).map((scale) => ({ precision, scale })));
  const decimal = shape.chain((s) =>
    fc
      .oneof(
        fc.bigInt({ min: -(10n ** BigInt(s.precision)) + 1n, max: 10n ** BigInt(s.precision) - 1n }),
        fc.constantFrom(0n, 1n, -5n, 9n),
      )
      .map((units) => ({ shape: s, units, value: s.precision <= 15 ? Number(units) : units })),
  );

  /** A rational number of bigints, rounded half away from zero at `scale`; null when it needs too many digits. */
  function rounded(numerator: bigint, denominator: bigint, to: v.DecimalShape): bigint | null {
    const negative = numerator < 0n !== denominator < 0n;
    const abs = (x: bigint) => (x < 0n ? -x : x);
    const twice = 2n * abs(numerator) * 10n ** BigInt(to.scale);
    const d = 2n * abs(denominator);
    const units = (twice + abs(denominator)) / d;
    if (units >= 10n ** BigInt(to.precision)) return null;
    return negative ? -units : units;
  }
  const same = (got: v.Decimal | null, want: bigint | null, to: v.DecimalShape) => {
    expect(got === null ? null : BigInt(got)).toBe(want);
    if (got !== null) expect(typeof got).toBe(to.precision <= 15 ? 'number' : 'bigint');
    expect(Object.is(got, -0)).toBe(false);
  };

  test('arithmetic is that of rationals, rounded once', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const [sa, sb] = [10n ** BigInt(a.shape.scale), 10n ** BigInt(b.shape.scale)];
        const plus = v.addDecimals(a.shape, b.shape);
        same(plus.apply(a.value, b.value), rounded(a.units * sb + b.units * sa, sa * sb, plus.shape), plus.shape);
        const minus = v.subtractDecimals(a.shape, b.shape);
        same(minus.apply(a.value, b.value), rounded(a.units * sb - b.units * sa, sa * sb, minus.shape), minus.shape);
        const times = v.multiplyDecimals(a.shape, b.shape);
        same(times.apply(a.value, b.value), rounded(a.units * b.units, sa * sb, times.shape), times.shape);
        const order = a.units * sb - b.units * sa;
        expect(v.compareDecimals(a.value, a.shape.scale, b.value, b.shape.scale)).toBe(
          order < 0n ? -1 : order > 0n ? 1 : 0,
        );
        if (b.units === 0n) {
          expect(() => v.divideDecimals(a.shape, b.shape).apply(a.value, b.value)).toThrow('/ by zero');
          return;
        }
        const over = v.divideDecimals(a.shape, b.shape);
        same(over.apply(a.value, b.value), rounded(a.units * sb, b.units * sa, over.shape), over.shape);
        const rest = v.remainderDecimals(a.shape, b.shape);
        const exact = (a.units * sb) % (b.units * sa);
        same(rest.apply(a.value, b.value), rounded(exact, sa * sb, rest.shape), rest.shape);
      }),
      { numRuns: 3000 },
    );
  });

  test('casts, rounds, prints and reads', () => {
    fc.assert(
      fc.property(decimal, shape, fc.integer({ min: -5, max: 40 }), (a, to, digits) => {
        same(v.castDecimal(a.value, a.shape, to), rounded(a.units, 10n ** BigInt(a.shape.scale), to), to);
        const text = v.decimalText(a.value, a.shape.scale);
        expect(v.parseDecimal(text, a.shape)).toBe(a.value);
        expect(BigInt(text.replace('.', ''))).toBe(a.units);
        const shapeOfRound = v.roundShape(a.shape, digits);
        const unit = 10n ** BigInt(Math.max(0, -digits));
        const want = rounded(a.units, 10n ** BigInt(a.shape.scale) * unit, {
          precision: 60,
          scale: Math.max(0, Math.min(digits, a.shape.scale)),
        });
        const got = v.roundDecimal(a.value, a.shape, digits);
        if (got !== null) expect(BigInt(got)).toBe((want as bigint) * unit);
        else
          expect(
            (want as bigint) * unit >= 10n ** BigInt(shapeOfRound.precision) ||
              (want as bigint) * unit <= -(10n ** BigInt(shapeOfRound.precision)),
          ).toBe(true);
        expect(v.decimalToDouble(a.value, a.shape.scale)).toBe(Number(text));
      }),
      { numRuns: 3000 },
    );
  });

  test('reads exponents, rounds half up, knows what does not fit', () => {
    const to = { precision: 5, scale: 2 };
    expect(
      ['1.005', '-1.005', '1.2e2', '12e-1', '.5', '5.', '+0.001', '1e-999999999'].map((t) => v.parseDecimal(t, to)),
    ).toEqual([101, -101, 12000, 120, 50, 500, 0, 0]);
    expect(['1000', '999.995', '1e999999999', '-1e10'].map((t) => v.parseDecimal(t, to))).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(['', '.', '-', 'x', '1,5', '1e', 'NaN'].map((t) => v.parseDecimal(t, to))).toEqual(Array(7).fill(undefined));
    expect(v.decimalOfDouble(0.1 + 0.2, { precision: 20, scale: 18 })).toBe(300000000000000040n);
    expect(v.decimalOfDouble(Number.POSITIVE_INFINITY, to)).toBeNull();
  });
});

describe('FLOAT', () => {
  test('rounds once, where two roundings would go wrong', () => {
    // 1 + 2^-24 is exactly between two floats; a double cannot tell the two texts from it.
    expect(v.floatOf('1.000000059604644775390625')).toBe(1);
    expect(v.floatOf('1.00000005960464477539062500001')).toBe(1 + 2 ** -23);
    expect(v.floatOf('-1.00000005960464477539062500001')).toBe(-1 - 2 ** -23);
    expect(v.floatOf('1.00000017881393432617187499999')).toBe(1 + 2 ** -23);
    expect(v.floatOf('3.4028235677973366163753939545814e38')).toBe(3.4028234663852886e38);
    expect(v.floatOf('3.5e38')).toBe(Number.POSITIVE_INFINITY);
    expect(v.floatOf('1e-46')).toBe(0);
  });

  test('text reads back, and nothing shorter does', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (f) => {
        const shown = v.floatToCell(f);
        expect(Math.fround(shown)).toBe(f);
        expect(v.floatOf(v.floatText(f).replace('E', 'e'))).toBe(f);
        const digits = shown.toExponential().replace(/^-|e.*$|\./g, '').length;
        if (digits > 1) expect(Math.fround(Number(f.toExponential(digits - 2)))).not.toBe(f);
      }),
      { numRuns: 2000 },
    );
  });
});
