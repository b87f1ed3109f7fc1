import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LineDecoder } from '../../src/connectors/file/lines.js';
import { virtualClock } from '../../src/core/clock.js';
import { type } from '../../src/core/types/index.js';
import { streamEnv } from '../../src/datastream/index.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-files-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('files', () => {
  it('are read as lines: LF, CRLF, no last line end, a byte order mark, any characters', async () => {
    const path = file('lines.txt', '\ufeffone\r\ntwo\n\nfünf 五\nlast');
    expect(await streamEnv().readTextFile(path).executeAndCollect()).toEqual(['one', 'two', '', 'fünf 五', 'last']);
  });

  it('of any size, torn anywhere', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `line ${i} 五${'x'.repeat(i % 50)}`);
    const path = file('large.txt', lines.join('\n'));
    expect(await streamEnv().readTextFile(path).executeAndCollect()).toEqual(lines);
    const whole = Buffer.from(lines.slice(0, 200).join('\n'));
    for (const size of [1, 7, 100, 1000]) {
      const decoder = new LineDecoder(undefined);
      const got: string[] = [];
      for (let at = 0; at < whole.length; at += size) {
        decoder.feed(whole.subarray(at, at + size));
        got.push(...decoder.read());
      }
      decoder.end();
      got.push(...decoder.read());
      expect(got).toEqual(lines.slice(0, 200));
    }
  });

  it('one after the other: several, a folder, empty ones', async () => {
    const env = streamEnv();
    const a = file('a.txt', 'a1\na2\n');
    const empty = file('b.txt', '');
    const c = file('c.txt', 'c1\n');
    expect(await env.readTextFile([a, empty, c]).executeAndCollect()).toEqual(['a1', 'a2', 'c1']);
  });

  it('as rows of a schema, csv and json, only the columns that are used', async () => {
    const env = streamEnv();
    const schema = { name: type.string(), n: type.bigint(), at: type.double() };
    const csv = file('rows.csv', 'a,1,0.5\n"b, c",2,1.5\n');
    const rows = await env.readCsvFile(csv, schema).executeAndCollect();
    expect(rows.map((row) => ({ ...row }))).toMatchObject([
      { name: 'a', n: 1, at: 0.5 },
      { name: 'b, c', n: 2, at: 1.5 },
    ]);
    const json = file('rows.jsonl', '{"name":"a","n":1}\n{"n":2,"name":"b"}\n');
    const names = env.readJsonFile(json, schema, { columns: ['name'] }).map((row) => Object.keys(row).join());
    expect(await names.executeAndCollect()).toEqual(['name', 'name']);
    const bad = file('bad.csv', 'a,1,0.5\nb,oops,1\n');
    await expect(env.readCsvFile(bad, schema).executeAndCollect()).rejects.toThrow(/bad\.csv, line 2, column `n`/);
    const rest = env.readCsvFile(bad, schema, { onBadRow: 'skip' }).map((row) => row.name);
    expect(await rest.executeAndCollect()).toEqual(['a']);
  });

  it('that are not there are named', () => {
    expect(() => streamEnv().readTextFile(join(folder, 'none.txt'))).toThrow(/there is no file .*none\.txt/);
  });
});

describe('a generator', () => {
  it('keeps its rate by the clock of the environment', async () => {
    const env = streamEnv({ clock: virtualClock() });
    const seen: number[] = [];
    env
      .generate((i) => i * i, { perSecond: 2, count: 5 })
      .forEach((n) => {
        seen.push(n);
      });
    const job = await env.executeAsync();
    await env.advance(0);
    expect(seen).toEqual([0]);
    await env.advance(999);
    expect(seen).toEqual([0, 1]);
    await env.advance(1);
    expect(seen).toEqual([0, 1, 4]);
    await env.advance(10_000);
    await job.wait();
    expect(seen).toEqual([0, 1, 4, 9, 16]);
  });

  it('gives random numbers that depend on the seed and the number of the element only', async () => {
    const run = (seed: number | undefined, parallelism: number) =>
      streamEnv()
        .generate((i, random) => [i, random(), random()] as const, {
          count: 2000,
          ...(seed === undefined ? {} : { seed }),
        })
        .setParallelism(parallelism)
        .executeAndCollect();
    const sorted = (all: (readonly [number, number, number])[]) => all.sort(([a], [b]) => a - b);
    const first = await run(42, 1);
    expect(sorted(await run(42, 3))).toEqual(first);
    expect(await run(43, 1)).not.toEqual(first);
    expect(await run(undefined, 1)).toEqual(await run(0, 1));
    const numbers = first.flatMap(([, a, b]) => [a, b]);
    expect(new Set(numbers).size).toBeGreaterThan(3990);
    const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
    expect(mean).toBeGreaterThan(0.47);
    expect(mean).toBeLessThan(0.53);
    expect(numbers.every((n) => n >= 0 && n < 1)).toBe(true);
    expect(() => streamEnv().generate((i) => i, { seed: 0.5 })).toThrow('seed is 0.5');
  });

  it('shares its numbers among subtasks', async () => {
    const env = streamEnv();
    const all = await env
      .generate((i) => i, { count: 10 })
      .setParallelism(3)
      .executeAndCollect();
    expect(all.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('a socket', () => {
  it('gives the lines that a server sends, until it closes', async () => {
    const server = createServer((socket) => {
      socket.write('to be\nor n');
      setImmediate(() => socket.end('ot\nfünf'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await streamEnv().socketTextStream('127.0.0.1', port).executeAndCollect()).toEqual([
      'to be',
      'or not',
      'fünf',
    ]);
    await new Promise((resolve) => server.close(resolve));
    await expect(streamEnv().socketTextStream('127.0.0.1', port).executeAndCollect()).rejects.toThrow(
      new RegExp(`127.0.0.1:${port}[\\s\\S]*nc -lk`),
    );
  });
});
