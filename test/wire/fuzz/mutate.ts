import type { Random } from './random.js';

/** Numbers at the borders of what lengths, counts, ids and versions can be. */
const borders = [
  -2147483648,
  -2,
  -1,
  0,
  1,
  2,
  127,
  128,
  255,
  32767,
  32768,
  65535,
  1 << 20,
  1 << 28,
  2147483646,
  2147483647,
];

type Mutation = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

const flipBit: Mutation = (bytes, random) => {
  const at = random.below(bytes.length);
  bytes[at] = bytes[at]! ^ (1 << random.below(8));
  return bytes;
};
const setByte: Mutation = (bytes, random) => {
  bytes[random.below(bytes.length)] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.below(256)]);
  return bytes;
};
const setInt16: Mutation = (bytes, random) => {
  if (bytes.length >= 2) bytes.writeInt16BE((random.pick(borders) << 16) >> 16, random.below(bytes.length - 1));
  return bytes;
};
const setInt32: Mutation = (bytes, random) => {
  if (bytes.length >= 4) bytes.writeInt32BE(random.pick(borders), random.below(bytes.length - 3));
  return bytes;
};
const setHugeVarint: Mutation = (bytes, random) => {
  const huge = Buffer.from(random.pick(['ffffffff0f', 'ffffffff07', '8080808010', 'ffffff7f', '8000']), 'hex');
  huge.copy(bytes, random.below(bytes.length));
  return bytes;
};
const cutOff: Mutation = (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1));
const extend: Mutation = (bytes, random) => Buffer.concat([bytes, noise(random, 1 + random.below(40))]);
const remove: Mutation = (bytes, random) => {
  const from = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + random.below(16))]);
};
const insert: Mutation = (bytes, random) => {
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), noise(random, 1 + random.below(16)), bytes.subarray(at)]);
};
const repeat: Mutation = (bytes, random) => {
  const from = random.below(bytes.length);
  const part = bytes.subarray(from, from + 1 + random.below(64));
  return Buffer.concat([bytes.subarray(0, from), part, bytes.subarray(from)]);
};
const splice: Mutation = (bytes, random, others) => {
  const other = random.pick(others);
  return Buffer.concat([bytes.subarray(0, random.below(bytes.length)), other.subarray(random.below(other.length))]);
};
const otherVersion: Mutation = (bytes, random) => {
  if (bytes.length >= 4) bytes.writeInt16BE(random.below(20) - 1, 2);
  return bytes;
};
const otherApi: Mutation = (bytes, random) => {
  if (bytes.length >= 4) bytes.writeInt16BE(random.below(95) - 1, 0);
  return bytes;
};

const mutations: readonly Mutation[] = [
  flipBit,
  setByte,
  setInt16,
  setInt32,
  setHugeVarint,
  cutOff,
  extend,
  remove,
  insert,
  repeat,
  splice,
  otherVersion,
  otherApi,
];

function noise(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}

/**
 * A frame that a faulty or hostile client may send: a real one with one to four mutations, or, one time in twenty, plain
 * noise. May be empty.
 *
 * @param frames real frames without length prefixes; they are not changed
 */
export function mutatedFrame(frames: readonly Buffer[], random: Random): Buffer {
  if (random.below(20) === 0) return noise(random, random.below(200));
  let bytes: Buffer = Buffer.from(random.pick(frames));
  for (let left = 1 + random.below(4); left > 0 && bytes.length > 0; left--) {
    bytes = random.pick(mutations)(bytes, random, frames);
  }
  return bytes;
}

/**
 * Mutated frames without end, for a fuzzer of the codec or of a running broker.
 *
 * @example for (const frame of mutatedFrames(realRequests, new Random(1))) socket.write(withLengthPrefix(frame));
 */
export function* mutatedFrames(frames: readonly Buffer[], random: Random): Generator<Buffer, never, undefined> {
  for (;;) yield mutatedFrame(frames, random);
}
