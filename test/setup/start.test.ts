import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBrokerFile } from '../../src/cli/setup/broker.mjs';
import { type Layout, layout, projectRoot } from '../../src/cli/setup/paths.mjs';
import { anyFreePort } from '../../src/cli/setup/ports.mjs';
import { descendantsOf, isThere } from './processes-of.js';
import { scratchFolder } from './scratch.js';

/** State of its own: what the reader has running in this project is not touched. */
let at: Layout;

/** `npm start`, in a home of its own that nothing may be written to. */
class Started {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output = '';

  constructor(args: readonly string[], home: string) {
    const env = {
      ...process.env,
      STREAMBOOK_STATE: at.state,
      HOME: home,
      USERPROFILE: home,
      XDG_CACHE_HOME: undefined,
      CI: undefined,
    };
    this.child = spawn(process.execPath, [join(projectRoot, 'src/cli/setup/start.mjs'), ...args], {
      env,
      stdio: 'pipe',
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  /** Waits until the output matches; fails when the program ends before. */
  async says(expected: RegExp): Promise<RegExpExecArray> {
    let over = false;
    this.ended.then(() => {
      over = true;
    });
    for (;;) {
      const found = expected.exec(this.output);
      if (found !== null) return found;
      if (over) throw new Error(`ended without saying ${expected}:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Those who have to be gone when it is gone. */
  family(): number[] {
    return descendantsOf(this.child.pid ?? 0).map(({ pid }) => pid);
  }
}

let home = '';
const all: Started[] = [];
const start = (...args: string[]) => {
  const started = new Started(args, home);
  all.push(started);
  return started;
};

beforeEach(() => {
  home = scratchFolder();
  at = layout(projectRoot, { STREAMBOOK_STATE: join(scratchFolder(), 'state') });
});
afterEach(async () => {
  for (const started of all.splice(0)) {
    if (started.child.exitCode === null) started.child.kill('SIGTERM');
    await started.ended;
  }
});

test('an option that it does not have', async () => {
  const started = start('--slidez');
  expect(await started.ended).toBe(1);
  expect(started.output).toContain('`npm start` has no option `--slidez`.');
});

test('--help', async () => {
  const started = start('--help');
  expect(await started.ended).toBe(0);
  expect(started.output).toContain('--no-open');
});

describe.runIf(process.platform !== 'win32')('npm start', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('serves, and %s ends all that it started', async (signal) => {
    const port = await anyFreePort();
    const started = start('--no-open', '--port', String(port));
    const [, address] = await started.says(/(http:\/\/127\.0\.0\.1:\d+\/lab\?token=\w+)/);
    expect(address).toContain(`:${port}/`);
    const { origin, searchParams } = new URL(address ?? '');
    const token = searchParams.get('token');
    const refused = await fetch(`${origin}/api/kernels`);
    expect(refused.status).toBe(403);
    // A kernel in the middle of its work must not stay behind either.
    const headers = { Authorization: `token ${token}` };
    const opened = await fetch(`${origin}/api/kernels`, { method: 'POST', headers, body: '{"name":"streambook"}' });
    expect(opened.status).toBe(201);
    const family = started.family();
    // The broker, the server, the kernel.
    expect(family.length).toBeGreaterThanOrEqual(3);
    started.child.kill(signal);
    // npm hands a Ctrl-C on as well.
    started.child.kill(signal);
    expect(await started.ended).toBe(0);
    expect(started.output).toContain('Stopped. Everything in the notebooks and in the topics is kept.');
    expect(family.filter(isThere)).toEqual([]);
    expect(existsSync(join(at.starts, String(started.child.pid)))).toBe(false);
    expect(readdirSync(home)).toEqual([]);
  });

  test('stopped while it starts, it leaves nobody behind', async () => {
    const started = start('--no-open');
    await started.says(/kernel/);
    const family = started.family();
    started.child.kill('SIGINT');
    expect(await started.ended).toBe(130);
    expect(started.output).not.toContain('!!');
    expect(family.filter(isThere)).toEqual([]);
    expect(descendantsOf(process.pid).filter(({ args }) => args.includes('jupyterlab'))).toEqual([]);
  });

  test('a broker that is killed comes back', async () => {
    const started = start('--no-open');
    await started.says(/http:\S+token=\w+/);
    const before = readBrokerFile(at.brokerFile);
    process.kill(before?.pid ?? 0, 'SIGKILL');
    const [, address] = await started.says(/The broker had ended; it was started again on (\S+), with all its data/);
    const after = readBrokerFile(at.brokerFile);
    expect(after?.address).toBe(address);
    expect(after?.pid).not.toBe(before?.pid);
    expect(after?.clusterId).toBe(before?.clusterId);
    started.child.kill('SIGINT');
    expect(await started.ended).toBe(0);
    expect(isThere(after?.pid ?? 0)).toBe(false);
  });

  test('a second one beside the first, and each can end alone', async () => {
    const one = start('--no-open');
    const two = start('--no-open');
    const [, first] = await one.says(/(http:\S+token=\w+)/);
    const [, second] = await two.says(/(http:\S+token=\w+)/);
    expect(new URL(first ?? '').port).not.toBe(new URL(second ?? '').port);
    one.child.kill('SIGINT');
    expect(await one.ended).toBe(0);
    expect(one.output).toMatch(/Note: the broker on \S+ stays: process \d+ uses it, too/);
    expect((await fetch(second ?? '')).status).toBe(200);
    two.child.kill('SIGINT');
    expect(await two.ended).toBe(0);
  });

  test('a port that is taken', async () => {
    const one = start('--no-open');
    const [, address] = await one.says(/(http:\S+token=\w+)/);
    const { port } = new URL(address ?? '');
    const two = start('--no-open', '--port', port);
    expect(await two.ended).toBe(1);
    expect(two.output).toContain(`Port ${port} is taken by another program.`);
    expect(two.output).toContain('Name another one with `--port N`');
  });

  test('--check proves it and ends, two at once as well; nothing of it stays', async () => {
    const checks = [start('--check'), start('--check')];
    const brokers = new Set<string | undefined>();
    for (const started of checks) {
      expect(await started.ended, started.output).toBe(0);
      expect(started.output).toContain('It works: the server answers, the kernel ran a cell');
      brokers.add(/broker +listens on (\S+)/.exec(started.output)?.[1]);
    }
    expect(brokers.size).toBe(2);
    const left = [at.state, at.logs].flatMap((folder) => readdirSync(folder));
    expect(left.filter((name) => name.startsWith('check-'))).toEqual([]);
    expect(readdirSync(home)).toEqual([]);
  });
});
