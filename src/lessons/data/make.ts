import { once } from 'node:events';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import type { Person } from './card.js';
import type { Kind } from './kinds.js';

/** Lines joined before they are encoded. */
const linesAtOnce = 4096;

/** The bytes of a data set, piece by piece: memory does not grow with the rows. */
export async function* bytesOf(
  kind: Kind,
  people: readonly Person[],
  { rows = kind.rows, seed = kind.seed }: { readonly rows?: number; readonly seed?: string } = {},
): AsyncGenerator<Buffer, void> {
  const { default: iconv } = await import('iconv-lite');
  let batch: string[] = [];
  const encoded = (): Buffer => iconv.encode(batch.join(kind.lineEnd) + kind.lineEnd, kind.encoding);
  for (const line of kind.lines(rows, seed, people)) {
    batch.push(line);
    if (batch.length < linesAtOnce) continue;
    yield encoded();
    batch = [];
  }
  if (batch.length > 0) yield encoded();
}

/** Writes a data set; the file is there when it is whole. */
export async function writeDataSet(
  target: string,
  kind: Kind,
  people: readonly Person[],
  options: { readonly rows?: number; readonly seed?: string } = {},
): Promise<{ readonly bytes: number }> {
  const unfinished = `${target}.new`;
  const file = createWriteStream(unfinished);
  let bytes = 0;
  try {
    await once(file, 'open');
    for await (const piece of bytesOf(kind, people, options)) {
      bytes += piece.length;
      if (!file.write(piece)) await once(file, 'drain');
    }
    file.end();
    await once(file, 'close');
    renameSync(unfinished, target);
  } catch (error) {
    file.destroy();
    rmSync(unfinished, { force: true });
    throw error;
  }
  return { bytes };
}
