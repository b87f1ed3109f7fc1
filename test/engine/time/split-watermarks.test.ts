import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../../src/core/clock.js';
import type { Output } from '../../../src/engine/channels/output.js';
import type { JobControl } from '../../../src/engine/operator-context.js';
import { SplitWatermarks } from '../../../src/engine/time/split-watermarks.js';
import { type WatermarkOutput, WatermarkStrategy } from '../../../src/engine/time/watermarks.js';

/** A watermark right after each element, 1 ms behind it; `idle` and `active` say so. Nothing at intervals. */
class AtOnce {
  private max = Number.NEGATIVE_INFINITY;
  onEvent(value: unknown, timestamp: number, output: WatermarkOutput): void {
    if (value === 'idle') output.markIdle();
    else if (value === 'active') output.markActive();
    else {
      this.max = Math.max(this.max, timestamp);
      output.emitWatermark(this.max - 1);
    }
  }
  onPeriodicEmit(): void {}
}

const HOUR_MS = 3_600_000;

/** Runs `in.split.timestamp`, `in.split.timestamp.idle` and `end.split`, and gives what Flink's source would put out. */
function run(steps: string, splits: string): string {
  const seen: string[] = [];
  const output = {
    collect: (_value: unknown, timestamp: number) => seen.push(String(timestamp)),
    emitWatermark: (watermark: number) => seen.push(`w${watermark}`),
    emitStatus: (idle: boolean) => seen.push(idle ? 'idle' : 'active'),
  } as unknown as Output<unknown>;
  const job = { autoWatermarkIntervalMs: HOUR_MS, clock: virtualClock() } as unknown as JobControl;
  const watermarks = new SplitWatermarks(
    WatermarkStrategy.forGenerator(() => new AtOnce()),
    job,
    output,
  );
  for (const split of splits) watermarks.add(split);
  for (const step of steps.split(' ')) {
    const [what, split, timestamp, value] = step.split('.');
    if (what === 'end') watermarks.remove(split as string);
    else watermarks.collect(value, Number(timestamp), split);
  }
  watermarks.close();
  return seen.join(' ');
}

// Each as Flink 1.20.3 has it over a real Kafka.
describe('watermarks of several parts', () => {
  it('wait for the part that is furthest behind, from the beginning', () => {
    expect(run('in.a.100 in.a.200 in.b.50 in.b.150 in.a.120', 'ab')).toBe('100 200 50 w49 150 w149 120');
  });

  it('no longer wait for a part that has ended; they rise with the next watermark of another', () => {
    expect(run('in.a.100 in.b.10 end.b in.a.90 in.a.101', 'ab')).toBe('100 10 w9 90 101 w100');
    expect(run('in.a.100 in.b.10 end.b in.a.90.active', 'ab')).toBe('100 10 w9 90 w99');
  });

  it('stay where they were when the last part has ended', () => {
    expect(run('in.a.100 end.a', 'a')).toBe('100 w99');
  });

  it('wake a source that is idle only by rising', () => {
    expect(run('in.a.100 in.a.100.idle in.a.90 in.a.91.active in.a.200', 'a')).toBe(
      '100 w99 100 idle 90 91 200 active w199',
    );
  });

  it('fall idle when those that are left say so again', () => {
    expect(run('in.a.100 in.b.10 in.a.1.idle end.b in.a.2.idle', 'ab')).toBe('100 10 w9 1 2 idle');
  });

  it('fall idle with the source when an idleness has passed and no part has made a watermark, elements or not', async () => {
    const seen: string[] = [];
    const output = {
      collect: () => undefined,
      emitWatermark: (watermark: number) => seen.push(`w${watermark}`),
      emitStatus: (idle: boolean) => seen.push(idle ? 'idle' : 'active'),
    } as unknown as Output<unknown>;
    const clock = virtualClock();
    const mail = (action: () => void) => action();
    const job = { autoWatermarkIntervalMs: 10, clock, mail } as unknown as JobControl;
    const silent = { onEvent() {}, onPeriodicEmit() {} };
    const strategy = WatermarkStrategy.forGenerator((): typeof silent | AtOnce =>
      made++ === 0 ? new AtOnce() : silent,
    );
    let made = 0;
    const watermarks = new SplitWatermarks(strategy.withIdleness(100), job, output);
    watermarks.add('a');
    for (let i = 0; i < 20; i++) {
      watermarks.collect('active', i, 'a');
      await clock.advance(10);
    }
    expect(seen).toEqual(['idle']);
    watermarks.collect('x', 20, 'a');
    expect(seen).toEqual(['idle', 'active', 'w19']);
    watermarks.close();
  });
});
