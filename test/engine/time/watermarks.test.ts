import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../../src/core/clock.js';
import type { DataStream } from '../../../src/datastream/index.js';
import { streamEnv } from '../../../src/datastream/index.js';
import { operatorHarness, type ScriptStep, scriptedStreams } from '../../../src/datastream/testing/index.js';
import { type WatermarkGenerator, WatermarkStrategy } from '../../../src/engine/time/watermarks.js';

interface Beat {
  readonly ts: number;
  readonly mark?: boolean;
}

const watermarks = (outputs: readonly object[]): number[] =>
  outputs.flatMap((one) => ('watermark' in one ? [one.watermark as number] : []));

/** A watermark where an element says so: punctuated. */
const punctuated = (): WatermarkGenerator<Beat> => ({
  onEvent: (beat, timestamp, output) => {
    if (beat.mark === true) output.emitWatermark(timestamp);
  },
  onPeriodicEmit: () => {},
});

describe("generators of one's own", () => {
  it('punctuated: where elements say so', async () => {
    const strategy = WatermarkStrategy.forGenerator(punctuated).withTimestampAssigner((beat: Beat) => beat.ts);
    const harness = await operatorHarness((beats: DataStream<Beat>) =>
      beats.assignTimestampsAndWatermarks(strategy),
    ).open();
    harness.processElements([
      { ts: 5 },
      { ts: 7, mark: true },
      { ts: 9 },
      { ts: 6, mark: true },
      { ts: 11, mark: true },
    ]);
    // One that does not rise goes nowhere.
    expect(watermarks(harness.getOutput())).toEqual([7, 11]);
    harness.endInput();
    expect(watermarks(harness.getOutput())).toEqual([7, 11, Number.POSITIVE_INFINITY]);
  });

  it('periodic: at intervals of the clock, and not once more before the last one', async () => {
    const strategy = WatermarkStrategy.forGenerator<Beat>(() => {
      let count = 0;
      return { onEvent: () => void count++, onPeriodicEmit: (output) => output.emitWatermark(count) };
    }).withTimestampAssigner((beat: Beat) => beat.ts);
    const harness = await operatorHarness((beats: DataStream<Beat>) => beats.assignTimestampsAndWatermarks(strategy), {
      autoWatermarkIntervalMs: 200,
    }).open();
    harness.processElements([{ ts: 1 }, { ts: 2 }]);
    expect(watermarks(harness.getOutput())).toEqual([]);
    harness.advance(199);
    expect(watermarks(harness.getOutput())).toEqual([]);
    harness.advance(1);
    expect(watermarks(harness.getOutput())).toEqual([2]);
    harness.processElement({ ts: 3 });
    harness.endInput();
    expect(watermarks(harness.getOutput())).toEqual([2, Number.POSITIVE_INFINITY]);
  });

  it('that say idle themselves', async () => {
    const strategy = WatermarkStrategy.forGenerator<Beat>(() => ({
      onEvent: (beat, _timestamp, output) => (beat.mark === true ? output.markIdle() : output.emitWatermark(beat.ts)),
      onPeriodicEmit: () => {},
    })).withTimestampAssigner((beat: Beat) => beat.ts);
    const harness = await operatorHarness((beats: DataStream<Beat>) =>
      beats.assignTimestampsAndWatermarks(strategy),
    ).open();
    harness.processElements([{ ts: 5 }, { ts: 6, mark: true }, { ts: 7 }]);
    expect(harness.getOutput().filter((one) => !('value' in one))).toEqual([
      { watermark: 5 },
      { idle: true },
      { idle: false },
      { watermark: 7 },
    ]);
  });
});

describe('idleness', () => {
  const strategy = WatermarkStrategy.forMonotonousTimestamps<Beat>()
    .withTimestampAssigner((beat) => beat.ts)
    .withIdleness(1000);

  it('begins when nothing came for the time given, by the virtual clock, and ends with an element', async () => {
    const harness = await operatorHarness((beats: DataStream<Beat>) =>
      beats.assignTimestampsAndWatermarks(strategy),
    ).open();
    const changes = () => harness.getOutput().filter((one) => 'idle' in one);
    harness.advance(999);
    expect(changes()).toEqual([]);
    harness.processElement({ ts: 1 });
    harness.advance(999);
    expect(changes()).toEqual([]);
    harness.advance(1);
    expect(changes()).toEqual([{ idle: true }]);
    harness.advance(100_000);
    expect(changes()).toEqual([{ idle: true }]);
    harness.processElement({ ts: 2 });
    expect(changes()).toEqual([{ idle: true }, { idle: false }]);
    harness.advance(1000);
    expect(changes()).toHaveLength(3);
  });

  it('lets the others go on, and a clock that advances by itself does not run away', async () => {
    const clock = virtualClock({ autoAdvance: true });
    const env = streamEnv({ clock });
    const steps: ScriptStep<Beat>[] = [
      { in: 1, value: { ts: 10 } },
      { in: 2, value: { ts: 50 } },
      { pauseMs: 900 },
      { in: 2, value: { ts: 60 } },
      { pauseMs: 500 },
      { in: 2, value: { ts: 70 } },
    ];
    const [one, two] = scriptedStreams(env, steps) as [DataStream<Beat>, DataStream<Beat>];
    const seen: [number, number][] = [];
    one
      .assignTimestampsAndWatermarks(strategy)
      .union(two.assignTimestampsAndWatermarks(strategy))
      .process<[number, number]>((beat, context, out) =>
        out.collect([beat.ts, context.timerService().currentWatermark()]),
      )
      .forEach((pair) => {
        seen.push(pair);
      });
    await env.execute();
    expect(seen).toEqual([
      [10, Number.NEGATIVE_INFINITY],
      [50, Number.NEGATIVE_INFINITY],
      [60, 9],
      [70, 59],
    ]);
    expect(clock.now()).toBeLessThan(10_000);
  });
});
