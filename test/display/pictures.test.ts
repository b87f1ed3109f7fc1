import { describe, expect, test } from 'vitest';
import { chart, timeline, View } from '../../src/display/index.js';
import { OutputTag } from '../../src/engine/channels/output-tag.js';
import {
  EventTimeSessionWindows,
  SlidingEventTimeWindows,
  TumblingEventTimeWindows,
} from '../../src/engine/windows/assigners.js';
import { type Pair, run } from './timeline/runs.js';

/** The same numbers each time. */
function numbers(): () => number {
  let state = 1;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
}

const START = Date.UTC(2026, 0, 5, 8);

function prices(): { time: Date; name: string; price: number }[] {
  const random = numbers();
  const at: Record<string, number> = { a: 100, b: 80, c: 120 };
  return Array.from({ length: 180 }, (_, i) => {
    const name = 'abc'[i % 3] as string;
    at[name] = Math.round(((at[name] ?? 0) + random() - 0.5) * 100) / 100;
    return { time: new Date(START + i * 1000), name, price: at[name] ?? 0 };
  });
}

const words = [
  { word: 'whale', n: 1226 },
  { word: 'sea', n: 455 },
  { word: '海 <b>bold</b>', n: 300 },
  { word: 'ship & "boat"', n: 120 },
];

/** A view resolves when it is shown; these are asked for their picture instead. */
const views: Record<string, () => View | Promise<{ view: View }>> = {
  'chart-line': () => chart(prices()).line('time', 'price', { by: 'name', title: 'Prices' }),
  'chart-bar': () => chart(words),
  'chart-point': () =>
    chart(prices().map(({ time: _, ...rest }, i) => ({ ...rest, i: i % 50 }))).point('i', 'price', { by: 'name' }),
  'chart-histogram': () => chart(prices()).histogram('price', { bins: 12 }),
  'chart-heatmap': () => chart(prices()).heatmap('time', 'name', { value: 'price' }),
  'timeline-tumbling': async () => ({ view: timeline(await run(TumblingEventTimeWindows.of(10))) }),
  'timeline-lateness': async () => ({
    view: timeline(await run(TumblingEventTimeWindows.of(10), { latenessMs: 2, late: new OutputTag<Pair>('late') })),
  }),
  'timeline-session': async () => ({ view: timeline(await run(EventTimeSessionWindows.withGap(4))) }),
  'timeline-sliding': async () => ({ view: timeline(await run(SlidingEventTimeWindows.of(10, 5)), { keys: ['a'] }) }),
};

// Look at them in a browser when they change, and then write them anew with `npx vitest run test/display/pictures -u`.
describe('pictures look as they were when somebody looked at them', () => {
  test.each(Object.entries(views))('%s', async (name, make) => {
    const made = make();
    const view = made instanceof View ? made : (await made).view;
    const svg = String((await view.bundle())['image/svg+xml']);
    await expect(svg.replaceAll('><', '>\n<')).toMatchFileSnapshot(`fixtures/pictures/${name}.svg`);
  });
});
