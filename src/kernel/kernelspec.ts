import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The name by which notebooks ask for this kernel. */
export const kernelName = 'streambook';

export interface KernelspecOptions {
  /** The folder of this package: `dist/` is in it. */
  readonly root: string;
  /** A Jupyter data folder, one that is on `JUPYTER_PATH`. */
  readonly dir: string;
  /** The Node that runs the kernel; the one that runs now by default. */
  readonly node?: string;
}

/**
 * Writes `kernels/streambook/kernel.json` below `dir`, if it is not there as it should be.
 *
 * Interrupts come as messages: they work on every system, and reach a busy cell too, because a thread of its own hears
 * them. Node and launcher are named by absolute paths: editors start kernels with another PATH than the shell's.
 *
 * @returns the file
 * @example
 *   writeKernelspec({ root: '/home/me/streambook', dir: '/home/me/streambook/.streambook/jupyter/data' });
 * @see Jupyter client: Making kernels for Jupyter, kernel specs
 */
export function writeKernelspec({ root, dir, node = process.execPath }: KernelspecOptions): string {
  const spec = {
    argv: [node, join(root, 'dist', 'kernel', 'launcher.js'), '--config-path', '{connection_file}'],
    display_name: 'TypeScript (streambook)',
    language: 'typescript',
    interrupt_mode: 'message',
    env: {},
    metadata: { debugger: false },
  };
  const folder = join(dir, 'kernels', kernelName);
  const file = join(folder, 'kernel.json');
  const text = `${JSON.stringify(spec, undefined, 1)}\n`;
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return file;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
  return file;
}
