import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { type Layout, layout } from '../../src/cli/setup/paths.mjs';

const folders: string[] = [];

/** An empty folder, removed after the test. Its name has a space and letters beyond ASCII, as a reader's may. */
export function scratchFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'streambook Köfferchen 流-')));
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** The layout of a project in an empty folder. */
export function scratchProject(): Layout {
  return layout(scratchFolder());
}

/** Writes files; folders on the way are made. */
export function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** A folder of programs, each a Node script, for use as the whole PATH. */
export function programs(scripts: Record<string, string>): string {
  const folder = scratchFolder();
  for (const [name, script] of Object.entries(scripts)) {
    const path = join(folder, name);
    writeFileSync(path, `#!${process.execPath}\n${script}\n`);
    chmodSync(path, 0o755);
  }
  return folder;
}
