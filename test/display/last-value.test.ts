import { describe, expect, test } from 'vitest';
import type { MimeBundle } from '../../src/core/display.js';
import { lastValueView } from '../../src/core/last-value.js';
import { fillDisplayPort } from '../../src/display/index.js';
import { lastValueBundle } from '../../src/display/last-value.js';
import { fillFramePort } from '../../src/frames/index.js';
import { streamEnv, tableEnv } from '../../src/index.js';
import { tagsOf } from './html.js';

const { toArquero, toDanfo } = {
  toArquero: async (rows: object[]) => (await import('arquero')).from(rows),
  toDanfo: async (rows: object[]) => new (await import('danfojs-node')).DataFrame(rows),
};

async function shown(value: unknown): Promise<MimeBundle | undefined> {
  return lastValueBundle(value);
}

const text = async (value: unknown): Promise<string> => String((await shown(value))?.['text/plain']);

test('the library offers it to the kernel', () => {
  fillDisplayPort();
  expect(lastValueView()).toBe(lastValueBundle);
});

describe('left to Node', () => {
  test.each<[string, unknown]>([
    ['a number', 5],
    ['a bigint', 5n],
    ['a text', 'text'],
    ['true', true],
    ['a symbol', Symbol('x')],
    ['undefined', undefined],
    ['null', null],
    ['a function', () => 1],
    ['a class', class {}],
    ['a Date', new Date(0)],
    ['bytes', Buffer.from('x')],
    ['a regular expression', /x/],
    ['a Map', new Map([['a', 1]])],
    ['a Set', new Set([1])],
    ['an object', { a: { b: { c: 1 } } }],
    ['no rows', []],
    ['numbers', [1, 2, 3]],
    ['arrays', [[1], [2]]],
    ['rows with something else between them', [{ a: 1 }, 2]],
    ['dates', [new Date(0)]],
    ['a moment with a text of its own', Object.create({ toString: () => '2026-01-01T00:00:00Z' })],
    ['a stream, which says itself how to start it', streamEnv().fromElements(1)],
  ])('%s', async (_name, value) => {
    expect(await shown(value)).toBeUndefined();
  });

  test('what throws when it is looked at', async () => {
    const nasty = new Proxy(
      {},
      {
        get() {
          throw new Error('no');
        },
        ownKeys() {
          throw new Error('no');
        },
      },
    );
    expect(await shown(nasty)).toBeUndefined();
    expect(await shown([nasty])).toBeUndefined();
  });
});

describe('shown as what it is', () => {
  test('rows as a table', async () => {
    const bundle = await shown([
      { word: '<b>whale</b>', n: 1226 },
      { word: 'sea', n: 455 },
    ]);
    expect(tagsOf(String(bundle?.['text/html']))).not.toContain('b');
    expect(bundle?.['text/plain']).toContain('word');
    expect(await text(Array.from({ length: 1000 }, (_, i) => ({ i })))).toContain('980 more rows');
  });

  test('an error with its hint, and without HTML', async () => {
    const bundle = await shown(new RangeError('<img src=x onerror=alert(1)> is too much'));
    expect(bundle?.['text/plain']).toBe('RangeError: <img src=x onerror=alert(1)> is too much');
    expect(tagsOf(String(bundle?.['text/html']))).not.toContain('img');
  });

  test('frames', async () => {
    fillFramePort();
    const rows = [{ a: 1, b: 'x' }];
    expect(await text(await toArquero(rows))).toMatch(/a\s+b[\s\S]*1\s+x/);
    expect(await text(await toDanfo(rows))).toMatch(/a\s+b[\s\S]*1\s+x/);
  });

  test('a job, its trace, its figures, its reasons and its plan', async () => {
    const env = streamEnv({ trace: true });
    env.fromElements(1, 2, 3).forEach(() => {});
    const job = await env.executeAsync('three');
    await job.wait();
    expect(await text(job)).toContain('job `three`: finished');
    expect(Object.keys((await shown(job.trace)) ?? {})).toContain('image/svg+xml');
    expect(await text(job.metrics())).toContain('Collection Source');
    expect(await text(job.why())).toContain('The job has ended');
    expect(Object.keys((await shown(job.explain())) ?? {})).toContain('text/html');
  });

  test('a table says its columns, and is not run', async () => {
    const t = tableEnv();
    const table = t.fromRows([{ a: 1, b: 'x' }]);
    expect(await text(table)).toMatch(
      /^Table \(a .+, b STRING.*\): nothing runs until execute\(\), show\(\) or for await$/,
    );
    const result = table.execute();
    expect(await text(result)).toMatch(/^TableResult \(a .+\): its rows come by once/);
    // Looking at it has taken nothing.
    expect(await result.collect()).toHaveLength(1);
  });

  test('a statement that is done says so', async () => {
    const t = tableEnv();
    const made = t.executeSql("CREATE TEMPORARY TABLE gen (n BIGINT) WITH ('connector' = 'datagen')");
    expect(await text(made)).toBe('OK');
  });
});

test('a result shows itself: a table, and where there are no rows, that there are none', async () => {
  const t = tableEnv();
  const rows = t.sqlQuery('SELECT a FROM (VALUES (1), (2)) AS v(a) WHERE a > 5').execute();
  await rows.show();
  await expect(rows.collect()).rejects.toThrow(/taken already/);
});
