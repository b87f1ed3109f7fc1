import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { layout, projectRoot } from '../../../../src/cli/setup/paths.mjs';
import { run } from '../../../../src/cli/setup/processes.mjs';

/** Something that is installed, or why it is not. */
export type Found = { readonly folder: string } | { readonly missing: string };

/** Where what the clients need is kept: once fetched, the tests run without a network. */
const cache = join(layout(projectRoot).state, 'clients');

/**
 * A folder that is filled once: what a run that was cut off left behind is removed.
 *
 * @param name holds every version that matters
 * @param fill an error is a reason to go without
 */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<Found> {
  const folder = join(cache, name);
  const complete = join(folder, '.complete');
  if (existsSync(complete)) return { folder };
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await fill(folder);
    writeFileSync(complete, '');
    return { folder };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

/** Runs a program to its end; an error holds the end of what it said. */
export async function must(command: string, args: readonly string[], cwd?: string): Promise<string> {
  const ended = await run(command, args, { timeoutMs: 240_000, ...(cwd !== undefined && { cwd }) });
  if (ended.error !== undefined) throw new Error(`there is no ${command} here`);
  if (ended.code === 0) return ended.output;
  throw new Error(`${command} ${args[0]} failed: ${ended.output.trim().split('\n').slice(-3).join(' ')}`);
}
