const FLUSH = Symbol.for('streambook.flush');
// On globalThis, because the launcher (CommonJS side) and the library may be loaded as two copies.
const holder = globalThis as { [FLUSH]?: Set<() => void> };

/**
 * Registers what must be written before a cell counts as ended: views that hold back updates to save messages.
 *
 * @returns call it to take `flush` off again
 */
export function onFlush(flush: () => void): () => void {
  holder[FLUSH] ??= new Set();
  const all = holder[FLUSH];
  all.add(flush);
  return () => {
    all.delete(flush);
  };
}

/**
 * Writes everything that is held back. The kernel's launcher calls it after each cell, before it reports the cell as
 * ended; one that fails does not keep the others from writing.
 */
export function flushAll(): void {
  for (const flush of [...(holder[FLUSH] ?? [])]) {
    try {
      flush();
    } catch {
      // A view that cannot write any more must not fail the cell.
    }
  }
}
