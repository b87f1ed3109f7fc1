import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { VirtualClock } from '../../../src/core/clock.js';
import type { Job } from '../../../src/engine/job.js';
import { RestartStrategies, type StreamExecutionEnvironment, streamEnv } from '../../../src/index.js';

let folder = '';
let job: Job | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-savepoints-'));
});
afterEach(async () => {
  await job?.cancel();
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

/** A job that stands still after its first element. */
async function running(env: StreamExecutionEnvironment = streamEnv()): Promise<Job> {
  const seen: number[] = [];
  env
    .fromCollection(async function* () {
      yield 1;
      await new Promise(() => undefined);
    })
    .forEach((n) => void seen.push(n));
  job = await env.executeAsync('standing');
  await vi.waitFor(() => expect(seen).toEqual([1]), 60_000);
  return job;
}

function occupied(): string {
  const path = join(folder, 'full');
  mkdirSync(path);
  writeFileSync(join(path, 'mine'), '');
  return path;
}

function leadingNowhere(): string {
  const link = join(folder, 'link');
  try {
    symlinkSync(join(folder, 'nowhere'), link);
  } catch {
    writeFileSync(link, '');
  }
  return link;
}

function belowFile(): string {
  writeFileSync(join(folder, 'file'), '');
  return join(folder, 'file', 'sp');
}

describe.each(['savepoint', 'stopWithSavepoint'] as const)('%s', (method) => {
  test.each([
    ['a directory with something in it', occupied, 'savepoint-exists'],
    ['a file', () => join(belowFile(), '..'), 'snapshot-not-written'],
    // A link to nowhere; where links need a permission, as on Windows, a file does.
    ['a link to nowhere', leadingNowhere, /savepoint-exists|snapshot-not-written/],
    ['a directory below a file', belowFile, 'snapshot-not-written'],
    ['no name', () => '', 'bad-argument'],
    ['nothing', () => undefined as unknown as string, 'bad-argument'],
  ])('into %s is refused, and the job goes on', async (_what, path, code) => {
    const { status } = await running();
    const before = readdirSync(folder);
    const target = path();
    await expect(job?.[method](target)).rejects.toMatchObject({ code: expect.stringMatching(code) });
    expect([status, job?.status]).toEqual(['running', 'running']);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(before).toEqual([]);
    await job?.[method](join(folder, 'sp'));
    expect(readdirSync(join(folder, 'sp')).sort()).toEqual(['_metadata', 'state']);
  });

  test('takes a name with a slash at its end, and a URL', async () => {
    const running1 = await running();
    await running1[method](`${join(folder, 'a')}/`);
    const running2 = await running();
    await running2[method](pathToFileURL(join(folder, 'b')));
    expect(readdirSync(folder).sort()).toEqual(['a', 'b']);
  });

  test('twice at once: into two directories, not into one', async () => {
    const { status } = await running();
    const same = [join(folder, 'a'), join(folder, 'a'), join(folder, 'b')];
    const asked = await Promise.allSettled(same.map((path) => job?.[method](path)));
    expect(asked.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(asked[1]).toMatchObject({ reason: { code: 'savepoint-exists' } });
    expect(status).toBe('running');
  });
});

test('what cannot be written down is named, and the job that was asked for a savepoint goes on', async () => {
  const env = streamEnv();
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const seen: number[] = [];
  env
    .fromCollection(async function* () {
      yield* [1, 2];
      await gate;
      yield 3;
    })
    .keyBy(() => 'all')
    .reduce((a, b) => (b === 2 ? ((() => a) as never) : b))
    .forEach((n) => void seen.push(n));
  job = await env.executeAsync('one of the values is a function');
  await vi.waitFor(() => expect(seen).toHaveLength(2), 60_000);
  await expect(job.savepoint(join(folder, 'sp'))).rejects.toMatchObject({ code: 'not-serialisable' });
  await expect(job.stopWithSavepoint(join(folder, 'sp'))).rejects.toMatchObject({ code: 'not-serialisable' });
  release();
  await job.wait();
  expect(seen[2]).toBe(3);
});

test('a job that waits for its restart is drained when it runs again', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const clock = new VirtualClock();
  const env = streamEnv({ clock });
  env.setRestartStrategy(RestartStrategies.fixedDelayRestart(1, 500));
  let failed = false;
  env
    .fromCollection(async function* () {
      yield 1;
      await new Promise(() => undefined);
    })
    .map((n) => {
      if (failed) return n;
      failed = true;
      throw new Error('once');
    })
    .print();
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const restarting = await env.executeAsync();
  job = restarting;
  await vi.waitFor(() => expect(restarting.status).toBe('restarting'), 60_000);
  const stopped = restarting.stopWithSavepoint(join(folder, 'sp'), { drain: true });
  await clock.advance(500);
  expect((await stopped).kind).toBe('savepoint');
  expect(restarting.status).toBe('finished');
});
