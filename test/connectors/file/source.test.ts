import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LineDecoder } from '../../../src/connectors/file/lines.js';
import { RowFileDecoder } from '../../../src/connectors/file/rows.js';
import { type DecoderFactory, fileSource } from '../../../src/connectors/file/source.js';
import { SystemClock } from '../../../src/core/clock.js';
import { type } from '../../../src/core/types/index.js';
import { streamEnv } from '../../../src/datastream/index.js';
import { OutputTag } from '../../../src/engine/channels/output-tag.js';
import { END_OF_INPUT, type SourceReader } from '../../../src/engine/source.js';
import { type BadRow, csvDecoder, type DecoderPosition } from '../../../src/formats/index.js';

let folder: string;
let serial = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-source-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(content: string | Buffer): string {
  const path = join(folder, `${serial++}.txt`);
  writeFileSync(path, content);
  return path;
}

const lines: DecoderFactory<string> = (_file, resume) => new LineDecoder(resume);

function readerOf<T>(paths: string[], decoder: DecoderFactory<T>, restored?: unknown) {
  let woken: (() => void) | undefined;
  const state = { failure: undefined as unknown, skipped: 0 };
  const reader = fileSource('test', paths, decoder).createReader({
    clock: new SystemClock(),
    subtask: 0,
    parallelism: 1,
    wake: () => woken?.(),
    fail: (error) => {
      state.failure = error;
      woken?.();
    },
    skipped: (count) => {
      state.skipped += count;
    },
    restored,
  });
  const next = async (): Promise<readonly T[] | undefined> => {
    for (;;) {
      const waiting = new Promise<void>((resolve) => {
        woken = resolve;
      });
      const batch = reader.poll();
      if (state.failure !== undefined) throw state.failure;
      if (batch === END_OF_INPUT) return undefined;
      // The array may be used again for the next batch.
      if (batch !== undefined) return [...batch.values];
      await waiting;
    }
  };
  return { reader: reader as SourceReader<T>, next, state };
}

async function all<T>(paths: string[], decoder: DecoderFactory<T>, restored?: unknown): Promise<T[]> {
  const { reader, next } = readerOf(paths, decoder, restored);
  await reader.open?.();
  const got: T[] = [];
  for (let batch = await next(); batch !== undefined; batch = await next()) got.push(...batch);
  await reader.close?.();
  return got;
}

const line = fc.string({ unit: fc.constantFrom('a', ' ', ',', 'é', '五', '🙂'), maxLength: 12 });

describe('lines', () => {
  it('come out the same however the bytes are cut, and go on from any position', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 20 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        (texts, ending, mark, closed, sizes) => {
          const text = `${mark ? '\ufeff' : ''}${texts.join(ending)}${closed ? ending : ''}`;
          const bytes = Buffer.from(text);
          // Without a line end, nothing at the end is no line.
          const want = texts.join('\n').split('\n');
          if (!closed && want.at(-1) === '') want.pop();
          const got: string[] = [];
          const stops: { position: number; count: number }[] = [];
          const decoder = new LineDecoder(undefined);
          let at = 0;
          for (let i = 0; at < bytes.length; i++) {
            const size = sizes[i % sizes.length] as number;
            decoder.feed(bytes.subarray(at, at + size));
            at += size;
            got.push(...decoder.read());
            stops.push({ position: decoder.position().position, count: got.length });
          }
          decoder.end();
          got.push(...decoder.read());
          expect(got).toEqual(want);
          for (const { position, count } of stops) {
            const resumed = new LineDecoder({ position });
            resumed.feed(bytes.subarray(position));
            const rest = [...resumed.read()];
            resumed.end();
            rest.push(...resumed.read());
            if (position > 0) expect([...got.slice(0, count), ...rest]).toEqual(got);
          }
        },
      ),
    );
  });

  it.each([
    ['\ufeff', []],
    ['\ufeff\r', ['']],
    ['\ufeff\n', ['']],
    ['\r', ['']],
    ['', []],
  ])('of %j, a mark or an end alone', async (text, want) => {
    expect(await all([file(text)], lines)).toEqual(want);
  });

  it('of many megabytes come whole', async () => {
    const long = 'x'.repeat(20 * 1024 * 1024);
    const got = await streamEnv()
      .readTextFile(file(`${long}五\nshort`))
      .map((text) => text.length)
      .executeAndCollect();
    expect(got).toEqual([long.length + 1, 5]);
  });
});

