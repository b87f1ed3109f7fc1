import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DirectoryStorage } from '../../../src/engine/checkpoint/directory.js';
import { type Job, RestartStrategies, streamEnv } from '../../../src/index.js';

let folder = '';
let warned: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-directories-'));
  warned = [];
  vi.spyOn(console, 'warn').mockImplementation((message) => void warned.push(String(message)));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

async function sums(to: number, storage: string, restoreFrom?: string): Promise<number[]> {
  const env = streamEnv({ checkpointing: { intervalMs: 3_600_000, storage } });
  const seen: number[] = [];
  env
    .fromSequence(1, to)
    .keyBy(() => 0)
    .reduce((a, b) => a + b)
    .forEach((n) => void seen.push(n));
  await env.execute(restoreFrom === undefined ? {} : { restoreFrom });
  return seen;
}

async function standing(storage: string, name: string): Promise<Job> {
  const env = streamEnv({ checkpointing: { intervalMs: 3_600_000, storage } });
  env
    .fromCollection(async function* () {
      yield 1;
      await new Promise(() => undefined);
    })
    .print();
  return env.executeAsync(name);
}

describe('a directory of checkpoints', () => {
  test('is left alone before a job that failed starts again, and when it has ended', async () => {
    const order: string[] = [];
    const { write } = DirectoryStorage.prototype;
    vi.spyOn(DirectoryStorage.prototype, 'write').mockImplementation(async function (this: DirectoryStorage, ...args) {
      order.push('begin');
      // A slow disk. The job fails in the meantime, and could start again at once.
      await new Promise((resolve) => setTimeout(resolve, 300));
      const stored = await write.apply(this, args);
      order.push('end');
      return stored;
    });
    const env = streamEnv({ checkpointing: { intervalMs: 10, storage: folder } });
    env.setRestartStrategy(RestartStrategies.fixedDelayRestart(1, 1));
    env
      .fromCollection(async function* () {
        order.push('open');
        for (const begun = order.length; order.length === begun; ) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          yield 1;
        }
        throw new Error('boom');
      })
      .forEach(() => {});
    await expect(env.execute()).rejects.toThrow('boom');
    expect(order).toEqual(['open', 'begin', 'end', 'open', 'begin', 'end']);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of two jobs at once is refused, and the first goes on', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const first = await standing(folder, 'first');
    const second = await standing(folder, 'second');
    await expect(second.wait()).rejects.toMatchObject({ code: 'checkpoint-storage' });
    expect(String(second.error)).toContain('the checkpoints of the job `first`, which still runs');
    expect((await first.checkpoint()).id).toBe(1);
    await first.cancel();
    const third = await standing(folder, 'third');
    expect((await third.checkpoint()).id).toBe(2);
    // As another process would.
    mkdirSync(join(folder, 'chk-3'));
    await expect(third.checkpoint()).rejects.toThrow(/holds the checkpoints of another process/);
    await expect(third.wait()).rejects.toMatchObject({ code: 'checkpoint-storage' });
    expect(warned).toEqual([]);
  });

  test('of a process that still runs is refused at once, and that of a dead one taken over', async () => {
    const held = (pid: number | undefined): void =>
      writeFileSync(join(folder, '.lock'), JSON.stringify({ pid, started: '', token: 'another' }));
    held(process.ppid);
    await expect(sums(3, folder)).rejects.toThrow(`holds the checkpoints of process ${process.ppid}, which still runs`);
    expect(readdirSync(folder)).toEqual(['.lock']);
    held(spawnSync(process.execPath, ['--version']).pid);
    // Of a process that was killed while it took the lock.
    writeFileSync(join(folder, '.lock.1-1'), '');
    expect(await sums(3, folder)).toEqual([1, 3, 6]);
    expect(readdirSync(folder)).toEqual(['chk-1']);
  });

  test.each([
    ['is a file', () => ''],
    ['lies below a file', () => 'sub'],
  ])('that %s is named at once', async (_what, below) => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(sums(3, join(file, below()))).rejects.toMatchObject({
      code: 'checkpoint-storage',
      message: expect.stringContaining(file),
    });
    expect(warned).toEqual([]);
  });

  test('that cannot be read is not taken for an empty one', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(sums(3, 'memory', file)).rejects.toThrow(
      /there is no snapshot in .*file, or none that can be read: ENOTDIR/,
    );
  });

  test('in which two were exchanged goes on from one that is what its name says', async () => {
    await sums(2, folder);
    expect(await sums(3, folder, 'latest')).toEqual([6]);
    cpSync(join(folder, 'chk-1'), join(folder, 'kept'), { recursive: true });
    renameSync(join(folder, 'chk-2'), join(folder, 'x'));
    renameSync(join(folder, 'chk-1'), join(folder, 'chk-2'));
    renameSync(join(folder, 'x'), join(folder, 'chk-1'));
    await expect(sums(4, folder, 'latest')).rejects.toThrow(/chk-2 is damaged: it holds checkpoint 1/);
    expect(warned.join()).toMatch(/chk-1 is damaged: it holds checkpoint 2/);
    // Under a name of its own it may lie anywhere.
    expect(await sums(4, join(folder, 'elsewhere'), join(folder, 'kept'))).toEqual([6, 10]);
  });

  test.each(['state', '_metadata'])(
    'with a damaged, cut, lost or foreign %s goes on from the one before',
    async (name) => {
      await sums(2, folder);
      await sums(3, folder, 'latest');
      const file = join(folder, 'chk-2', name);
      const good = readFileSync(file);
      const damages: (() => void)[] = [
        () => writeFileSync(file, good.subarray(0, good.length - 1)),
        () => writeFileSync(file, Buffer.concat([good, good])),
        () => rmSync(file),
        () => cpSync(join(folder, 'chk-1', name), file),
      ];
      for (const damage of damages) {
        cpSync(folder, `${folder}-copy`, { recursive: true });
        warned = [];
        damage();
        try {
          expect(await sums(4, folder, 'latest')).toEqual([6, 10]);
          expect(warned.join()).toContain(`the snapshot ${join(folder, 'chk-2')} is damaged`);
        } finally {
          rmSync(folder, { recursive: true });
          renameSync(`${folder}-copy`, folder);
        }
      }
      expect(readdirSync(folder).sort()).toEqual(['chk-1', 'chk-2']);
    },
  );
});
