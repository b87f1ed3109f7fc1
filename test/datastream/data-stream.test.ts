import { describe, expect, it, vi } from 'vitest';
import { streamEnv } from '../../src/datastream/index.js';
import type { Collector } from '../../src/engine/functions/functions.js';

describe('a first stream', () => {
  it('maps, filters and flattens in order', async () => {
    const env = streamEnv();
    const out = await env
      .fromElements('to be', 'or not', 'to be')
      .flatMap((line) => line.split(' '))
      .filter((word) => word !== 'or')
      .map((word) => word.toUpperCase())
      .executeAndCollect();
    expect(out).toEqual(['TO', 'BE', 'NOT', 'TO', 'BE']);
  });

  it('counts words, rolling, per key', async () => {
    const env = streamEnv();
    const out = await env
      .fromElements('to be or not to be')
      .flatMap(function* (line) {
        for (const word of line.split(' ')) yield { word, n: 1 };
      })
      .keyBy((w) => w.word)
      .sum('n')
      .executeAndCollect();
    expect(out.map(({ word, n }) => `${word}${n}`)).toEqual(['to1', 'be1', 'or1', 'not1', 'to2', 'be2']);
  });

  it.each([
    ['in flatMap', () => streamEnv().fromElements('a b')],
    ['in a flatMap of two streams', () => undefined],
  ])('names a flatMap whose function gives nothing, %s', async (_, one) => {
    const forgetful = (line: string) => void line.split(' ');
    const two = streamEnv();
    const stream =
      one()?.flatMap(forgetful) ?? two.fromElements('a b').connect(two.fromElements('c')).flatMap(forgetful, forgetful);
    const error = await stream
      .name('to words')
      .executeAndCollect()
      .then(String, (reason) => reason);
    expect(error).toMatchObject({ hint: expect.stringContaining('for no result return []') });
    expect(String(error)).toMatch(/to words failed at the element .*returned nothing \(undefined\)/);
  });

  it('takes a flatMap function that collects nothing, where it could', async () => {
    const some = await streamEnv()
      .fromElements(1, 2, 3)
      // biome-ignore lint/suspicious/useIterableCallbackReturn: a stream's flatMap may collect instead
      .flatMap<number>((x, out) => {
        if (x > 1) out.collect(x);
      })
      .executeAndCollect();
    expect(some).toEqual([2, 3]);
    // A function around another one does not say how many arguments it takes.
    const wrapped = (...args: [number, Collector<number>]) => args[1].collect(args[0]);
    expect(await streamEnv().fromElements(1, 2).flatMap(wrapped).executeAndCollect()).toEqual([1, 2]);
  });

  it('takes collectors, generators, sets, async iterables and functions that make them', async () => {
    const env = streamEnv();
    async function* slowly() {
      yield 1;
      await new Promise((resolve) => setImmediate(resolve));
      yield 2;
    }
    expect(await env.fromCollection(slowly).executeAndCollect()).toEqual([1, 2]);
    expect(await env.fromCollection(new Set([3, 4])).executeAndCollect()).toEqual([3, 4]);
    // biome-ignore lint/suspicious/useIterableCallbackReturn: a stream's flatMap may collect instead
    const doubled = env.fromElements(1, 2).flatMap<number>((x, out) => {
      out.collect(x);
      out.collect(x * 10);
    });
    expect(await doubled.executeAndCollect()).toEqual([1, 10, 2, 20]);
  });

  it('asks for a return where every result is undefined', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    try {
      const words = streamEnv().fromElements('a b', 'c');
      await words
        // biome-ignore lint/suspicious/useIterableCallbackReturn: the mistake this is about
        .map((text) => {
          text.split(' ');
        })
        .executeAndCollect();
      expect(warn.mock.calls).toEqual([[expect.stringMatching(/^all 2 elements .* undefined\n.*`return` missing/)]]);
      expect(await words.map((text) => (text === 'c' ? undefined : text)).executeAndCollect()).toEqual([
        'a b',
        undefined,
      ]);
      expect(warn).toHaveBeenCalledTimes(1);
    } finally {
      warn.mockRestore();
    }
  });

  it('stops an endless stream at the limit, and when the loop is left', async () => {
    const env = streamEnv();
    let closed = 0;
    const naturals = () =>
      (function* () {
        try {
          for (let i = 0; ; i++) yield i;
        } finally {
          closed++;
        }
      })();
    expect(await env.fromCollection(naturals).executeAndCollect(3)).toEqual([0, 1, 2]);
    const seen: number[] = [];
    for await (const x of env.fromCollection(naturals)) {
      seen.push(x);
      if (x === 5000) break;
    }
    expect(seen.length).toBe(5001);
    expect(closed).toBe(2);
  });

  it('answers several questions at once in their order, and those that are open when it is left', async () => {
    const env = streamEnv();
    const two = env.fromCollection(async function* () {
      await Promise.resolve();
      yield 1;
      await Promise.resolve();
      yield 2;
    });
    const iterator = two[Symbol.asyncIterator]();
    const answers = await Promise.all([iterator.next(), iterator.next(), iterator.next()]);
    expect(answers.map((one) => [one.value, one.done])).toEqual([
      [1, false],
      [2, false],
      [undefined, true],
    ]);
    const silent = env.fromCollection(async function* () {
      await new Promise(() => undefined);
      yield 1;
    });
    const left = silent[Symbol.asyncIterator]();
    const open = left.next();
    await left.return?.();
    expect(await open).toEqual({ done: true, value: undefined });
  });

  it('names the operator, the element and the line of a failing function', async () => {
    const env = streamEnv();
    const bad = env.fromElements({ id: 1 }, { id: 2 }).map((x) => {
      if (x.id === 2) throw new RangeError('too large');
      return x;
    });
    bad.name('check the id');
    await expect(bad.executeAndCollect()).rejects.toThrow(
      /check the id failed at the element \{ id: 2 \}: too large\n {2}at .*data-stream\.test\.ts:\d+:\d+/,
    );
  });

  it('refuses async functions where a result is needed at once, and names what waits for them', () => {
    const numbers = streamEnv().fromElements(1);
    const message = /an async function gives a promise[\s\S]*AsyncDataStream\.orderedWait/;
    expect(() => numbers.map(async (x) => x)).toThrow(message);
    expect(() => numbers.filter((async () => false) as never)).toThrow(message);
    expect(() => numbers.keyBy((x) => x).reduce((async (a: number) => a) as never)).toThrow(message);
    expect(() =>
      numbers.flatMap(async function* (x: number) {
        yield x;
      } as never),
    ).toThrow(message);
  });

  it('cancels, and says so', async () => {
    const env = streamEnv();
    env
      .fromCollection(() =>
        (function* () {
          for (let i = 0; ; i++) yield i;
        })(),
      )
      .forEach(() => {});
    const job = await env.executeAsync();
    await new Promise((resolve) => setImmediate(resolve));
    expect(job.status).toBe('running');
    await job.cancel();
    expect(job.status).toBe('cancelled');
    expect((await job.wait()).status).toBe('cancelled');
  });

  it('refuses to execute nothing', async () => {
    await expect(streamEnv().execute()).rejects.toThrow(/nothing to execute/);
  });
});
