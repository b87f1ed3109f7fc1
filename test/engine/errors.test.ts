import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/core/clock.js';
import { streamEnv } from '../../src/datastream/index.js';
import { userLine } from '../../src/engine/errors.js';
import { WatermarkStrategy } from '../../src/engine/time/watermarks.js';
import { GlobalWindows, TumblingProcessingTimeWindows } from '../../src/engine/windows/assigners.js';
import { CountTrigger } from '../../src/engine/windows/triggers.js';
import { tableEnv } from '../../src/table/index.js';

import {
  asTimeGoesOn,
  atElement,
  check,
  failure,
  type Program,
  type Reading,
  readings,
  sumOf,
  together,
  Unlucky,
  unlucky,
} from './support/failing-programs.js';

describe('a function that throws at an element', () => {
  it.each(Object.entries(atElement))('%s: operator, element and line are named', async (_name, program) => {
    for (const parallelism of [1, 3]) {
      const error = await failure(program, parallelism);
      expect(error.message).toContain('13 brings bad luck');
      expect(error.element).toEqual(readings[2]);
      expect(error.message).toMatch(/failed at the element { key: 'b', n: 13, ts: 3 }/);
      // The line in the programs' file, not in what it was compiled to: `throw new Unlucky(...)`.
      expect(error.where).toMatch(/failing-programs\.ts:\d+:\d+$/);
      expect(error.cause).toBeInstanceOf(Unlucky);
      expect(error.operator).not.toBe('');
    }
  });

  it('is found in its own operator, not in those above', async () => {
    const error = await failure((s) =>
      s
        .map((r) => r)
        .name('above')
        .map((r) => check(r.n))
        .name('culprit')
        .map((n) => n)
        .name('below'),
    );
    expect(error.operator).toBe('culprit');
  });

  it('a key selector counts to the operator below it, with several subtasks too', async () => {
    for (const parallelism of [1, 3]) {
      const program: Program = (s) =>
        s
          .map((r) => r)
          .name('above')
          .keyBy((r) => check(r.n))
          .reduce((a) => a)
          .name('counts');
      expect((await failure(program, parallelism)).operator).toBe('counts');
    }
  });
});

describe('a function that throws as time goes on', () => {
  it.each(Object.entries(asTimeGoesOn))('%s: operator, moment and line are named', async (_name, [program, moment]) => {
    const error = await failure(program);
    expect(error.message).toMatch(moment);
    expect(error.message).toContain('13 brings bad luck');
    expect(error.where).toMatch(/failing-programs\.ts:\d+:\d+$/);
  });

  it('in processing time', async () => {
    const env = streamEnv({ clock: virtualClock() });
    env
      .fromCollection(async function* () {
        yield* readings;
        await new Promise(() => {});
      })
      .keyBy((r) => r.key)
      .window(TumblingProcessingTimeWindows.of<Reading>(100))
      .process<number>((_key, _context, all) => all.map((r) => check(r.n)).length)
      .name('windows')
      .forEach(() => {});
    const job = await env.executeAsync();
    // The elements come by promises: give them time to arrive.
    while (job.metrics().operators[1]?.numRecordsIn !== 3) await new Promise((resolve) => setImmediate(resolve));
    await env.advance(200);
    await expect(job.wait()).rejects.toThrow(/windows failed in the window .* of the key 'b': 13 brings/);
  });
});

describe('a source that throws', () => {
  it('is named', async () => {
    const env = streamEnv();
    const numbers = env.fromCollection(function* () {
      yield 1;
      unlucky();
    });
    await expect(numbers.executeAndCollect()).rejects.toThrow(
      /Collection Source failed while it read: 13[\s\S]*failing-programs/,
    );
    const made = env.generate((i) => check(i), { count: 20 });
    await expect(made.executeAndCollect()).rejects.toThrow(
      /Generator Source failed while it read: 13[\s\S]*failing-programs/,
    );
  });

  it('also in the timestamp assigner that it was given', async () => {
    const env = streamEnv();
    const { generatorSource } = await import('../../src/connectors/generator.js');
    const strategy = WatermarkStrategy.forMonotonousTimestamps<number>().withTimestampAssigner(check);
    const stream = env.fromSource(
      generatorSource((i) => i, { count: 20 }),
      strategy,
    );
    await expect(stream.executeAndCollect()).rejects.toThrow(/Generator Source failed at the element 13: 13/);
  });
});