describe('a file source', () => {
  it('goes on from where a checkpoint left it, in the middle of a file and between two', async () => {
    const a = Array.from({ length: 40_000 }, (_, i) => `a${i} ${'五'.repeat(i % 7)}`);
    const b = Array.from({ length: 30_000 }, (_, i) => `b${i}`);
    const paths = [file(a.join('\n')), file(''), file(`${b.join('\n')}\n`)];
    const whole = [...a, ...b];
    expect(await all(paths, lines)).toEqual(whole);
    const { reader, next } = readerOf(paths, lines);
    await reader.open?.();
    let count = 0;
    let tried = 0;
    for (let batch = await next(); batch !== undefined; batch = await next()) {
      count += batch.length;
      if (tried++ % 3 !== 0) continue;
      const position = structuredClone(reader.position());
      const rest = await all(paths, lines, position);
      expect(rest.length).toBe(whole.length - count);
      expect(rest[0]).toBe(whole[count]);
    }
    await reader.close?.();
    expect(count).toBe(whole.length);
    expect(tried).toBeGreaterThan(5);
  });

  it('goes on in a csv file with a header, and does not count a bad row twice', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => (i % 1000 === 0 ? 'bad,x' : `n${i},${i}`));
    const path = file(`name,n\n${rows.join('\n')}\n`);
    const schema = { name: type.string(), n: type.bigint() };
    const decoder: DecoderFactory<{ n: number }> = (source, resume) =>
      new RowFileDecoder(
        csvDecoder(schema, {
          header: true,
          onBadRow: 'skip',
          source,
          ...(resume === undefined ? {} : { resume: resume as DecoderPosition }),
        }),
      ) as never;
    const first = readerOf([path], decoder);
    await first.reader.open?.();
    const got: number[] = [];
    for (let i = 0; i < 5; i++) got.push(...((await first.next()) ?? []).map((row) => row.n));
    const position = first.reader.position();
    await first.reader.close?.();
    const second = readerOf([path], decoder, structuredClone(position));
    await second.reader.open?.();
    for (let batch = await second.next(); batch !== undefined; batch = await second.next()) {
      got.push(...batch.map((row) => row.n));
    }
    await second.reader.close?.();
    expect(got).toEqual(Array.from({ length: 20_000 }, (_, i) => i).filter((i) => i % 1000 !== 0));
    expect(first.state.skipped).toBeGreaterThan(0);
    expect(first.state.skipped + second.state.skipped).toBe(20);
  });

  it('shares its files among subtasks', async () => {
    const paths = Array.from({ length: 5 }, (_, i) => file(`${i}\n`));
    const env = streamEnv({ parallelism: 3 });
    expect((await env.readTextFile(paths).executeAndCollect()).sort()).toEqual(['0', '1', '2', '3', '4']);
  });
});

describe('rows that cannot be read', () => {
  const schema = { name: type.string(), n: type.bigint() };
  const content = 'a,1\nb,many\nc,3\nd\n';

  it('fail the job, which names the file, the line and the column', async () => {
    const path = file(content);
    await expect(streamEnv().readCsvFile(path, schema).executeAndCollect()).rejects.toThrow(/many/);
    const error = await streamEnv()
      .readCsvFile(path, schema)
      .executeAndCollect()
      .catch((e: unknown) => e);
    expect((error as Error & { cause?: unknown }).cause).toMatchObject({ code: 'bad-row' });
    expect(String((error as { cause: { where: string } }).cause.where)).toContain(`${path}, line 2, column \`n\``);
  });

  it('are left out and counted', async () => {
    const env = streamEnv();
    const names: string[] = [];
    env.readCsvFile(file(content), schema, { onBadRow: 'skip' }).forEach((row) => void names.push(row.name));
    const { metrics } = await env.execute();
    expect(names).toEqual(['a', 'c']);
    expect(metrics.operators[0]).toMatchObject({ name: 'CSV File', numRecordsOut: 2, numRecordsSkipped: 2 });
  });

  it('go to a function', async () => {
    const bad: BadRow[] = [];
    const onBad = (row: BadRow): number => bad.push(row);
    const rows = await streamEnv().readCsvFile(file(content), schema, { onBadRow: 'side', onBad }).executeAndCollect();
    expect(rows.map((row) => row.n)).toEqual([1, 3]);
    expect(bad.map(({ line: at, text }) => [at, text])).toEqual([
      [2, 'b,many'],
      [4, 'd'],
    ]);
  });
});

describe('rows that cannot be read, as a stream', () => {
  it.each(['csv', 'json'] as const)('%s: go into a side output, each once over a restore', async (format) => {
    const good = (i: number) => (format === 'csv' ? `n${i},${i}` : `{"name":"n${i}","n":${i}}`);
    const rows = Array.from({ length: 30_000 }, (_, i) => (i % 1000 === 999 ? 'bad' : good(i)));
    const path = file(rows.join('\n'));
    const bad = new OutputTag<BadRow>('bad');
    const numbers: number[] = [];
    const lines: number[] = [];
    const run = async (restoreFrom?: string) => {
      const env = streamEnv();
      const schema = { name: type.string(), n: type.bigint() };
      const options = { onBadRow: bad };
      const all = format === 'csv' ? env.readCsvFile(path, schema, options) : env.readJsonFile(path, schema, options);
      let stopped: Promise<unknown> = Promise.resolve();
      let stop: () => Promise<unknown> = () => Promise.resolve();
      all.uid('rows').forEach((row) => {
        if (numbers.push(Number(row.n)) === 5000) stopped = stop();
        if (numbers.length % 500 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      });
      all.getSideOutput(bad).forEach((row) => void lines.push(row.line));
      const job = await env.executeAsync(restoreFrom === undefined ? {} : { restoreFrom });
      const savepoint = join(folder, `sp-${format}`);
      if (restoreFrom === undefined) stop = () => job.stopWithSavepoint(savepoint);
      await job.wait();
      await stopped;
      return savepoint;
    };
    const savepoint = await run();
    expect(numbers.length).toBeLessThan(29_970);
    await run(savepoint);
    expect(numbers).toEqual(Array.from({ length: 30_000 }, (_, i) => i).filter((i) => i % 1000 !== 999));
    expect(lines).toEqual(Array.from({ length: 30 }, (_, i) => 1000 * (i + 1)));
  });
});
