import { describe, expect, it } from 'vitest';
import { gapMs, type PaceClock, Pacer } from '../../../src/kafka/sending/pace.js';

class FakeClock implements PaceClock {
  time = 0;
  now(): number {
    return this.time;
  }
  async sleep(ms: number): Promise<void> {
    this.time += ms;
  }
}

describe('Pacer', () => {
  it('sends the first message at once and each next one a gap later', () => {
    const clock = new FakeClock();
    const pacer = new Pacer(100, clock);
    expect(pacer.take(10)).toBe(1);
    expect(pacer.take(10)).toBe(0);
    expect(pacer.waitMs()).toBe(100);
    clock.time = 99;
    expect(pacer.take(10)).toBe(0);
    clock.time = 100;
    expect(pacer.take(10)).toBe(1);
  });

  it('does not drift when every wait is too long', () => {
    const clock = new FakeClock();
    const pacer = new Pacer(100, clock);
    let sent = 0;
    while (clock.time < 60_000) {
      sent += pacer.take(1_000);
      clock.time += pacer.waitMs() + 7;
    }
    // One at the start, then one every 100 ms.
    expect(sent).toBeGreaterThanOrEqual(600);
    expect(sent).toBeLessThanOrEqual(601);
  });

  it('keeps a rate far above what timers can do', () => {
    const clock = new FakeClock();
    const pacer = new Pacer(gapMs({ perSecond: 50_000 }), clock);
    let sent = 0;
    while (clock.time < 10_000) {
      sent += pacer.take(5_000);
      clock.time += 15;
    }
    expect(Math.abs(sent - 500_000)).toBeLessThan(1_000);
  });

  it('hurries to catch up a second at most', () => {
    const clock = new FakeClock();
    const pacer = new Pacer(10, clock);
    pacer.take(1);
    clock.time = 60_000;
    expect(pacer.take(1_000_000)).toBe(1);
    clock.time += 500;
    expect(pacer.take(1_000_000)).toBe(50);
  });

  it('goes on from now after a pause', () => {
    const clock = new FakeClock();
    const pacer = new Pacer(100, clock);
    pacer.take(1);
    clock.time = 800;
    pacer.restart();
    expect(pacer.take(10)).toBe(1);
    expect(pacer.waitMs()).toBe(100);
  });

  it('takes back what was not there to send', () => {
    const clock = new FakeClock();
    const pacer = new Pacer(10, clock);
    pacer.take(1);
    clock.time = 100;
    const due = pacer.take(100);
    expect(due).toBe(10);
    pacer.giveBack(7);
    expect(pacer.take(100)).toBe(7);
  });
});

describe('gapMs', () => {
  it('reads both ways of naming a rate', () => {
    expect(gapMs({})).toBe(0);
    expect(gapMs({ everyMs: 250 })).toBe(250);
    expect(gapMs({ perSecond: 4 })).toBe(250);
  });

  it.each([
    { everyMs: -1 },
    { everyMs: Number.NaN },
    { perSecond: 0 },
    { perSecond: -3 },
    { everyMs: 1, perSecond: 1 },
  ])('refuses %o', (rate) => {
    expect(() => gapMs(rate)).toThrow('bad-argument');
  });
});
