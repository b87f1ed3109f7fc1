import { afterEach, describe, expect, it, vi } from 'vitest';
import { streamEnv } from '../../src/datastream/index.js';
import { SLOW_CALL_MS, SlowCalls } from '../../src/engine/slow-calls.js';
import { boundedOutOfOrderness } from '../../src/engine/watermarks.js';
import { TumblingEventTimeWindows } from '../../src/engine/windows/assigners.js';

const busy = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end; );
};
const SLOW = SLOW_CALL_MS + 20;

afterEach(() => {
  vi.restoreAllMocks();
});

async function warnings(program: (env: ReturnType<typeof streamEnv>) => void): Promise<string[]> {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const env = streamEnv();
  program(env);
  await env.execute();
  return warn.mock.calls.map(([message]) => String(message));
}

describe('user code that holds everything up', () => {
  it('is named once per operator, with the element and the line; those above it are not', async () => {
    const told = await warnings((env) => {
      env
        .fromElements(1, 2, 3, 4)
        .map((n) => n)
        .name('innocent')
        .map((n) => {
          busy(SLOW);
          return n;
        })
        .name('culprit')
        .forEach(() => {});
    });
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/operator `culprit` held everything up for [\d,.]+ m?s in one call, at the element 2/);
    expect(told[0]).toMatch(/written at .*slow-calls\.test\.ts:\d+/);
  });

  it('in a window function, at a watermark', async () => {
    const told = await warnings((env) => {
      env
        .fromElements(1, 11, 21, 31)
        .assignTimestampsAndWatermarks(boundedOutOfOrderness<number>(0, (n) => n))
        .keyBy((n) => n % 10)
        .window(TumblingEventTimeWindows.of<number>(10))
        .process<number>((_key, _context, elements) => {
          busy(SLOW);
          return elements.length;
        })
        .name('windows')
        .forEach(() => {});
    });
    expect(told.join('\n')).toMatch(/operator `windows` held everything up/);
  });

  it('in a source', async () => {
    const told = await warnings((env) => {
      env
        .fromCollection(function* () {
          busy(SLOW);
          yield 1;
        })
        .forEach(() => {});
    });
    expect(told.join('\n')).toMatch(/operator `Collection Source` held everything up/);
  });

  it('is not suspected where everything is quick', async () => {
    expect(await warnings((env) => env.fromSequence(1, 1000).forEach(() => {}))).toEqual([]);
  });

  it('is told of at the end if it was slow only once, and could not be named', () => {
    const told: string[] = [];
    const calls = new SlowCalls((message) => told.push(message));
    calls.stretchTook(3 * SLOW_CALL_MS);
    calls.finish();
    calls.finish();
    expect(told).toEqual([expect.stringMatching(/held everything up for 600 ms, once/)]);
  });
});
