import { describe, expect, test } from 'vitest';
import { examine } from '../../../src/lessons/doctor/examine.js';
import type { Probe } from '../../../src/lessons/doctor/report.js';

function probe(look: Probe['look'], needed = false): Probe {
  return { name: 'thing', group: 'things', needed, look };
}

const fine = async () => ({ verdict: 'fine' as const, version: '1.2' });

describe('examine', () => {
  test('keeps the order and what was found', async () => {
    const checks = await examine([
      { ...probe(fine), name: 'a' },
      { ...probe(fine), name: 'b' },
    ]);
    expect(checks).toMatchObject([
      { name: 'a', group: 'things', verdict: 'fine', version: '1.2' },
      { name: 'b', group: 'things', verdict: 'fine', version: '1.2' },
    ]);
  });

  test('looks at everything side by side', async () => {
    let second = (): void => {};
    const waits = new Promise<void>((resolve) => {
      second = resolve;
    });
    const checks = await examine([
      probe(async () => {
        await waits;
        return fine();
      }),
      probe(async () => {
        second();
        return fine();
      }),
    ]);
    expect(checks.map(({ verdict }) => verdict)).toEqual(['fine', 'fine']);
  });

  test('leaves alone what never answers, and tells it to end', async () => {
    let told = false;
    const hangs = probe((limit) => {
      limit.addEventListener('abort', () => {
        told = true;
      });
      return new Promise(() => {});
    }, true);
    const [stuck, other] = await examine([hangs, probe(fine)], 20);
    expect(stuck).toMatchObject({ verdict: 'note', detail: 'no answer within 0.02 s' });
    expect(other).toMatchObject({ verdict: 'fine' });
    expect(told).toBe(true);
  });

  test.each([
    ['what is needed has to be mended when it cannot be looked at', true, 'mend'],
    ['what is not needed is told of', false, 'note'],
  ])('%s', async (_name, needed, verdict) => {
    const throws = (): never => {
      throw new Error('the lock file is damaged\nand more');
    };
    const rejects = async () => throws();
    for (const look of [throws, rejects]) {
      expect(await examine([probe(look, needed)])).toMatchObject([{ verdict, detail: 'the lock file is damaged' }]);
    }
  });
});
