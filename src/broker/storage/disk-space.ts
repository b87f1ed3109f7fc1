import { statfs } from 'node:fs/promises';

/** Bytes of the disk that a folder is on, and what is free of them; -1 where nobody can say. */
export async function diskSpaceOf(folder: string | undefined): Promise<{ totalBytes: number; usableBytes: number }> {
  const unknown = { totalBytes: -1, usableBytes: -1 };
  if (folder === undefined) return unknown;
  try {
    const { bsize, blocks, bavail } = await statfs(folder);
    return { totalBytes: blocks * bsize, usableBytes: bavail * bsize };
  } catch {
    return unknown;
  }
}
