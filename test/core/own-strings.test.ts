import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { ownStrings } from '../../src/core/own-strings.js';
import { streamEnv } from '../../src/datastream/index.js';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

const cut = (text: string): string => `${text}${'.'.repeat(100)}`.slice(0, text.length);

describe('strings with memory of their own', () => {
  it('are equal to what they were, in the same value', () => {
    const value = {
      short: 'abc',
      long: cut('a name that is long'),
      chinese: cut('一个很长的名字也是一样的一样的'),
      n: 1,
    };
    const before = { ...value };
    expect(ownStrings(value)).toBe(value);
    expect(value).toEqual(before);
    expect(ownStrings(cut('a name that is long'))).toBe('a name that is long');
    expect(ownStrings([cut('a name that is long'), 2])).toEqual(['a name that is long', 2]);
    for (const plain of [1, 1n, null, undefined, true]) expect(ownStrings(plain)).toBe(plain);
  });

  it('leave alone what must not be written', () => {
    const frozen = Object.freeze({ name: cut('a name that is long') });
    expect(ownStrings(frozen)).toEqual({ name: 'a name that is long' });
    let written = 0;
    const guarded = {
      get name() {
        return 'a name that is long';
      },
      set name(_value: string) {
        written++;
      },
    };
    ownStrings(guarded);
    class Inherits {
      declare name: string;
    }
    Object.defineProperty(Inherits.prototype, 'name', { value: 'a name that is long', enumerable: true });
    ownStrings(new Inherits());
    expect(written).toBe(0);
  });

  it.each(['reduce', 'sum', 'min'] as const)(
    'let the chunks go that keys and first elements were cut out of: %s',
    async (how) => {
      gc();
      const before = process.memoryUsage().heapUsed;
      const chunks = function* (): Generator<string> {
        for (let i = 0; i < 400; i++) yield Buffer.alloc(100_000, `keyword number ${i} and so on;`).toString('latin1');
        // The last batch that the source hands over, which is still in hand, holds no chunks.
        for (let i = 0; i < 2000; i++) yield 'short;';
      };
      const env = streamEnv();
      const keyed = env
        .fromCollection(chunks)
        .map((chunk) => ({ word: chunk.slice(0, chunk.indexOf(';')), n: 1 }))
        .keyBy((w) => w.word);
      const result =
        how === 'reduce'
          ? keyed.reduce((a, b) => ({ word: a.word, n: a.n + b.n }))
          : how === 'sum'
            ? keyed.sum('n')
            : keyed.min('n');
      let held = 0;
      let count = 0;
      result.forEach(() => {
        if (++count < 2400) return;
        gc();
        held = process.memoryUsage().heapUsed - before;
      });
      await env.execute();
      expect(count).toBe(2400);
      // 40 MB of chunks went through; at most the last one is still there.
      expect(held).toBeLessThan(15_000_000);
    },
  );
});
