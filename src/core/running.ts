import { kernelHook } from './kernel.js';

/** Something that goes on by itself until it ends or is stopped: a stream, a sender, a job. */
export interface Stoppable {
  /** For messages: `receive('novel')`. */
  readonly what: string;
  /** Ends it in good order: sources close, `finally` blocks run. Called at most once. */
  stop(): void | Promise<void>;
}

interface Entry {
  readonly stoppable: Stoppable;
  readonly cellId: number | undefined;
}

// On globalThis, because the launcher (CommonJS side) and the library may be loaded as two copies.
const REGISTRY = Symbol.for('streambook.running');
const holder = globalThis as { [REGISTRY]?: Set<Entry> };

function registry(): Set<Entry> {
  holder[REGISTRY] ??= new Set();
  return holder[REGISTRY];
}

/**
 * Registers something that runs, so that Jupyter's Interrupt (for what the interrupted cell itself started) and the
 * end of the process can stop it.
 *
 * @returns call it when the thing has ended by itself
 */
export function trackRunning(stoppable: Stoppable): () => void {
  const entry: Entry = { stoppable, cellId: kernelHook()?.currentCell()?.id };
  registry().add(entry);
  return () => {
    registry().delete(entry);
  };
}

/**
 * Stops what the given cell started, or everything.
 *
 * @returns the names of what was stopped; resolves when all of it has ended
 */
export async function stopRunning(cellId?: number): Promise<string[]> {
  const stopping: Promise<void>[] = [];
  const names: string[] = [];
  for (const entry of [...registry()]) {
    if (cellId !== undefined && entry.cellId !== cellId) continue;
    registry().delete(entry);
    names.push(entry.stoppable.what);
    stopping.push((async () => entry.stoppable.stop())());
  }
  await Promise.allSettled(stopping);
  return names;
}
