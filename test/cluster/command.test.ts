import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, inject, it, vi } from 'vitest';
import { stopLocalCluster } from '../../src/flink/local/control.js';
import { isRunning } from '../../src/flink/local/process.js';
import { type ClusterState, readState } from '../../src/flink/local/state.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'streambook-command-'));
const data = join(folder, 'cluster');
const stateFile = join(folder, 'cluster.json');

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `streambook ARGS`, from the sources. */
function streambook(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(
    process.execPath,
    [join(root, 'test/support/run-typescript.mjs'), join(root, 'src/cli/main.ts'), ...args],
    { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  return { child, ended };
}

const run = (...args: string[]): Promise<Ended> => streambook(args).ended;
const start = [
  'cluster',
  'start',
  '--data',
  data,
  '--port',
  '0',
  '--web-port',
  '0',
  '--no-kafka',
  '--slots',
  '1',
  '--memory',
  '384',
];

async function allGone({ members, id }: ClusterState): Promise<void> {
  await vi.waitFor(
    async () =>
      expect(await Promise.all(members.map(({ pid }) => isRunning(pid, id)))).toEqual(members.map(() => false)),
    { timeout: 60_000, interval: 100 },
  );
}

describe.skipIf(inject('gateway') === '')('streambook cluster', () => {
  afterAll(async () => {
    await stopLocalCluster(stateFile);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('starts, tells, carries statements out, and stops', async () => {
    const started = await run(...start);
    expect(started).toMatchObject({ code: 0 });
    const gateway = /SQL Gateway {3}(http:\/\/127\.0\.0\.1:\d+)/.exec(started.out)?.[1] ?? '';
    const state = readState(stateFile) as ClusterState;
    expect(state.gateway).toBe(gateway);
    expect(await run(...start)).toMatchObject({ code: 1, err: expect.stringContaining('a cluster runs already') });
    const status = await run('cluster', 'status', '--data', data);
    expect(status).toMatchObject({ code: 0 });
    expect(status.out.match(/ running/g)).toHaveLength(3);
    const sql = await run('sql', '--cluster', gateway, '-e', 'SELECT 1 AS num; SELECT nope FROM (VALUES (1)) AS v (a)');
    expect(sql).toMatchObject({ code: 1, err: expect.stringContaining("Column 'nope' not found in any table") });
    expect(sql.out).toContain('| +I |           1 |');
    expect(await run('cluster', 'stop', '--data', data)).toMatchObject({ code: 0, out: 'stopped\n' });
    await allGone(state);
    expect(existsSync(stateFile)).toBe(false);
    expect(await run('cluster', 'status', '--data', data)).toMatchObject({ code: 1 });
  });

  // Windows has no Ctrl-C that one program could send another.
  it.skipIf(process.platform === 'win32')('leaves nothing behind when it is interrupted', async () => {
    const { child, ended } = streambook(start);
    await vi.waitFor(() => expect(readState(stateFile)?.members.length).toBeGreaterThan(1), { timeout: 60_000 });
    const state = readState(stateFile) as ClusterState;
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect(code).toBe(1);
    expect(err).toContain('stopped before it was up');
    await allGone(state);
    expect(existsSync(stateFile)).toBe(false);
  });

  it('says what is missing', async () => {
    const { code, err } = await streambook(start, { ...process.env, JAVA_HOME: join(folder, 'none') }).ended;
    expect(code).toBe(1);
    expect(err).toContain('a real Flink needs Java 17, and there is none here');
    expect(err).toContain('apt install openjdk-17-jre-headless');
  });
});
