import { afterEach, describe, expect, it, vi } from 'vitest';
import { streamEnv } from '../../../src/datastream/index.js';
import type { Channel, InputGate } from '../../../src/engine/channels/channel.js';
import { SLOW_CALL_MS, SlowCalls } from '../../../src/engine/run/slow-calls.js';
import { boundedOutOfOrderness } from '../../../src/engine/time/watermarks.js';
import { TumblingEventTimeWindows } from '../../../src/engine/windows/assigners.js';

const asleep = new Int32Array(new SharedArrayBuffer(4));
const SLOW = SLOW_CALL_MS + 50;
/** The first ones make it watchful, and those that are hardly slow are not slow where others had a part of the time. */
const MANY = 50;

/** Holds everything up, until that was told. */
function block(): void {
  if (vi.mocked(console.warn).mock.calls.length === 0) Atomics.wait(asleep, 0, 0, SLOW);
}

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
        .fromSequence(1, MANY)
        .map((n) => n)
        .name('innocent')
        .map((n) => {
          block();
          return n;
        })
        .name('culprit')
        .forEach(() => {});
    });
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/operator `culprit` held everything up for [\d,.]+ m?s in one call, at the element \d+/);
    expect(told[0]).toMatch(/written at .*slow-calls\.test\.ts:\d+/);
  });

  it('in a window function, at a watermark', async () => {
    const told = await warnings((env) => {
      env
        .fromSequence(1, 10 * MANY)
        .assignTimestampsAndWatermarks(boundedOutOfOrderness<number>(0, (n) => n))
        .keyBy(() => 'all')
        .window(TumblingEventTimeWindows.of<number>(10))
        .process<number>((_key, _context, elements) => {
          block();
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
          for (let i = 0; i < MANY; i++) {
            block();
            yield i;
          }
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
    const calls = new SlowCalls((message) => told.push(message), queue(0));
    calls.stretchTook(3 * SLOW_CALL_MS);
    calls.finish();
    calls.finish();
    expect(told).toEqual([expect.stringMatching(/held everything up for 600 ms, once/)]);
  });

  it('is not suspected where others had the processor', () => {
    const told: string[] = [];
    const calls = new SlowCalls((message) => told.push(message), queue(3 * SLOW_CALL_MS));
    calls.stretchTook(3 * SLOW_CALL_MS);
    calls.sourceTook(3 * SLOW_CALL_MS, { name: 'source' });
    calls.finish();
    expect(calls.on).toBe(false);
    expect(told).toEqual([]);
  });

  it('is suspected where others had the processor for a part of the time only', () => {
    const calls = new SlowCalls(undefined, queue(SLOW_CALL_MS));
    calls.stretchTook(3 * SLOW_CALL_MS);
    expect(calls.on).toBe(true);
  });

  it('is watched for a while only, then everything is as it was', () => {
    const calls = new SlowCalls(undefined, queue(0));
    const own = () => {};
    const traced = { collect: own };
    const plain = Object.create({ collect: own, step: own }) as Channel;
    const gate = Object.assign(Object.create({ onWatermark: own }), { channels: [traced, plain] }) as InputGate;
    calls.cover([gate]);
    calls.stretchTook(3 * SLOW_CALL_MS);
    expect([calls.on, plain.collect === own, traced.collect === own]).toEqual([true, false, false]);
    calls.sliceBegins(performance.now() + 3_600_000);
    expect([calls.on, traced.collect === own]).toEqual([false, true]);
    expect([Object.keys(plain), Object.keys(gate)]).toEqual([[], ['channels']]);
  });
});

/** How long others had the processor, so long between two looks. */
function queue(ms: number) {
  let looks = 0;
  return () => looks++ * ms;
}
