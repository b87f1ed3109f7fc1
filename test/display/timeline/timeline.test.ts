import { afterEach, describe, expect, test, vi } from 'vitest';
import { virtualClock } from '../../../src/core/clock.js';
import type { MimeBundle } from '../../../src/core/display.js';
import { setKernelHook } from '../../../src/core/kernel.js';
import { stopRunning } from '../../../src/core/running.js';
import { streamEnv } from '../../../src/datastream/index.js';
import { show, timeline } from '../../../src/display/index.js';
import type { TimelineWindow } from '../../../src/display/timeline/data.js';
import { readTrace } from '../../../src/display/timeline/read.js';
import { OutputTag } from '../../../src/engine/channels/output-tag.js';
import { KeyedProcessFunction } from '../../../src/engine/functions/process-function.js';
import type { TraceEvent } from '../../../src/engine/inspect/trace.js';
import { boundedOutOfOrderness } from '../../../src/engine/time/watermarks.js';
import {
  EventTimeSessionWindows,
  SlidingEventTimeWindows,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
} from '../../../src/engine/windows/assigners.js';
import { type Pair, run } from './runs.js';

const VEGA_LITE = 'application/vnd.vegalite.v5+json';

const fates = (data: ReturnType<typeof readTrace>): string[] =>
  data.elements.map(({ value, fate }) => `${(value as Pair).join('')} ${fate}`);

const windowText = ({ key, start, end, elements, firings, mergedInto }: TimelineWindow): string => {
  const into = mergedInto === undefined ? '' : ` into ${mergedInto.start}..${mergedInto.end}`;
  const fired = firings.map(({ pane, results }) => ` ${pane} ${results.map((one) => (one as Pair)[1]).join()}`);
  return `${key} ${start}..${end} of ${elements}${into}${fired.join('')}`;
};

