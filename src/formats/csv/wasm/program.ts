import {
  type Code,
  F64,
  f64,
  get,
  give,
  I32,
  I64,
  i32,
  i64,
  moduleOf,
  set,
  until,
  V128,
  v128,
  type WasmFunction,
  when,
} from './assembler.js';

// What reads many bytes at once. All positions are offsets into the text, which begins at TEXT.

/** Where the text begins; before it are results, and room for loads that begin before a field. */
export const TEXT = 64;
/** What `index` found besides the positions, in the first bytes of the memory: a byte above 127; line ends; CRs. */
export const [HIGH_BITS, LINE_ENDS, RETURNS] = [0, 4, 8];

/** So many bytes are looked at in one go, and one bit of a number stands for each. */
const BLOCK = 64;
/** So many positions are written without a look at how many there are: a branch that cannot be guessed costs more. */
const AT_ONCE = 8;

/**
 * `index(from, end, out, delimiter, odd1, odd2, odd3)`: writes the positions of all delimiters and line ends.
 *
 * @returns how many; -1 where one of the odd characters occurs
 */
function index(): WasmFunction {
  const [from, end, out, delimiter, odd] = [0, 1, 2, 3, [4, 5, 6]] as const;
  const bytes = [7, 8, 9, 10];
  const [comma, lineEnd, cr] = [11, 12, 13];
  const oddBytes = [14, 15, 16];
  const [found, lines, strange, inside] = [17, 18, 19, 20];
  const [count, total, high, lineCount, crCount] = [21, 22, 23, 24, 25];

  // One bit for each byte of the block.
  const mask = (of: (bytes: Code) => Code): Code =>
    bytes
      .map((part, i) => i64.shl(i64.ofI32(v128.bitmask(of(get(part)))), i64.const(BigInt(i * 16))))
      .reduce((all, part) => i64.or(all, part));
  const isAny = (part: Code, of: readonly number[]): Code =>
    of.map((one) => v128.eq(part, get(one))).reduce((a, b) => v128.or(a, b));
  const addCount = (to: number, of: Code): Code => set(to, i32.add(get(to), i32.ofI64(i64.popcnt(of))));
  const write = (slot: number): Code => [
    ...i32.store(get(out), i32.add(get(from), i32.ofI64(i64.ctz(get(found)))), slot * 4),
    ...set(found, i64.and(get(found), i64.sub(get(found), i64.const(1n)))),
  ];
  const writeSome = (first: number): Code => Array.from({ length: AT_ONCE }, (_, i) => write(first + i)).flat();
  const step = (by: number): Code => set(count, i32.sub(get(count), i32.const(by)));

  return {
    name: 'index',
    params: [I32, I32, I32, I32, I32, I32, I32],
    results: [I32],
    locals: [
      ...[V128, V128, V128, V128],
      ...[V128, V128, V128],
      ...[V128, V128, V128],
      I64,
      I64,
      I64,
      I64,
      I32,
      I32,
      I32,
      I32,
      I32,
    ],
    body: [
      set(comma, v128.splat(get(delimiter))),
      set(lineEnd, v128.splat(i32.const(10))),
      set(cr, v128.splat(i32.const(13))),
      ...oddBytes.map((one, i) => set(one, v128.splat(get(odd[i] as number)))),
      until(
        i32.atLeast(get(from), get(end)),
        ...bytes.map((part, i) => set(part, v128.load(get(from), TEXT + i * 16))),
        set(inside, i64.const(-1n)),
        when(
          i32.less(i32.sub(get(end), get(from)), i32.const(BLOCK)),
          set(inside, i64.sub(i64.shl(i64.const(1n), i64.ofI32(i32.sub(get(end), get(from)))), i64.const(1n))),
        ),
        set(
          strange,
          mask((part) => isAny(part, oddBytes)),
        ),
        when(i32.eqz(i64.eqz(i64.and(get(strange), get(inside)))), give(i32.const(-1))),
        set(high, i32.or(get(high), v128.bitmask(bytes.map(get).reduce((a, b) => v128.or(a, b))))),
        addCount(
          crCount,
          i64.and(
            mask((part) => v128.eq(part, get(cr))),
            get(inside),
          ),
        ),
        set(
          lines,
          i64.and(
            mask((part) => v128.eq(part, get(lineEnd))),
            get(inside),
          ),
        ),
        addCount(lineCount, get(lines)),
        set(
          found,
          i64.and(
            i64.or(
              get(lines),
              mask((part) => v128.eq(part, get(comma))),
            ),
            get(inside),
          ),
        ),
        set(count, i32.ofI64(i64.popcnt(get(found)))),
        set(total, i32.add(get(total), get(count))),
        until(
          i32.atMost(get(count), i32.const(AT_ONCE)),
          writeSome(0),
          set(out, i32.add(get(out), i32.const(AT_ONCE * 4))),
          step(AT_ONCE),
        ),
        writeSome(0),
        set(out, i32.add(get(out), i32.shl(get(count), i32.const(2)))),
        set(from, i32.add(get(from), i32.const(BLOCK))),
      ),
      i32.store(i32.const(HIGH_BITS), get(high)),
      i32.store(i32.const(LINE_ENDS), get(lineCount)),
      i32.store(i32.const(RETURNS), get(crCount)),
      get(total),
    ],
  };
}

