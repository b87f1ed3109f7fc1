import { describe, expect, it } from 'vitest';
import { type ScriptStep, scriptedStreams } from '../../src/datastream/testing/index.js';
import { streamEnv, TumblingEventTimeWindows } from '../../src/index.js';

async function counts(steps: readonly ScriptStep<string>[]): Promise<unknown[]> {
  const [a, b] = scriptedStreams(streamEnv(), steps, 2);
  return (a as NonNullable<typeof a>)
    .union(b as NonNullable<typeof b>)
    .keyBy((word) => word)
    .window(TumblingEventTimeWindows.of<string>(1000))
    .process<string>((word, context, elements, out) => out.collect(`${word}${elements.length}@${context.window.start}`))

    .executeAndCollect();
}

// What Flink 1.20.3 gave for these scripts.
describe('an input that is idle when it ends', () => {
  const before: ScriptStep<string>[] = [
    { in: 1, value: 'a', timestamp: 500 },
    { in: 1, value: 'b', timestamp: 1500 },
    { in: 1, watermark: 999 },
    { in: 1, idle: true },
  ];

  it('puts out no last watermark: with all of them idle, what is open stays open', async () => {
    const ends: ScriptStep<string>[] = [
      { in: 2, idle: true },
      { in: 1, end: true },
      { in: 2, end: true },
    ];
    expect(await counts([...before, ...ends])).toEqual(['a1@0']);
  });

  it('leaves the end of time to the others', async () => {
    const ends: ScriptStep<string>[] = [
      { in: 1, end: true },
      { in: 2, value: 'c', timestamp: 1600 },
      { in: 2, end: true },
    ];
    expect((await counts([...before, ...ends])).sort()).toEqual(['a1@0', 'b1@1000', 'c1@1000']);
  });
});