describe('the data of a time-line', () => {
  test('says what became of each element, and what each window fired', async () => {
    const data = timeline(await run(TumblingEventTimeWindows.of(10))).data();
    expect(data.operator).toBe('sums');
    expect(data.keys).toEqual(['a', 'b']);
    expect(fates(data)).toEqual([
      'a3 on-time',
      'b5 on-time',
      'a2 on-time',
      'a7 on-time',
      'b1 on-time',
      'a4 on-time',
      'a6 on-time',
      'b3 on-time',
      'a9 dropped',
      'a2 on-time',
      'b4 dropped',
      'b6 on-time',
      'a1 on-time',
      'a5 behind',
      'b2 behind',
      'a8 on-time',
    ]);
    expect(data.windows.map(windowText)).toEqual([
      'a 0..10 of 4 on-time 16',
      'b 0..10 of 2 on-time 6',
      'a 10..20 of 3 on-time 13',
      'b 10..20 of 2 on-time 5',
      'b 20..30 of 1 on-time 6',
      'a 20..30 of 2 on-time 9',
    ]);
    const [first] = data.windows;
    expect(first?.firings[0]?.watermark).toBe(9);
    expect(first?.stretches[0]?.from.step).toBe(1);
    expect(data.watermarks.at(-1)?.watermark).toBe(Number.POSITIVE_INFINITY);
  });

  test('tells lateness that is allowed from side outputs', async () => {
    const late = new OutputTag<Pair>('late');
    const data = timeline(await run(TumblingEventTimeWindows.of(10), { latenessMs: 2, late })).data();
    expect(data.windows.map(windowText)).toContain('a 0..10 of 5 on-time 16 late 25');
    expect(fates(data).filter((text) => / (late|dropped)$/.test(text))).toEqual(['b4 late']);
  });

  test('follows sessions as they merge', async () => {
    const { windows } = timeline(await run(EventTimeSessionWindows.withGap(4))).data();
    const [oldest, , other] = windows.filter((window) => window.key === 'a');
    expect(windows.map(windowText)).toContain('a 1..21 of 8 on-time 38');
    expect(oldest?.stretches.map(({ start, end }) => [start, end])).toEqual([
      [1, 5],
      [1, 8],
      [1, 13],
      [1, 17],
      [1, 21],
    ]);
    expect(windows.some((window) => window.mergedInto?.end === 13)).toBe(true);
    expect(other).toBeDefined();
    // Stretches follow on each other.
    for (const { stretches } of windows) {
      for (const [i, stretch] of stretches.entries()) {
        expect(stretch.from.step).toBeLessThanOrEqual(stretch.to.step);
        expect(stretch.from.step).toBeGreaterThanOrEqual(stretches[i - 1]?.to.step ?? 0);
      }
    }
  });

  test('gives an element of sliding windows all of its windows', async () => {
    const data = timeline(await run(SlidingEventTimeWindows.of(10, 5))).data();
    expect(data.elements[0]?.windows).toEqual([
      { start: 0, end: 10 },
      { start: -5, end: 5 },
    ]);
  });

  test('shows timers of functions, and keyed elements without windows', async () => {
    class Later extends KeyedProcessFunction<string, Pair, string> {
      override processElement(
        _: Pair,
        context: { timestamp(): number | null; timerService(): { registerEventTimeTimer(at: number): void } },
      ): void {
        context.timerService().registerEventTimeTimer((context.timestamp() ?? 0) + 5);
      }
      override onTimer(): void {}
    }
    const env = streamEnv({ trace: true });
    env
      .fromElements<Pair>(['a', 1], ['b', 4], ['a', 20])
      .assignTimestampsAndWatermarks(boundedOutOfOrderness<Pair>(0).withTimestampAssigner((pair) => pair[1]))
      .keyBy((pair) => pair[0])
      .process(new Later() as never)
      .name('later')
      .forEach(() => {});
    const job = await env.executeAsync();
    await job.wait();
    const data = timeline(job).data();
    expect(data.operator).toBe('later');
    expect(data.timers.map(({ key, timestamp }) => [key, timestamp])).toEqual([
      ['a', 6],
      ['b', 9],
      ['a', 25],
    ]);
    expect(timeline(job).text()).toContain('timer of 6 fires');
  });

  test('of windows without a key, of the clock, and of a count', async () => {
    const all = streamEnv({ trace: true });
    all
      .fromElements(1, 2, 12)
      .assignTimestampsAndWatermarks(boundedOutOfOrderness<number>(0).withTimestampAssigner((n) => n))
      .windowAll(TumblingEventTimeWindows.of(10))
      .reduce((a, b) => a + b)
      .forEach(() => {});
    const allJob = await all.executeAsync();
    await allJob.wait();
    const one = timeline(allJob).data();
    expect(one.keys).toHaveLength(1);
    expect(one.windows.map(({ start, end, elements, firings }) => [start, end, elements, firings[0]?.results])).toEqual(
      [
        [0, 10, 2, [3]],
        [10, 20, 1, [12]],
      ],
    );
    expect(timeline(allJob).text()).toMatch(/\[0, 10\) fires on-time: 3$/m);

    const counted = streamEnv({ trace: true });
    counted
      .fromElements<Pair>(['a', 1], ['a', 2], ['b', 3], ['a', 4], ['a', 5])
      .assignTimestampsAndWatermarks(boundedOutOfOrderness<Pair>(0).withTimestampAssigner((pair) => pair[1]))
      .keyBy((pair) => pair[0])
      .countWindow(2)
      .reduce((a, b) => [a[0], a[1] + b[1]])
      .forEach(() => {});
    const countedJob = await counted.executeAsync();
    await countedJob.wait();
    expect(timeline(countedJob).data().windows.map(windowText)).toEqual([
      'a 1..2 of 2 on-time 3',
      'a 4..5 of 2 on-time 9',
    ]);

    const clock = virtualClock({ startMs: 1000 });
    const clocked = streamEnv({ trace: true, clock });
    clocked
      .fromCollection(async function* () {
        yield ['a', 1] as Pair;
        yield ['a', 2] as Pair;
        await new Promise(() => {});
      })
      .keyBy((pair) => pair[0])
      .window(TumblingProcessingTimeWindows.of(100))
      .reduce((a, b) => [a[0], a[1] + b[1]])
      .forEach(() => {});
    const clockedJob = await clocked.executeAsync();
    await vi.waitUntil(() => timeline(clockedJob).data().elements.length === 2);
    await clock.advance(500);
    const byClock = timeline(clockedJob).data();
    await clockedJob.cancel();
    expect(byClock.windows.map(windowText)).toEqual(['a 1000..1100 of 2 on-time 3']);
    expect(JSON.stringify(timeline(clockedJob).spec())).toContain('the elements have no event time');
  });

  test('does not need values of any kind, nor times, nor events', async () => {
    expect(timeline([]).data()).toMatchObject({ elements: [], windows: [], keys: [] });
    expect((await timeline([]).bundle())['image/svg+xml']).toMatch(/<svg[\s\S]*>nothing happened<[\s\S]*>event time</);
    expect(String(timeline([]))).toBe('time-line of nothing');
    const base = { operator: 'x', subtask: 0, at: 0 };
    const odd: TraceEvent[] = [
      { ...base, order: 0, kind: 'fired', window: { start: 0, end: 5 }, value: undefined },
      { ...base, order: 1, kind: 'merged', detail: undefined },
      { ...base, order: 2, kind: 'late', key: new Map(), value: Number.NaN },
      { ...base, order: 3, kind: 'element', key: () => 1, value: Symbol('s'), timestamp: Number.NEGATIVE_INFINITY },
      { ...base, order: 4, kind: 'watermark' },
    ];
    const drawn = timeline(odd);
    expect(drawn.text()).toContain('time-line of `x`');
    expect((await drawn.bundle())['image/svg+xml']).toContain('<svg');
  });

  test('of two inputs the watermark is the smaller one', () => {
    const base = { operator: 'join', subtask: 0, at: 0, kind: 'watermark' } as const;
    const data = readTrace(
      [
        { ...base, order: 0, watermark: 10 },
        { ...base, order: 1, watermark: 5, detail: { input: 2 } },
        { ...base, order: 2, watermark: 20, detail: { input: 2 } },
        { ...base, order: 3, watermark: 15 },
      ],
      'join',
    );
    expect(data.watermarks.map((one) => one.watermark)).toEqual([5, 10, 15]);
  });
});