describe('the stack of an error in a function', () => {
  const frames = (error: Error): string[] => error.stack?.match(/^ {4}at .*/gm) ?? [];

  it('leads through the program, and not through the engine', async () => {
    const error = await failure((s) => s.map((r) => check(r.n)));
    for (const one of [error, error.cause as Error]) {
      expect(frames(one)[0]).toMatch(/at unlucky \(.*failing-programs\.ts/);
      expect(frames(one).length).toBeGreaterThan(1);
      for (const frame of frames(one)) expect(frame).toMatch(/(failing-programs|errors\.test)\.ts/);
    }
    expect(error.where).toMatch(/failing-programs\.ts:\d+:\d+$/);
  });

  it('is left whole where no line of the program is in it: then it is a fault of the engine', async () => {
    const error = await failure((s) => s.map(JSON.parse as never));
    expect(error.cause).toBeInstanceOf(SyntaxError);
    expect(frames(error.cause as Error).join()).toMatch(/source-task\.ts/);
  });

  it('is left as it is where it cannot be changed', async () => {
    const frozen = Object.freeze(new Error('frozen'));
    const error = await failure((s) =>
      s.map(() => {
        throw frozen;
      }),
    );
    expect(error.cause).toBe(frozen);
    expect(error.where).toMatch(/errors\.test\.ts/);
  });
});

describe("the line that is the user's", () => {
  const lineIn = (...frames: string[]): string | undefined => {
    const error = new Error('at the\n    at message:1:1');
    error.stack = `Error: ${error.message}\n${frames.map((frame) => `    at ${frame}`).join('\n')}`;
    return userLine(error);
  };
  const root = new URL('../..', import.meta.url);

  it.each([
    `f (${new URL('src/engine/functions/fields.ts', root).href}:1:2)`,
    `async f (${fileURLToPath(new URL('src/engine/functions/fields.ts', root))}:1:2)`,
    `new F (${new URL('dist/engine/fields.js', root).href}:1:2)`,
    `${fileURLToPath(new URL('dist/engine/fields.js', root))}:1:2`,
    'f (streambook/src/engine/functions/fields.ts:1:2)',
    'Channel.collect (streambook:generated/channel-1:3:4)',
    'f (node:internal/process:1:2)',
    'f (/home/ann/course/node_modules/streambook/dist/engine/fields.js:1:2)',
    'JSON.parse (<anonymous>)',
  ])('is not %s', (frame) => {
    expect(lineIn(frame)).toBeUndefined();
    expect(lineIn(frame, 'mapper (cell [3]:2:9)')).toBe('cell [3]:2:9');
    expect(lineIn(frame, 'async /home/ann/course/words.ts:2:9')).toBe('/home/ann/course/words.ts:2:9');
  });
});

describe('an error that no line of the program threw', () => {
  it('names the line where the operator was written', async () => {
    const error = await failure((s) => s.keyBy((r) => r.key).sum('amount' as never));
    expect(error.message).toMatch(/no field `amount`/);
    expect(error.where).toMatch(/errors\.test\.ts:\d+:\d+ \(where the operator was written\)$/);
  });

  it('tells the hint of what went wrong last, once', async () => {
    const error = await failure((s) => s.keyBy((r) => r.key).sum('amount' as never));
    expect(error.hint).toBe('its fields: key, n, ts');
    expect(error.message.split('\n').map((line) => line.trim().slice(0, 3))).toEqual(['[st', 'at ', 'hin']);
  });

  it('has no frames of the engine', async () => {
    const error = await failure((s) => s.keyBy((r) => r.key).sum('amount' as never));
    expect(error.stack).toBe(`OperatorError: ${error.message}`);
    expect((error.cause as Error).stack).not.toMatch(/^ {4}at /m);
  });

  it('something thrown that is no error', async () => {
    const error = await failure((s) =>
      s.map(() => {
        throw 'a text';
      }),
    );
    expect(error.message).toMatch(/Map failed at the element .*: a text/);
  });

  it('a reducer with CountTrigger', async () => {
    const error = await failure((s) =>
      together(s).window(GlobalWindows.create<Reading>()).trigger(CountTrigger.of<Reading, never>(3)).reduce(sumOf),
    );
    expect(error.element).toEqual(readings[2]);
  });
});

describe('a key that is missing', () => {
  const elements = [{ name: 'Ann' }, { nam: 'Bob' }] as readonly { name: string }[];

  it.each([1, 3])('fails as in Flink, and names the element; %i subtasks', async (parallelism) => {
    for (const key of [(x: { name: string }) => x.name, 'name' as const, () => null]) {
      const env = streamEnv({ parallelism });
      const counts = env
        .fromCollection(elements)
        .map((x) => x)
        .keyBy(key as 'name')
        .reduce((a) => a);
      await expect(counts.executeAndCollect()).rejects.toThrow(
        /key selector gave (undefined|null): that cannot be a key/,
      );
    }
  });

  it('is a key for tables: SQL groups NULL', async () => {
    const rows = await tableEnv()
      .executeSql(
        "SELECT k, COUNT(*) FROM (VALUES ('a'), (CAST(NULL AS STRING)), (CAST(NULL AS STRING))) AS t(k) GROUP BY k",
      )
      .rows();
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['a', 1],
      [null, 2],
    ]);
  });
});
