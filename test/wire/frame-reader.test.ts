import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameReader } from '../../src/wire/index.js';

function framed(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

describe('FrameReader', () => {
  test('however the bytes are cut, the same frames come out', () => {
    const bodies = fc.array(fc.uint8Array({ minLength: 4, maxLength: 3000 }), { maxLength: 8 });
    fc.assert(
      fc.property(bodies, fc.infiniteStream(fc.integer({ min: 1, max: 2500 })), (frames, sizes) => {
        const stream = Buffer.concat(frames.map((body) => framed(Buffer.from(body))));
        const reader = new FrameReader();
        const out: string[] = [];
        for (let at = 0; at < stream.length; ) {
          const size = sizes.next().value as number;
          for (const frame of reader.push(stream.subarray(at, at + size))) out.push(frame.toString('hex'));
          at += size;
        }
        expect(out).toEqual(frames.map((body) => Buffer.from(body).toString('hex')));
        expect(reader.bufferedBytes).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  test('byte by byte, through the borders of what it gathers', () => {
    const body = Buffer.from(Array.from({ length: 70_000 }, (_, i) => i % 251));
    const stream = framed(body);
    const reader = new FrameReader();
    const out: Buffer[] = [];
    for (let at = 0; at < stream.length; at++) out.push(...reader.push(stream.subarray(at, at + 1)));
    expect(out).toHaveLength(1);
    expect(out[0]!.equals(body)).toBe(true);
  });

  test('a frame within a chunk is a view into it', () => {
    const chunk = framed(Buffer.from('hello'));
    expect(new FrameReader().push(chunk)[0]!.buffer).toBe(chunk.buffer);
  });

  test('nothing is kept for bytes that were only announced', () => {
    const reader = new FrameReader();
    const prefix = Buffer.alloc(4);
    prefix.writeInt32BE(100_000_000);
    expect(reader.push(prefix)).toEqual([]);
    expect(reader.bufferedBytes).toBe(4);
  });

  test.each([-1, 0, 3, -2147483648])('a length prefix of %i is refused', (length) => {
    const prefix = Buffer.alloc(4);
    prefix.writeInt32BE(length);
    expect(() => new FrameReader().push(prefix)).toThrow(`length prefix ${length}`);
    const slow = new FrameReader();
    slow.push(prefix.subarray(0, 3));
    expect(() => slow.push(prefix.subarray(3))).toThrow(`length prefix ${length}`);
  });

  test('a frame above the limit is refused, one at the limit is not', () => {
    const reader = new FrameReader({ maxFrameBytes: 10 });
    expect(reader.push(framed(Buffer.alloc(10)))).toHaveLength(1);
    expect(() => reader.push(framed(Buffer.alloc(11)))).toThrow('10 is the most');
  });
});
