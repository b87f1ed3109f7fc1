import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../../src/core/clock.js';
import { keyGroupOf, subtaskOfKeyGroup } from '../../../src/core/key-groups.js';
import { streamEnv } from '../../../src/datastream/index.js';
import { scriptedStream } from '../../../src/datastream/testing/index.js';
import { boundedOutOfOrderness, WatermarkStrategy } from '../../../src/engine/time/watermarks.js';
import {
  EventTimeSessionWindows,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
} from '../../../src/engine/windows/assigners.js';

interface Reading {
  readonly key: string;
  readonly n: number;
  readonly ts: number;
}

describe('the loop', () => {
  it('lets the process live while a hundred thousand windows fire on one watermark', async () => {
    const env = streamEnv();
    const readings = function* (): Generator<Reading> {
      for (let i = 0; i < 100_000; i++) yield { key: `k${i}`, n: 1, ts: 1 };
    };
    let turns = 0;
    const ticking = setInterval(() => turns++, 1);
    let count = 0;
    env
      .fromCollection(readings)
      .assignTimestampsAndWatermarks(boundedOutOfOrderness<Reading>(0, (r) => r.ts))
      .keyBy((r) => r.key)
      .window(EventTimeSessionWindows.withGap<Reading>(10))
      .sum('n')
      .forEach(() => {
        // Slow enough for several slices.
        for (const end = performance.now() + 0.002; performance.now() < end; );
        count++;
      });
    await env.execute();
    clearInterval(ticking);
    expect(count).toBe(100_000);
    expect(turns).toBeGreaterThan(5);
  });

  it('finishes firing before the next element, where one element makes several', async () => {
    const env = streamEnv();
    const seen: string[] = [];
    // One flatMap makes: 5000 elements of window 0, one that closes it, one more of window 0 (late).
    env
      .fromElements(0)
      .flatMap<Reading>(function* () {
        for (let i = 0; i < 5000; i++) yield { key: `k${i}`, n: 1, ts: 1 };
        yield { key: 'close', n: 1, ts: 1000 };
        yield { key: 'k0', n: 100, ts: 2 };
      })
      .assignTimestampsAndWatermarks(boundedOutOfOrderness<Reading>(0, (r) => r.ts))
      .keyBy((r) => r.key)
      .window(TumblingEventTimeWindows.of<Reading>(10))
      .sum('n')
      .forEach((r) => {
        for (const end = performance.now() + 0.01; performance.now() < end; );
        seen.push(`${r.key}:${r.n}`);
      });
    await env.execute();
    expect(seen.length).toBe(5001);
    expect(seen[0]).toBe('k0:1');
    expect(seen.at(-1)).toBe('close:1');
    expect(seen).not.toContain('k0:100');
  });

  it('takes sources in turn', async () => {
    const env = streamEnv();
    const endless = (name: string) => () =>
      (function* () {
        for (;;) yield name;
      })();
    const both = env.fromCollection(endless('a')).union(env.fromCollection(endless('b')));
    const seen = await both.executeAndCollect(20_000);
    expect(seen.filter((name) => name === 'a').length).toBeGreaterThan(2000);
    expect(seen.filter((name) => name === 'b').length).toBeGreaterThan(2000);
  });
});

