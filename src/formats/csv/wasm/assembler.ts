// As much of WebAssembly's binary format as `program.ts` needs: an expression is the bytes of its operands and then its own.

/** An instruction, its operands before it. */
export type Code = readonly number[];

/** The types of values, as a module names them. */
export const I32 = 0x7f;
export const I64 = 0x7e;
export const F64 = 0x7c;
export const V128 = 0x7b;

/** A function of a module. Its variables are numbered: parameters, then locals. */
export interface WasmFunction {
  readonly name: string;
  readonly params: readonly number[];
  readonly results: readonly number[];
  readonly locals: readonly number[];
  readonly body: readonly Code[];
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest];
}

function signed(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest < -64n || rest > 63n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest & 127n)];
}

const operator =
  (...opcode: number[]) =>
  (...operands: readonly Code[]): Code => [...operands.flat(), ...opcode];
const load =
  (...opcode: number[]) =>
  (address: Code, offset = 0): Code => [...address, ...opcode, 0, ...unsigned(offset)];
const store =
  (opcode: number) =>
  (address: Code, value: Code, offset = 0): Code => [...address, ...value, opcode, 0, ...unsigned(offset)];

export const get = (variable: number): Code => [0x20, variable];
export const set = (variable: number, value: Code): Code => [...value, 0x21, variable];

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(BigInt(value | 0))],
  load: load(0x28),
  load8: load(0x2d),
  store: store(0x36),
  eqz: operator(0x45),
  eq: operator(0x46),
  ne: operator(0x47),
  /** Unsigned, as are all comparisons here. */
  less: operator(0x49),
  greater: operator(0x4b),
  atMost: operator(0x4d),
  atLeast: operator(0x4f),
  add: operator(0x6a),
  sub: operator(0x6b),
  and: operator(0x71),
  or: operator(0x72),
  shl: operator(0x74),
  ofI64: operator(0xa7),
};

export const i64 = {
  const: (value: bigint): Code => [0x42, ...signed(BigInt.asIntN(64, value))],
  load: load(0x29),
  eqz: operator(0x50),
  /** How many zeros the lowest one stands behind. */
  ctz: operator(0x7a),
  /** How many ones there are. */
  popcnt: operator(0x7b),
  add: operator(0x7c),
  sub: operator(0x7d),
  mul: operator(0x7e),
  and: operator(0x83),
  or: operator(0x84),
  xor: operator(0x85),
  shl: operator(0x86),
  shr: operator(0x88),
  ofI32: operator(0xad),
};

export const f64 = {
  const: (value: number): Code => [0x44, ...new Uint8Array(new Float64Array([value]).buffer)],
  store: store(0x39),
  sub: operator(0xa1),
  ofI64: operator(0xb9),
};

/** Sixteen bytes at once. */
export const v128 = {
  load: load(0xfd, 0),
  splat: operator(0xfd, 15),
  eq: operator(0xfd, 35),
  or: operator(0xfd, 80),
  /** The highest bit of each byte. */
  bitmask: operator(0xfd, 100),
};

export const give = (value: Code): Code => [...value, 0x0f];
export const when = (condition: Code, ...then: readonly Code[]): Code => [
  ...condition,
  0x04,
  0x40,
  ...then.flat(),
  0x0b,
];
/** Goes round until `done` holds. */
export const until = (done: Code, ...body: readonly Code[]): Code => [
  ...[0x02, 0x40, 0x03, 0x40, ...done, 0x0d, 1],
  ...[...body.flat(), 0x0c, 0, 0x0b, 0x0b],
];

/** The bytes of a module that exports these functions; they work on the memory `env.memory`. */
export function moduleOf(functions: readonly WasmFunction[]): Uint8Array {
  const section = (id: number, body: Code): Code => [id, ...unsigned(body.length), ...body];
  const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
  const text = (value: string): Code => [value.length, ...Buffer.from(value)];
  const single = (types: readonly number[]): Code => list(types.map((type) => [type]));
  const types = functions.map(({ params, results }) => [0x60, ...single(params), ...single(results)]);
  const bodies = functions.map(({ locals, body }) => {
    const code = [...list(locals.map((type) => [1, type])), ...body.flat(), 0x0b];
    return [...unsigned(code.length), ...code];
  });
  const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  return Uint8Array.from([
    ...magic,
    ...section(1, list(types)),
    ...section(2, list([[...text('env'), ...text('memory'), 2, 0, 1]])),
    ...section(3, list(functions.map((_, i) => [i]))),
    ...section(7, list(functions.map(({ name }, i) => [...text(name), 0, i]))),
    ...section(10, list(bodies)),
  ]);
}
