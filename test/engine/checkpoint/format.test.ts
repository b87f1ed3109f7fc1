import { describe, expect, test } from 'vitest';
import { isStreambookError } from '../../../src/core/errors.js';
import { decodeSnapshot, encodeMeta, encodeState } from '../../../src/engine/checkpoint/format.js';
import { SNAPSHOT_VERSION, type Snapshot } from '../../../src/engine/checkpoint/snapshot.js';

const snapshot: Snapshot = {
  meta: {
    id: 7,
    job: 'words',
    run: 'r',
    kind: 'checkpoint',
    takenAt: 1000,
    maxParallelism: 128,
    operators: [
      {
        uid: 'in',
        name: 'Source',
        source: true,
        subtasks: [{ firstBlock: 0, blocks: 0, finished: false, position: { 0: 12 } }],
      },
      { uid: 'sums', name: 'Sum', source: false, subtasks: [{ firstBlock: 0, blocks: 2, finished: false }] },
    ],
  },
  blocks: [Buffer.from('first block'), Buffer.from('second')],
};

const state = (): Buffer => Buffer.concat([...encodeState(snapshot)]);

describe('a snapshot on disk', () => {
  test('comes back as it was', () => {
    const back = decodeSnapshot(encodeMeta(snapshot), state(), 'chk-7');
    expect(back.meta).toEqual(snapshot.meta);
    expect(back.blocks.map(String)).toEqual(['first block', 'second']);
  });

  test('with any one byte changed, in either file, is refused by name', () => {
    for (const [file, good] of [
      ['_metadata', encodeMeta(snapshot)],
      ['state', state()],
    ] as const) {
      for (let at = 0; at < good.length; at++) {
        for (const change of [0x01, 0x80, 0xff]) {
          const bad = Buffer.from(good);
          bad[at] = (bad[at] as number) ^ change;
          const decode = (): unknown =>
            file === 'state'
              ? decodeSnapshot(encodeMeta(snapshot), bad, 'chk-7')
              : decodeSnapshot(bad, state(), 'chk-7');
          // A version may also be one that this program does not know yet.
          expect(decode, `${file}, byte ${at}`).toThrow(/chk-7/);
        }
      }
    }
  });

  test('cut off anywhere, or longer than it was, is refused', () => {
    const meta = encodeMeta(snapshot);
    const whole = state();
    for (let length = 0; length < meta.length; length++) {
      expect(() => decodeSnapshot(meta.subarray(0, length), whole, 'chk-7')).toThrow(/chk-7/);
    }
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeSnapshot(meta, whole.subarray(0, length), 'chk-7')).toThrow(/chk-7/);
    }
    expect(() => decodeSnapshot(meta, Buffer.concat([whole, Buffer.alloc(1)]), 'chk-7')).toThrow(/bytes too many/);
    expect(() => decodeSnapshot(Buffer.concat([meta, Buffer.alloc(1)]), whole, 'chk-7')).toThrow(/bytes too many/);
  });

  test('beside the state of another one is refused', () => {
    const other: Snapshot = { ...snapshot, blocks: [Buffer.from('first blocc'), Buffer.from('second')] };
    const bytes = Buffer.concat([...encodeState(other)]);
    expect(() => decodeSnapshot(encodeMeta(snapshot), bytes, 'chk-7')).toThrow(/another block/);
  });

  test('of a later version says so', () => {
    const meta = encodeMeta(snapshot);
    meta.writeUInt32LE(SNAPSHOT_VERSION + 1, 4);
    try {
      decodeSnapshot(meta, state(), 'chk-7');
      expect.unreachable();
    } catch (error) {
      expect(isStreambookError(error, 'snapshot-version')).toBe(true);
    }
  });
});
