import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { openKernel, startJupyterServer } from '../../src/kernel/client/index.js';
import { result } from './kernel.js';
import { jupyterEnvironment, linkProject } from './server.js';

let state: string;
beforeEach(() => {
  console.debug = () => undefined;
  state = mkdtempSync(join(tmpdir(), 'streambook-ending-'));
  linkProject(join(state, 'notebooks'));
});
afterEach(() => {
  rmSync(state, { recursive: true, force: true });
});

/** A cell that leaves something running which says, in a file, that it was stopped. */
const leaves = (file: string): string => `
  const running = ((globalThis as any)[Symbol.for('streambook.running')] ??= new Set());
  running.add({ cellId: 1, stoppable: { what: 'a sender', async stop() {
    await new Promise((done) => setTimeout(done, 50));
    require('node:fs').writeFileSync(${JSON.stringify(file)}, 'stopped');
  } } });
  process.pid`;

const gone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A process that nobody has waited for is gone, too.
    return /^State:\s+Z/m.test(existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '');
  } catch {
    return true;
  }
};

test('shutting the kernel down stops what runs, then ends the process', async () => {
  const kernel = await openKernel(inject('server'));
  const file = join(state, 'stopped');
  const pid = Number(result(await kernel.execute(leaves(file))));
  await kernel.shutdown();
  await expect.poll(() => existsSync(file), { timeout: 10_000 }).toBe(true);
  await expect.poll(() => gone(pid), { timeout: 10_000 }).toBe(true);
});

test('a kernel whose server was killed stops what runs, and ends by itself', async () => {
  const { command, args } = inject('server');
  const folder = join(state, 'notebooks');
  mkdirSync(folder, { recursive: true });
  const server = await startJupyterServer({ command, args, rootDir: folder, env: jupyterEnvironment(state) });
  try {
    const kernel = await openKernel(server);
    const file = join(state, 'stopped');
    const pid = Number(result(await kernel.execute(leaves(file))));
    process.kill(server.pid!, 'SIGKILL');
    await expect.poll(() => existsSync(file), { timeout: 15_000 }).toBe(true);
    await expect.poll(() => gone(pid), { timeout: 15_000 }).toBe(true);
    kernel.connection.dispose();
  } finally {
    await server.stop();
  }
});

test('a kernel that dies is told to whoever waits for a cell', async () => {
  const kernel = await openKernel(inject('server'));
  const waiting = kernel.execute(`process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});`);
  await expect(waiting).rejects.toMatchObject({ code: 'kernel-died' });
  await kernel.shutdown();
});

test('a kernel nobody knows is refused with the server’s words', async () => {
  await expect(openKernel({ ...inject('server'), name: 'no-such-kernel' })).rejects.toMatchObject({
    code: 'kernel-not-started',
  });
});

test('a server that cannot start says why', async () => {
  const options = { command: join(state, 'no-such-program'), args: [], rootDir: state, env: process.env };
  await expect(startJupyterServer(options)).rejects.toMatchObject({ code: 'jupyter-not-started' });
});
