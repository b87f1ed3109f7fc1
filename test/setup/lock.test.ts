import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { withLock } from '../../src/cli/setup/lock.mjs';
import { projectRoot } from '../../src/cli/setup/paths.mjs';
import { scratchFolder } from './scratch.js';

const lockModule = pathToFileURL(join(projectRoot, 'src/cli/setup/lock.mjs')).href;

/** A process that takes the lock, says so, and holds it until it is killed or its input ends. */
async function holder(path: string): Promise<ChildProcess> {
  const script = `import { withLock } from ${JSON.stringify(lockModule)};
    await withLock(${JSON.stringify(path)}, () => {}, () => new Promise((done) => {
      console.log('held'); process.stdin.on('end', done).resume(); }));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child;
}

test('one at a time, within a process', async () => {
  const path = join(scratchFolder(), 'deep/setup.lock');
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
  };
  await Promise.all([1, 2, 3].map(() => withLock(path, () => {}, work)));
  expect(most).toBe(1);
  expect(existsSync(path)).toBe(false);
});

test('waits for another process, says for which, and goes on when that one ends', async () => {
  const path = join(scratchFolder(), 'setup.lock');
  const child = await holder(path);
  const waitedFor: number[] = [];
  const mine = withLock(
    path,
    (pid) => {
      waitedFor.push(pid);
      child.stdin?.end();
    },
    async () => Number(readFileSync(path, 'utf8')),
  );
  expect(await mine).toBe(process.pid);
  expect(waitedFor).toEqual([child.pid]);
});

test('the lock of a process that was killed is taken over', async () => {
  const path = join(scratchFolder(), 'setup.lock');
  const child = await holder(path);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  expect(existsSync(path)).toBe(true);
  expect(
    await withLock(
      path,
      () => {},
      async () => 'mine',
    ),
  ).toBe('mine');
  expect(existsSync(path)).toBe(false);
});

test('a lock that bears our own number, or nobody has touched for minutes, or is empty, is stale', async () => {
  const path = join(scratchFolder(), 'setup.lock');
  const long = new Date(Date.now() - 600_000);
  writeFileSync(path, String(process.pid));
  expect(
    await withLock(
      path,
      () => {},
      async () => 1,
    ),
  ).toBe(1);
  writeFileSync(path, String(process.ppid));
  utimesSync(path, long, long);
  expect(
    await withLock(
      path,
      () => {},
      async () => 2,
    ),
  ).toBe(2);
  writeFileSync(path, '');
  utimesSync(path, long, long);
  expect(
    await withLock(
      path,
      () => {},
      async () => 3,
    ),
  ).toBe(3);
});

test('a failure lets go', async () => {
  const path = join(scratchFolder(), 'setup.lock');
  await expect(
    withLock(
      path,
      () => {},
      async () => {
        throw new Error('no');
      },
    ),
  ).rejects.toThrow('no');
  expect(existsSync(path)).toBe(false);
});
