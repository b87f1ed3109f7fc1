import { describe, expect, it } from 'vitest';
import { WatermarkValve } from '../../../src/engine/time/valve.js';

/** A valve over `n` channels, what it let out, and the channels. */
function valve(n: number) {
  const out: (number | string)[] = [];
  const channels = Array.from({ length: n }, () => ({
    watermark: Number.NEGATIVE_INFINITY,
    idle: false,
    aligned: true,
  }));
  const made = new WatermarkValve(channels, {
    onWatermark: (watermark) => out.push(watermark),
    onStatus: (idle) => out.push(idle ? 'idle' : 'active'),
  });
  const at = (i: number) => channels[i] as (typeof channels)[0];
  return {
    out,
    watermark: (i: number, watermark: number) => made.inputWatermark(at(i), watermark),
    idle: (i: number) => made.inputStatus(at(i), true),
    active: (i: number) => made.inputStatus(at(i), false),
    end: (i: number) => made.inputEnd(at(i)),
  };
}

describe('the watermark over several channels', () => {
  it('is the smallest, and never falls', () => {
    const { out, watermark } = valve(2);
    watermark(0, 5);
    watermark(1, 3);
    watermark(1, 2);
    watermark(1, 9);
    expect(out).toEqual([3, 5]);
  });

  it('does not wait for an idle channel, nor for one that woke up until it has caught up', () => {
    const { out, watermark, idle, active } = valve(2);
    watermark(0, 10);
    idle(1);
    active(1);
    watermark(1, 7);
    watermark(0, 12);
    watermark(1, 11);
    watermark(1, 13);
    expect(out).toEqual([10, 12]);
    watermark(0, 20);
    expect(out).toEqual([10, 12, 13]);
  });

  it('is the largest when all fall idle, and says so', () => {
    const { out, watermark, idle, active } = valve(2);
    watermark(0, 4);
    watermark(1, 9);
    idle(1);
    idle(0);
    active(0);
    expect(out).toEqual([4, 9, 'idle', 'active']);
  });

  it('counts a channel that has ended as being at the end of time', () => {
    const { out, watermark, end } = valve(2);
    watermark(0, 4);
    end(1);
    watermark(0, 6);
    end(0);
    expect(out).toEqual([4, 6, Number.POSITIVE_INFINITY]);
  });
});
