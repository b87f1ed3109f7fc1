import { virtualClock } from '../../../src/core/clock.js';
import { streamEnv } from '../../../src/datastream/index.js';
import { type ScriptStep, scriptedStream } from '../../../src/datastream/testing/index.js';
import type { OutputTag } from '../../../src/engine/channels/output-tag.js';
import type { Job } from '../../../src/engine/job.js';
import type { WindowAssigner } from '../../../src/engine/windows/assigners.js';
import type { TimeWindow } from '../../../src/engine/windows/window.js';

export type Pair = [string, number];

/** Sixteen elements of two keys, somewhat out of order; the watermark is `delay` behind the highest timestamp. */
const ARRIVALS: readonly [key: string, timestamp: number, n: number][] = [
  ['a', 1, 3],
  ['b', 2, 5],
  ['a', 4, 2],
  ['a', 9, 7],
  ['b', 7, 1],
  ['a', 6, 4],
  ['a', 13, 6],
  ['b', 12, 3],
  ['a', 3, 9],
  ['a', 17, 2],
  ['b', 8, 4],
  ['b', 21, 6],
  ['a', 22, 1],
  ['a', 11, 5],
  ['b', 16, 2],
  ['a', 28, 8],
];

export function script(delay: number): ScriptStep<Pair>[] {
  const steps: ScriptStep<Pair>[] = [];
  let highest = Number.NEGATIVE_INFINITY;
  for (const [key, timestamp, n] of ARRIVALS) {
    steps.push({ value: [key, n], timestamp });
    if (timestamp <= highest) continue;
    highest = timestamp;
    // As boundedOutOfOrderness does it.
    steps.push({ watermark: timestamp - delay - 1 });
  }
  return steps;
}

export interface RunOptions {
  readonly steps?: readonly ScriptStep<Pair>[];
  readonly latenessMs?: number;
  readonly late?: OutputTag<Pair>;
}

/** A job with a window operator `sums`, traced, from its beginning to its end. */
export async function run(assigner: WindowAssigner<Pair, TimeWindow>, options: RunOptions = {}): Promise<Job> {
  const env = streamEnv({ clock: virtualClock({ autoAdvance: true }), trace: true });
  let windows = scriptedStream<Pair>(env, [...(options.steps ?? script(3))])
    .keyBy((pair) => pair[0])
    .window(assigner);
  if (options.latenessMs !== undefined) windows = windows.allowedLateness(options.latenessMs);
  if (options.late !== undefined) windows = windows.sideOutputLateData(options.late);
  windows
    .sum(1)
    .name('sums')
    .forEach(() => {});
  const job = await env.executeAsync('traced');
  await job.wait();
  return job;
}