/**
 * `rows(position, count, stride, crlf)`: whether a line end stands at each of the positions, `stride` bytes apart in their
 * list, and a CR before it.
 */
function rows(): WasmFunction {
  const [position, count, stride, crlf] = [0, 1, 2, 3];
  const stop = i32.load(get(position));
  const noReturn = i32.and(get(crlf), i32.ne(i32.load8(stop, TEXT - 1), i32.const(13)));
  return {
    name: 'rows',
    params: [I32, I32, I32, I32],
    results: [I32],
    locals: [],
    body: [
      until(
        i32.eqz(get(count)),
        when(i32.or(i32.ne(i32.load8(stop, TEXT), i32.const(10)), noReturn), give(i32.const(0))),
        set(position, i32.add(get(position), get(stride))),
        set(count, i32.sub(get(count), i32.const(1))),
      ),
      i32.const(1),
    ],
  };
}

/**
 * `integers(position, count, stride, before, out)`: the whole numbers of a column, as doubles. `position` is where the list
 * has what stands before the column's first field, `before` how many bytes to leave out at its end. NaN for anything but
 * one to sixteen digits, a minus before them or not; beyond 2^53 they round.
 */
function integers(): WasmFunction {
  const [position, count, stride, before, out] = [0, 1, 2, 3, 4];
  const [from, to, minus, length, low, high, number] = [5, 6, 7, 8, 9, 10, 11];

  // The digits of a number without their 48, the first one lowest: what belongs to other fields is shifted away.
  const digits = (offset: number, of: Code): Code => {
    const spare = i64.ofI32(i32.shl(of, i32.const(3)));
    const bytes = i64.xor(i64.load(get(to), TEXT - offset), i64.const(0x3030303030303030n));
    return i64.shl(i64.shr(bytes, spare), spare);
  };
  // A byte above 9 has its highest bit, or gets it from 118 more.
  const wrong = (eight: number): Code =>
    i64.and(i64.or(i64.add(get(eight), i64.const(0x7676767676767676n)), get(eight)), i64.const(0x8080808080808080n));
  // Neighbours are put together to pairs, pairs to fours, fours to eight.
  const pairs = (eight: number): Code =>
    i64.add(i64.mul(get(eight), i64.const(10n)), i64.shr(get(eight), i64.const(8n)));
  const every4th = i64.const(0x000000ff000000ffn);
  const eightOf = (eight: number): Code => [
    ...set(eight, pairs(eight)),
    ...i64.shr(
      i64.add(
        i64.mul(i64.and(get(eight), every4th), i64.const(100n + (1000000n << 32n))),
        i64.mul(i64.and(i64.shr(get(eight), i64.const(16n)), every4th), i64.const(1n + (10000n << 32n))),
      ),
      i64.const(32n),
    ),
  ];
  const between = (least: number): Code => i32.atMost(i32.sub(get(length), i32.const(least)), i32.const(7));

  return {
    name: 'integers',
    params: [I32, I32, I32, I32, I32],
    results: [],
    locals: [I32, I32, I32, I32, I64, I64, F64],
    body: [
      until(
        i32.eqz(get(count)),
        set(from, i32.add(i32.load(get(position)), i32.const(1))),
        set(to, i32.sub(i32.load(get(position), 4), get(before))),
        set(minus, i32.eq(i32.load8(get(from), TEXT), i32.const(45))),
        set(length, i32.sub(i32.sub(get(to), get(from)), get(minus))),
        set(number, f64.const(Number.NaN)),
        when(
          between(1),
          set(low, digits(8, i32.sub(i32.const(8), get(length)))),
          when(i64.eqz(wrong(low)), set(number, f64.ofI64(eightOf(low)))),
        ),
        when(
          between(9),
          set(low, digits(8, i32.const(0))),
          set(high, digits(16, i32.sub(i32.const(16), get(length)))),
          when(
            i64.eqz(i64.or(wrong(low), wrong(high))),
            set(number, f64.ofI64(i64.add(eightOf(low), i64.mul(eightOf(high), i64.const(100000000n))))),
          ),
        ),
        // Not a negation: there is no zero below zero.
        when(get(minus), set(number, f64.sub(f64.const(0), get(number)))),
        f64.store(get(out), get(number)),
        set(out, i32.add(get(out), i32.const(8))),
        set(position, i32.add(get(position), get(stride))),
        set(count, i32.sub(get(count), i32.const(1))),
      ),
    ],
  };
}

/** The module's bytes. */
export const program = (): Uint8Array => moduleOf([index(), rows(), integers()]);
