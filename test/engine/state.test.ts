import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/core/clock.js';
import { streamEnv } from '../../src/datastream/index.js';
import { scriptedStream } from '../../src/datastream/testing/index.js';
import type { Collector } from '../../src/engine/functions/functions.js';
import type { KeyedProcessContext } from '../../src/engine/functions/process-function.js';
import type { RuntimeContext } from '../../src/engine/functions/runtime-context.js';
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../../src/engine/state/descriptors.js';
import { TumblingEventTimeWindows } from '../../src/engine/windows/assigners.js';

type Pair = [string, number];

const count = new ValueStateDescriptor<{ n: number }>('count');
const all = new ListStateDescriptor<number>('all');
const byDigit = new MapStateDescriptor<number, string>('by digit');
const sum = new ReducingStateDescriptor<number>('sum', (a, b) => a + b);
const mean = new AggregatingStateDescriptor<number, [number, number], number>('mean', {
  createAccumulator: () => [0, 0],
  add: (value, [n, total]) => [n + 1, total + value],
  getResult: ([n, total]) => total / n,
});
const short = new ValueStateDescriptor<number>('short').enableTimeToLive({ ttlMs: 50 });

const remember = {
  open(context: RuntimeContext) {
    (this as { context?: RuntimeContext }).context = context;
  },
  processElement([, n]: Pair, context: KeyedProcessContext<string>, out: Collector<number>) {
    const runtime = (this as { context?: RuntimeContext }).context as RuntimeContext;
    const state = runtime.getState(count);
    state.update({ n: (state.value()?.n ?? 0) + 1 });
    runtime.getListState(all).add(n);
    runtime.getMapState(byDigit).put(n % 10, `#${n}`);
    runtime.getReducingState(sum).add(n);
    runtime.getAggregatingState(mean).add(n);
    runtime.getState(short).update(n);
    context.timerService().registerEventTimeTimer(n * 100);
    out.collect(n);
  },
};

async function running(parallelism = 1) {
  const env = streamEnv({ clock: virtualClock() });
  const pairs = scriptedStream<Pair>(env, [
    { value: ['a', 1], timestamp: 1 },
    { value: ['b', 2], timestamp: 2 },
    { value: ['a', 5], timestamp: 3 },
    { pauseMs: 1_000_000 },
  ]).keyBy((pair) => pair[0]);
  pairs
    .process(remember)
    .name('memory')
    .setParallelism(parallelism)
    .forEach(() => {});
  pairs
    .sum(1)
    .uid('sums')
    .forEach(() => {});
  pairs
    .window(TumblingEventTimeWindows.of<Pair>(10))
    .reduce((x, y) => [x[0], x[1] + y[1]])
    .name('windows')
    .forEach(() => {});
  const job = await env.executeAsync();
  await env.advance(10);
  return { env, job };
}

describe('the state of a running job', () => {
  it('is read by descriptor, per kind of state', async () => {
    const { env, job } = await running(3);
    const state = job.state('memory');
    expect(state.get(count, 'a')).toEqual({ n: 2 });
    expect(state.get(count, 'nobody')).toBeNull();
    expect(state.get(all, 'a')).toEqual([1, 5]);
    expect(state.get(all, 'nobody')).toEqual([]);
    expect(state.get(byDigit, 'a')).toEqual([
      [1, '#1'],
      [5, '#5'],
    ]);
    expect(state.get(sum, 'a')).toBe(6);
    expect(state.get(mean, 'a')).toBe(3);
    expect(new Map(state.entries(sum))).toEqual(
      new Map([
        ['a', 6],
        ['b', 2],
      ]),
    );
    expect(new Set(state.keys(all))).toEqual(new Set(['a', 'b']));
    expect(state.timers().map(({ key, timestamp }) => [key, timestamp])).toEqual([
      ['a', 100],
      ['b', 200],
      ['a', 500],
    ]);
    expect(state.states().map(({ name, kind, entries }) => `${name} ${kind} ${entries}`)).toContain(
      'mean aggregating 2',
    );
    expect(state.get(short, 'a')).toBe(5);
    await env.advance(45);
    expect(state.get(short, 'a')).toBeNull();
    expect(state.entries(short)).toEqual([]);
    await job.cancel();
  });

  it('is found by uid, by name, by descriptor; and windows have theirs', async () => {
    const { job } = await running();
    expect(job.state('sums').entries()).toEqual([
      ['a', ['a', 6]],
      ['b', ['b', 2]],
    ]);
    expect(job.state(mean).operator).toBe('memory');
    expect(job.state('windows').windows()).toMatchObject([
      { key: 'a', window: { start: 0, end: 10 }, value: ['a', 6] },
      { key: 'b', window: { start: 0, end: 10 }, value: ['b', 2] },
    ]);
    expect(() => job.state('sms')).toThrow(/no operator `sms`[\s\S]*`sums` \(Sum\)/);
    expect(() => job.state('ForEach')).toThrow(/several operators/);
    expect(() => job.state('memory').entries()).toThrow(/which state[\s\S]*`count`, `all`/);
    expect(() => job.state('memory').get('cuont', 'a')).toThrow(/no keyed state `cuont`/);
    expect(JSON.parse(JSON.stringify(job.state('windows')))).toMatchObject({
      operator: 'windows',
      states: [{ windows: [{ key: 'a', window: { start: 0, end: 10 } }, { key: 'b' }] }],
    });
    await job.cancel();
  });

  it('cannot be changed from outside', async () => {
    const { job } = await running();
    const got = job.state('memory').get(count, 'a');
    if (got !== null) got.n = 100;
    expect(job.state('memory').get(count, 'a')).toEqual({ n: 2 });
    await job.cancel();
  });

  it('is one cut over all operators between two batches, and can be read after the end', async () => {
    const env = streamEnv();
    const numbers = env.generate((i) => ({ key: i % 7, n: 1 }), { count: 300_000 }).keyBy((x) => x.key);
    numbers
      .sum('n')
      .uid('left')
      .forEach(() => {});
    numbers
      .reduce((x, y) => ({ key: x.key, n: x.n + y.n }))
      .uid('right')
      .forEach(() => {});
    const job = await env.executeAsync();
    const both = (): [unknown, unknown] => [job.state('left').entries(), job.state('right').entries()];
    let cuts = 0;
    for (let done = false; !done; cuts++) {
      const [left, right] = await job.inspect(both);
      expect(left).toEqual(right);
      done = job.status === 'finished';
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(cuts).toBeGreaterThan(1);
    const total = job
      .state('left')
      .entries()
      .reduce((x, [, value]) => x + (value as { n: number }).n, 0);
    expect(total).toBe(300_000);
    await expect(job.inspect(() => job.state('nothing'))).rejects.toThrow(/no operator/);
  });
});
