import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fileSink } from '../../../src/connectors/file/sink.js';
import { VirtualClock } from '../../../src/core/clock.js';
import { type } from '../../../src/core/types/index.js';
import { streamEnv } from '../../../src/datastream/index.js';
import { RestartStrategies } from '../../../src/engine/restart/strategies.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-file-sink-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

function visible(path: string): string[] {
  return readdirSync(path).filter((name) => !name.startsWith('.'));
}

function lines(path: string): string[] {
  return visible(path).flatMap((name) => readFileSync(join(path, name), 'utf8').split('\n').slice(0, -1));
}

describe('a file sink without checkpoints', () => {
  test('publishes its file at the end', async () => {
    const env = streamEnv();
    env.fromElements('a', 'b').sinkTo(fileSink(folder));
    await env.execute();
    expect(visible(folder)).toEqual([expect.stringMatching(/^part-[0-9a-f]{8}-0\.txt$/)]);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(lines(folder)).toEqual(['a', 'b']);
  });

  test('writes json and csv', async () => {
    const env = streamEnv();
    const rows = env.fromElements({ name: 'x;"y"', n: 1 }, { name: 'z', n: 2 });
    rows.sinkTo(fileSink(join(folder, 'json'), { format: 'json' }));
    const schema = { name: type.string(), n: type.bigint() };
    rows.sinkTo(fileSink(join(folder, 'csv'), { format: 'csv', schema, csv: { header: true } }));
    await env.execute();
    expect(lines(join(folder, 'json'))).toEqual(['{"name":"x;\\"y\\"","n":1}', '{"name":"z","n":2}']);
    expect(lines(join(folder, 'csv'))).toEqual(['name,n', '"x;""y""",1', 'z,2']);
  });

  test('begins a new file when one is large enough, and keeps buckets apart', async () => {
    const env = streamEnv();
    const line = 'x'.repeat(70_000);
    env
      .fromElements(...Array.from({ length: 6 }, (_, i) => `${i % 2}${line}`))
      .sinkTo(fileSink(folder, { rollingPolicy: { maxPartBytes: 100_000 }, bucket: (text) => `even=${text[0]}` }));
    await env.execute();
    expect(visible(folder)).toEqual(['even=0', 'even=1']);
    for (const bucket of ['even=0', 'even=1']) expect(visible(join(folder, bucket))).toHaveLength(2);
  });

  test('begins a new file when there are more bytes than that, however few', async () => {
    const env = streamEnv();
    const ten = `${'ää'.repeat(2)}x`;
    env
      .fromElements(...Array.from({ length: 12 }, () => ten))
      .sinkTo(fileSink(folder, { rollingPolicy: { maxPartBytes: 30 } }));
    await env.execute();
    // As Flink's DefaultRollingPolicy: a file that has more ends, 4 lines of 10 bytes are more than 30.
    expect(visible(folder).map((name) => readFileSync(join(folder, name)).length)).toEqual([40, 40, 40]);
  });

  test.each(['none', 'at-least-once', 'exactly-once'] as const)(
    'has written everything at its end: %s',
    async (deliveryGuarantee) => {
      const env = streamEnv();
      env.fromSequence(1, 3).map(String).sinkTo(fileSink(folder, { deliveryGuarantee }));
      await env.execute();
      expect(lines(folder)).toEqual(['1', '2', '3']);
    },
  );

  test('writes large integers into json with all their digits', async () => {
    const env = streamEnv();
    env
      .fromElements({ n: 12345678901234567890n, list: [-1n, '2n'], m: 1 })
      .sinkTo(fileSink(folder, { format: 'json' }));
    await env.execute();
    expect(lines(folder)).toEqual(['{"n":12345678901234567890,"list":[-1,"2n"],"m":1}']);
  });

  test('names the file that it cannot write', async () => {
    const file = join(folder, 'a file');
    writeFileSync(file, '');
    const env = streamEnv();
    env.fromElements('a').sinkTo(fileSink(file));
    await expect(env.execute()).rejects.toThrow(/File Sink failed while it wrote: .*file-not-written.*a file.*part-/);
  });

  test('refuses a bucket outside its folder', async () => {
    const env = streamEnv();
    env.fromElements('a').sinkTo(fileSink(folder, { bucket: () => '../b' }));
    await expect(env.execute()).rejects.toThrow(/bucket is "\.\.\/b"/);
  });
});

describe('a file sink and checkpoints', () => {
  test('shows what a checkpoint covers, and after a failure each element once', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const clock = new VirtualClock();
    const env = streamEnv({ clock, checkpointing: { intervalMs: 1000 } });
    env.setRestartStrategy(RestartStrategies.fixedDelayRestart(1, 10));
    const gates = [0, 1].map(() => withResolvers());
    let fed = 0;
    let failed = false;
    env
      .fromCollection(async function* () {
        yield* ['a', 'b'];
        await gates[0]?.promise;
        yield* ['c', 'd'];
        await gates[1]?.promise;
        yield* ['e', 'boom', 'f'];
      })
      .map((text) => {
        fed++;
        if (text === 'boom' && !failed) {
          failed = true;
          throw new Error('boom');
        }
        return text;
      })
      .sinkTo(fileSink(folder));
    const job = await env.executeAsync();
    await vi.waitFor(() => expect(fed).toBe(2));
    expect(lines(folder)).toEqual([]);
    await clock.advance(1000);
    expect(lines(folder)).toEqual(['a', 'b']);
    gates[0]?.resolve();
    await vi.waitFor(() => expect(fed).toBe(4));
    await clock.advance(1000);
    expect(lines(folder)).toEqual(['a', 'b', 'c', 'd']);
    gates[1]?.resolve();
    await vi.waitFor(() => expect(job.status).toBe('restarting'));
    expect(readdirSync(folder)).toHaveLength(2);
    await clock.advance(10);
    await job.wait();
    expect(lines(folder)).toEqual(['a', 'b', 'c', 'd', 'e', 'boom', 'f']);
    expect(readdirSync(folder)).toHaveLength(3);
  });

  test.each([true, false])(
    'leaves no file behind that no snapshot knows of, rolling at checkpoints: %s',
    async (onCheckpoint) => {
      vi.spyOn(console, 'warn').mockImplementation(() => undefined);
      const env = streamEnv({ checkpointing: { intervalMs: 3_600_000 } });
      env.setRestartStrategy(RestartStrategies.fixedDelayRestart(3, 1));
      let failures = 0;
      env
        .fromSequence(0, 2999)
        .map((n) => {
          if (n === 2500 && failures++ < 2) throw new Error('boom');
          return String(n);
        })
        .sinkTo(fileSink(folder, { rollingPolicy: { maxPartBytes: 5000, onCheckpoint } }));
      await env.execute();
      expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
      expect(lines(folder)).toHaveLength(3000);
    },
  );

  test('at-least-once shows lines at once and writes them again after a failure', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const env = streamEnv();
    env.setRestartStrategy(RestartStrategies.fixedDelayRestart(1, 1));
    let failed = false;
    env
      .fromElements(...Array.from({ length: 3000 }, (_, i) => i))
      .map((n) => {
        if (n === 2500 && !failed) {
          failed = true;
          throw new Error('boom');
        }
        return `${n} ${'x'.repeat(100)}`;
      })
      .sinkTo(fileSink(folder, { deliveryGuarantee: 'at-least-once' }));
    await env.execute();
    const all = lines(folder).map((line) => Number(line.split(' ')[0]));
    expect(new Set(all).size).toBe(3000);
    expect(all.length).toBeGreaterThan(3000);
  });
});

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