describe('the figure', () => {
  test('has a text form', async () => {
    const text = timeline(await run(TumblingEventTimeWindows.of(10)), { keys: ['a', 'b'] }).text();
    expect(text).toMatchInlineSnapshot(`
      "time-line of \`sums\`: 16 elements, 2 keys, 6 windows, 6 firings, 2 behind the watermark, 2 dropped
         -1                                                        31
      a │   ●                                                        │ 3 at 1
        │┃                                                           │ watermark -3
      b │░    ●                                                      │ 5 at 2
        │┃                                                           │ watermark -2
      a │░       ●                                                   │ 2 at 4
        │░┃                                                          │ watermark 0
      a │░░                ●                                         │ 7 at 9
        │░░░░░░░░░░┃                                                 │ watermark 5
      b │░░░░░░░░░░░   ●                                             │ 1 at 7
      a │░░░░░░░░░░░ ●                                               │ 4 at 6
      a │░░░░░░░░░░░               ●                                 │ 6 at 13
        │░░░░░░░░░░░░░░░░░░┃                                         │ watermark 9
      a │░[════════16════════)                                       │ [0, 10) fires on-time: 16
      b │░[═════════6════════)                                       │ [0, 10) fires on-time: 6
      b │░░░░░░░░░░░░░░░░░░░     ●                                   │ 3 at 12
      a │░░░░░░✕░░░░░░░░░░░░                                         │ 9 at 3 dropped
      a │░░░░░░░░░░░░░░░░░░░              ●                          │ 2 at 17
        │░░░░░░░░░░░░░░░░░░░░░░░░░░┃                                 │ watermark 13
      b │░░░░░░░░░░░░░░░░✕░░░░░░░░░░                                 │ 4 at 8 dropped
      b │░░░░░░░░░░░░░░░░░░░░░░░░░░░              ●                  │ 6 at 21
        │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░┃                          │ watermark 17
      a │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░         ●                │ 1 at 22
        │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░┃                        │ watermark 18
      a │░░░░░░░░░░░░░░░░░░░░░░◆░░░░░░░░░░░░░                        │ 5 at 11 behind
      b │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░◆░░░░                        │ 2 at 16 behind
      a │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░                   ●    │ 8 at 28
        │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░┃            │ watermark 24
      a │░░░░░░░░░░░░░░░░░░░░[════════13════════)░░░░░░░░            │ [10, 20) fires on-time: 13
      b │░░░░░░░░░░░░░░░░░░░░[═════════5════════)░░░░░░░░            │ [10, 20) fires on-time: 5
        │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░│ watermark the end
      b │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░[═════════6════════)░│ [20, 30) fires on-time: 6
      a │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░[═════════9════════)░│ [20, 30) fires on-time: 9"
    `);
  });

  test('is a Vega-Lite object and an SVG, and what it holds is text', async () => {
    const bad = '<script>alert(1)</script>';
    const env = streamEnv({ trace: true });
    env
      .fromElements({ [bad]: bad, time: 1 }, { [bad]: 'javascript:alert(1)\u0000', time: 12 })
      .assignTimestampsAndWatermarks(
        boundedOutOfOrderness<{ time: number }>(0).withTimestampAssigner((one) => one.time),
      )
      .keyBy((one) => (one as unknown as Record<string, string>)[bad])
      .window(TumblingEventTimeWindows.of(10))
      .reduce((_, later) => later)
      .name(bad)
      .forEach(() => {});
    const job = await env.executeAsync(bad);
    await job.wait();
    const bundle = await timeline(job, { title: bad }).bundle();
    expect(Object.keys(bundle).sort()).toEqual([VEGA_LITE, 'image/svg+xml', 'text/plain'].sort());
    const svg = String(bundle['image/svg+xml']);
    expect(svg).not.toMatch(/<script|<image|<a |<foreignObject/i);
    expect(svg).not.toContain('\u0000');
    expect(svg).toContain('&lt;script&gt;');
    expect(JSON.parse(JSON.stringify(bundle))).toEqual(bundle);
  });

  test('two of them side by side have the same axes', async () => {
    const [a, b] = [await run(TumblingEventTimeWindows.of(10)), await run(TumblingEventTimeWindows.of(20))];
    const both = timeline.compare(a, b, { titles: ['ten', 'twenty'] });
    const spec = both.spec() as {
      hconcat: { vconcat: { layer?: { encoding: { x: { scale: { domain: number[] } } } }[] }[] }[];
    };
    const domains = spec.hconcat.map((figure) => figure.vconcat[1]?.layer?.[0]?.encoding.x.scale.domain);
    expect(domains[0]).toEqual(domains[1]);
    expect(both.text()).toMatch(/^ten\n[\s\S]*\n\ntwenty\n/);
  });

  test('draws the busiest keys, and a part of the time, and says so', async () => {
    const steps = Array.from({ length: 2000 }, (_, i) => ({
      value: [`key ${i % 10}`, i] as Pair,
      timestamp: i,
      watermark: i - 5,
    }));
    const drawn = timeline(await run(TumblingEventTimeWindows.of(10), { steps }));
    const text = JSON.stringify(drawn.spec());
    expect(text).toContain('6 of 10 keys');
    expect(text.length).toBeLessThan(1_000_000);
    const part = timeline(await run(TumblingEventTimeWindows.of(10), { steps }), {
      between: [100, 200],
      keys: ['key 3'],
    });
    const dots = JSON.stringify(part.spec()).match(/before the watermark, /g) ?? [];
    expect(dots.length).toBe(10);
    expect(part.text().split('\n').length).toBeLessThan(70);
    expect(part.text()).toMatch(/⋮ [\d,]+ more lines/);
  });

  test('what cannot be drawn is an error that says what can', async () => {
    const env = streamEnv();
    env.fromElements(1).forEach(() => {});
    const untraced = await env.executeAsync();
    await expect(timeline(untraced).show()).rejects.toThrow(/keeps no trace[\s\S]*trace: true/);
    const job = await run(TumblingEventTimeWindows.of(10));
    expect(() => timeline(job, { operator: 'nosuch' }).data()).toThrow(/nosuch[\s\S]*`sums`/);
    expect(() => timeline(job, { width: 3 }).spec()).toThrow(/width is 3/);
    expect(() => timeline(job, { between: [5, 5] }).spec()).toThrow(/between 5 and 5/);
  });
});

