import { describe, expect, it } from 'vitest';
import { operatorHarness } from '../../../src/datastream/testing/index.js';
import { EventTimeSessionWindows } from '../../../src/engine/windows/assigners.js';
import { inHashOrder } from '../../../src/engine/windows/hash-order.js';
import { TimeWindow } from '../../../src/engine/windows/window.js';

describe('windows that merge', () => {
  it('are in the order of a Java HashSet of them', () => {
    // Seen on Flink 1.20.3: of these two the later one comes first.
    const [early, late] = [new TimeWindow(1987, 2487), new TimeWindow(2500, 3000)];
    expect(inHashOrder([early, late])).toEqual([late, early]);
    expect(inHashOrder([late, early])).toEqual([late, early]);
  });

  it('keep the fields of the element that Flink keeps', async () => {
    const harness = await operatorHarness<{ k: string; n: number; t: number }, { n: number; t: number }>((stream) =>
      stream.keyBy('k').window(EventTimeSessionWindows.withGap(500)).sum('n'),
    ).open();
    for (const [n, t] of [
      [11, 2500],
      [9, 1987],
      [-2, 2200],
    ] as const)
      harness.processElement({ k: 'a', n, t }, t);
    harness.endInput();
    expect(harness.extractOutputValues()).toEqual([{ k: 'a', n: 18, t: 2500 }]);
  });
});
