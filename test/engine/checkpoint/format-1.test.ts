import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  type Collector,
  KeyedProcessFunction,
  ListStateDescriptor,
  MapStateDescriptor,
  minutes,
  monotonousTimestamps,
  streamEnv,
  TumblingEventTimeWindows,
  ValueStateDescriptor,
} from '../../../src/index.js';

interface Purchase {
  readonly name: string;
  readonly n: number;
  readonly at: number;
}

const purchases: readonly Purchase[] = ['ann', 'ben', 'ann', 'ben', 'ann', 'ann', 'ben', 'ann'].map((name, i) => ({
  name,
  n: i + 1,
  at: i * 30_000,
}));

class Told extends KeyedProcessFunction<string, Purchase, unknown> {
  override processElement({ name, n }: Purchase, _context: unknown, out: Collector<unknown>): void {
    const context = this.getRuntimeContext();
    const sum = context.getState(new ValueStateDescriptor<number>('sum'));
    const all = context.getListState(new ListStateDescriptor<number>('all'));
    const odd = context.getMapState(new MapStateDescriptor<boolean, number>('odd'));
    sum.update((sum.value() ?? 0) + n);
    all.add(n);
    odd.put(n % 2 === 1, n);
    out.collect([name, sum.value(), [...(all.get() ?? [])], [...odd.entries()]]);
  }
}

// The snapshot was written by this program with format 1, after the first four purchases.
test('a snapshot of format 1 is read', async () => {
  const env = streamEnv({ autoWatermarkIntervalMs: 0 });
  const rows = env.fromCollection(purchases);
  const results: unknown[] = [];
  rows
    .keyBy((row) => row.name)
    .process(new Told())
    .uid('told')
    .forEach((row) => void results.push(row));
  const windows: unknown[] = [];
  rows
    .assignTimestampsAndWatermarks(monotonousTimestamps((row) => row.at))
    .uid('times')
    .keyBy((row) => row.name)
    .window(TumblingEventTimeWindows.of(minutes(5)))
    .reduce((a, b) => ({ name: a.name, n: a.n + b.n, at: b.at }))
    .uid('windows')
    .forEach(({ name, n }) => void windows.push([name, n]));
  await env.execute({ restoreFrom: fileURLToPath(new URL('fixtures/format-1', import.meta.url)) });
  expect(results).toEqual([
    ['ann', 9, [1, 3, 5], [[true, 5]]],
    [
      'ann',
      15,
      [1, 3, 5, 6],
      [
        [false, 6],
        [true, 5],
      ],
    ],
    [
      'ben',
      13,
      [2, 4, 7],
      [
        [false, 4],
        [true, 7],
      ],
    ],
    [
      'ann',
      23,
      [1, 3, 5, 6, 8],
      [
        [false, 8],
        [true, 5],
      ],
    ],
  ]);
  expect(windows).toEqual([
    ['ann', 23],
    ['ben', 13],
  ]);
});
