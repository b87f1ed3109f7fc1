import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../../src/core/clock.js';
import { streamEnv } from '../../../src/datastream/index.js';
import { scriptedStream } from '../../../src/datastream/testing/index.js';
import type { RuntimeContext } from '../../../src/engine/functions/runtime-context.js';
import type { TraceEvent, TraceOptions } from '../../../src/engine/inspect/trace.js';
import { ListStateDescriptor, MapStateDescriptor } from '../../../src/engine/state/descriptors.js';
import {
  EventTimeSessionWindows,
  TumblingEventTimeWindows,
  type WindowAssigner,
} from '../../../src/engine/windows/assigners.js';
import type { TimeWindow } from '../../../src/engine/windows/window.js';

type Pair = [string, number];

async function trace(options: TraceOptions | true, assigner: WindowAssigner<Pair, TimeWindow>): Promise<TraceEvent[]> {
  const env = streamEnv({ clock: virtualClock({ autoAdvance: true }), trace: options });
  scriptedStream<Pair>(env, [
    { value: ['a', 1], timestamp: 1 },
    { value: ['a', 2], timestamp: 9 },
    { value: ['a', 3], timestamp: 5 },
    { watermark: 30 },
    { value: ['b', 4], timestamp: 2 },
  ])
    .keyBy((pair) => pair[0])
    .window(assigner)
    .sum(1)
    .name('windows')
    .forEach(() => {});
  const job = await env.executeAsync();
  const seen: TraceEvent[] = [];
  for await (const event of job.trace ?? []) seen.push(event);
  await job.wait();
  expect(job.trace?.events).toEqual(seen);
  return seen;
}

const line = ({ kind, key, window, timestamp, watermark }: TraceEvent): string =>
  [kind, key, window && `${window.start}..${window.end}`, timestamp, watermark]
    .filter((x) => x !== undefined)
    .join(' ');

describe('a trace', () => {
  it('tells what happened in a window operator, in order', async () => {
    const events = await trace({ operators: ['windows'] }, TumblingEventTimeWindows.of<Pair>(10));
    expect(events.map(line)).toEqual([
      'element a 1',
      'window-assigned a 0..10 1',
      'element a 9',
      'window-assigned a 0..10 9',
      'element a 5',
      'window-assigned a 0..10 5',
      'watermark 30',
      'fired a 0..10 9',
      'element b 2',
      'dropped b 2',
      'watermark Infinity',
    ]);
    expect(events.map((event) => event.order)).toEqual(events.map((_, i) => i));
  });

  it('tells of sessions that merge, and of timers', async () => {
    const events = await trace(
      { operators: ['windows'], kinds: ['merged', 'timer-set', 'timer-fired', 'fired'], keys: ['a'] },
      EventTimeSessionWindows.withGap<Pair>(5),
    );
    const lines = events.map(line);
    expect(lines).toContain('merged a');
    expect(lines).toContain('timer-fired a 1..14 13');
    expect(lines.at(-1)).toBe('fired a 1..14 13');
  });

  it('keeps no more than it was told to, and counts the rest', async () => {
    const env = streamEnv({ trace: { maxEvents: 10 } });
    env.fromSequence(1, 1000).forEach(() => {});
    const job = await env.executeAsync();
    await job.wait();
    expect(job.trace?.events.length).toBe(10);
    expect((job.trace?.forgotten ?? 0) + (job.trace?.events.length ?? 0)).toBe(1001);
  });

  it('keeps values as they were, and not the objects themselves', async () => {
    const env = streamEnv({ trace: true });
    env
      .fromCollection([{ word: 'to', n: 1 }])
      .map((count) => {
        count.n = 2;
        return count;
      })
      .name('doubled')
      .map((count) => count.n)
      .name('taken')
      .forEach(() => {});
    const job = await env.executeAsync();
    await job.wait();
    const values = job.trace?.events.filter(({ kind }) => kind === 'element').map(({ value }) => value);
    expect(values).toEqual([{ word: 'to', n: 1 }, { word: 'to', n: 2 }, 2]);
  });

  it('is not there unless asked for', async () => {
    const env = streamEnv();
    env.fromSequence(1, 2).forEach(() => {});
    expect((await env.executeAsync()).trace).toBeUndefined();
  });

  it('refuses a kind that there is not', () => {
    const trace = { kinds: ['elements'] } as unknown as { kinds: ['element'] };
    expect(() => streamEnv({ trace })).toThrow(/a kind is 'elements', none of 'element', 'watermark'/);
  });

  it('tells of state: rolling results and the states of functions, read before written, before the result goes on', async () => {
    const env = streamEnv({ trace: { kinds: ['element', 'state-read', 'state-written'] } });
    const keyed = env.fromElements<Pair>(['a', 1], ['a', 2]).keyBy((pair) => pair[0]);
    keyed
      .sum(1)
      .name('sum')
      .forEach(() => {});
    keyed
      .reduce((x, y) => [x[0], x[1] * y[1]])
      .name('product')
      .forEach(() => {});
    keyed
      .max(1)
      .name('max')
      .forEach(() => {});
    const list = new ListStateDescriptor<number>('list');
    const map = new MapStateDescriptor<string, number>('map');
    keyed
      .process<number>({
        open(context) {
          (this as { context?: RuntimeContext }).context = context;
        },
        processElement(pair: Pair) {
          const { context } = this as { context?: RuntimeContext };
          context?.getListState(list).add(pair[1]);
          context?.getMapState(map).put('n', pair[1]);
          context?.getMapState(map).get('n');
        },
      })
      .name('own')
      .forEach(() => {});
    const job = await env.executeAsync();
    await job.wait();
    const told = (operator: string): string[] =>
      (job.trace?.select({ operators: [operator], keys: ['a'] }) ?? []).map(
        ({ kind, value }) => `${kind} ${JSON.stringify(value)}`,
      );
    const rolling = (second: number): string[] => [
      'element ["a",1]',
      'state-read undefined',
      'state-written ["a",1]',
      'element ["a",2]',
      'state-read ["a",1]',
      `state-written ["a",${second}]`,
    ];
    expect(told('sum')).toEqual(rolling(3));
    expect(told('product')).toEqual(rolling(2));
    expect(told('max')).toEqual(rolling(2));
    expect(
      told('own')
        .filter((text) => text.startsWith('state'))
        .slice(-3),
    ).toEqual(['state-written 2', 'state-written ["n",2]', 'state-read ["n",2]']);
    expect(job.trace?.select({ keys: ['b'] })).toEqual(job.trace?.events.filter((event) => !('key' in event)));
  });
});