describe('subtasks', () => {
  it('get the keys that a real Flink gives them, and each its own state', async () => {
    const env = streamEnv({ parallelism: 4 });
    const words = ['to', 'be', 'or', 'not', 'to', 'be', 'that', 'is', 'the', 'question', 'to'];
    const counted = await env
      .fromCollection(words)
      .map((word) => ({ word, n: 1, at: -1 }))
      .keyBy((w) => w.word)
      .sum('n')
      .keyBy((w) => w.word)
      .process<{ word: string; n: number; at: number }>({
        open(context) {
          (this as { at?: number }).at = context.getIndexOfThisSubtask();
        },
        processElement(value, _context, out) {
          out.collect({ ...value, at: (this as { at?: number }).at ?? -1 });
        },
      })
      .executeAndCollect();
    expect(counted.filter((w) => w.word === 'to').map((w) => w.n)).toEqual([1, 2, 3]);
    for (const { word, at } of counted) expect(at).toBe(subtaskOfKeyGroup(keyGroupOf(word, 128), 128, 4));
    expect(new Set(counted.map((w) => w.at)).size).toBeGreaterThan(1);
  });

  it('wait for the watermark of every subtask above', async () => {
    const env = streamEnv();
    const stream = env
      .fromCollection([1, 2, 3, 4, 5, 6, 7, 8])
      .rebalance()
      .map((n) => ({ key: 'a', n, ts: n * 10 }))
      .setParallelism(2)
      .assignTimestampsAndWatermarks(boundedOutOfOrderness<Reading>(0, (r) => r.ts))
      .setParallelism(2)
      .keyBy((r) => r.key)
      .process<[number, number]>((r, context, out) => out.collect([r.n, context.timerService().currentWatermark()]));
    const seen = await stream.executeAndCollect();
    // Element n comes behind the watermark of the other subtask's last one.
    expect(seen.slice(2)).toEqual([3, 4, 5, 6, 7, 8].map((n) => [n, (n - 2) * 10 - 1]));
  });

  it('are spread by rebalance in turn, by broadcast to all', async () => {
    const env = streamEnv();
    const seen: string[] = [];
    const source = env.fromElements('a', 'b', 'c', 'd');
    source
      .rebalance()
      .process<string>({
        open(context) {
          (this as { at?: number }).at = context.getIndexOfThisSubtask();
        },
        processElement(value, _context, out) {
          out.collect(`${value}${(this as { at?: number }).at}`);
        },
      })
      .setParallelism(2)
      .forEach((value) => {
        seen.push(value);
      });
    await env.execute();
    expect(seen).toEqual(['a0', 'b1', 'c0', 'd1']);
    const copies = await env
      .fromElements(1, 2)
      .broadcast()
      .map((n) => n)
      .setParallelism(3)
      .executeAndCollect();
    expect(copies).toEqual([1, 1, 1, 2, 2, 2]);
  });
});

describe('processing time', () => {
  it('fires windows by the clock, and not at the end of input', async () => {
    const env = streamEnv({ clock: virtualClock() });
    const seen: number[][] = [];
    scriptedStream<number>(env, [
      { value: 1 },
      { pauseMs: 400 },
      { value: 2 },
      { pauseMs: 800 },
      { value: 3 },
      { pauseMs: 300 },
    ])
      .keyBy(() => 'all')
      .window(TumblingProcessingTimeWindows.of<number>(1000))
      .process<number[]>((_key, _context, elements) => [...elements])
      .forEach((window) => {
        seen.push(window);
      });
    const job = await env.executeAsync();
    await env.advance(999);
    expect(seen).toEqual([[1, 2]]);
    await env.advance(10_000);
    await job.wait();
    expect(seen).toEqual([[1, 2]]);
  });

  it('marks a silent input as idle, and active again with its next element', async () => {
    const env = streamEnv({ clock: virtualClock() });
    const seen: string[] = [];
    const strategy = WatermarkStrategy.forMonotonousTimestamps<Reading>()
      .withTimestampAssigner((r) => r.ts)
      .withIdleness(1000);
    const fast = [10, 20, 30, 40, 50, 60].flatMap((ts) => [{ value: { key: 'fast', n: 1, ts } }, { pauseMs: 500 }]);
    const slow = [{ value: { key: 'slow', n: 1, ts: 5 } }, { pauseMs: 4000 }, { value: { key: 'slow', n: 1, ts: 70 } }];
    scriptedStream<Reading>(env, fast)
      .assignTimestampsAndWatermarks(strategy)
      .union(scriptedStream<Reading>(env, slow).assignTimestampsAndWatermarks(strategy))
      .keyBy((r) => r.key)
      .process<string>((r, context, out) => out.collect(`${r.key}${r.ts}@${context.timerService().currentWatermark()}`))
      .forEach((line) => {
        seen.push(line);
      });
    const job = await env.executeAsync();
    await env.advance(20_000);
    await job.wait();
    // The slow one holds the watermark at 4 until it is idle, at 1 s; then the fast one decides alone.
    expect(seen).toEqual([
      'fast10@-Infinity',
      'slow5@-Infinity',
      'fast20@4',
      'fast30@19',
      'fast40@29',
      'fast50@39',
      'fast60@49',
      expect.stringMatching(/^slow70@/),
    ]);
  });
});