describe('in a cell', () => {
  let shown: { bundle: MimeBundle; update: boolean }[] = [];
  afterEach(() => setKernelHook(undefined));
  const hook = (): void => {
    shown = [];
    setKernelHook({
      currentCell: () => ({ id: 1, write: (bundle, _id, update) => shown.push({ bundle, update }) }),
    });
  };

  test('a finished job is drawn at once; a trace shows as its time-line', async () => {
    const job = await run(TumblingEventTimeWindows.of(10));
    hook();
    await timeline(job);
    await show(job.trace);
    expect(shown.map(({ update }) => update)).toEqual([false, false]);
    expect(shown[0]?.bundle).toEqual(shown[1]?.bundle);
  });

  test('a running job is one output, and its last state is whole', async () => {
    hook();
    const env = streamEnv({ trace: true });
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    env
      .fromCollection(async function* () {
        yield 1;
        await gate;
        yield 2;
      })
      .keyBy((n) => n)
      .reduce((a) => a)
      .forEach(() => {});
    const job = await env.executeAsync();
    const drawn = timeline(job).show();
    release();
    await drawn;
    expect(shown.filter(({ update }) => !update)).toHaveLength(1);
    expect(shown[0]?.bundle[VEGA_LITE]).toBeUndefined();
    expect(shown.at(-1)?.bundle['image/svg+xml']).toContain('<svg');
    expect(shown.at(-1)?.bundle['text/plain']).toContain('2 elements');
  });

  test('Interrupt ends the view of an endless job', async () => {
    hook();
    const env = streamEnv({ trace: { maxEvents: 100 } });
    env
      .fromCollection(function* () {
        for (let i = 0; ; i++) yield i;
      })
      .forEach(() => {});
    const job = await env.executeAsync();
    const drawn = timeline(job).show();
    await new Promise((resolve) => setImmediate(resolve));
    expect((await stopRunning()).sort()).toEqual(['job `Streaming Job`', 'timeline']);
    await drawn;
    expect(shown.at(-1)?.bundle['image/svg+xml']).toContain('<svg');
  });
});
