import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { ArgumentError, StreambookError } from '../../core/errors.js';
import { nearest } from '../../core/nearest.js';

/** A file that was looked at: it is there, and something is in it. */
export interface FoundFile {
  readonly path: string;
  readonly size: number;
}

/** Its name without folder and extension: `moby-dick`. */
export function nameOf(path: string): string {
  return basename(path, extname(path));
}

/** @throws `file-not-found` (with the nearest name), `not-a-file`, `empty-file` */
export async function findFile(path: string): Promise<FoundFile> {
  const full = resolve(path);
  const stats = await stat(full).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') {
      throw new StreambookError('file-unreadable', `\`${path}\` cannot be read: ${error.message}`, { cause: error });
    }
    throw new StreambookError('file-not-found', `there is no file \`${path}\``, {
      where: full,
      hint: await nearby(full),
      cause: error,
    });
  });
  if (stats.isDirectory()) {
    throw new StreambookError('not-a-file', `\`${path}\` is a folder`, { where: full, hint: 'name a file in it' });
  }
  if (stats.size === 0) {
    throw new StreambookError('empty-file', `\`${path}\` is empty: there is nothing to send`, { where: full });
  }
  return { path: full, size: stats.size };
}

async function nearby(path: string): Promise<string> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) return `the folder \`${folder}\` is not there either; paths are taken from ${process.cwd()}`;
  const near = nearest(basename(path), names);
  if (near !== undefined) return `did you mean \`${join(folder, near)}\`?`;
  return `paths that do not begin with a folder are taken from ${process.cwd()}`;
}

/** The file's bytes, block by block: constant memory. */
export async function* blocksOf(path: string): AsyncGenerator<Buffer, void> {
  for await (const block of createReadStream(path, { highWaterMark: 256 * 1024 })) yield block as Buffer;
}

/** How much of a file is looked at to tell its encoding. */
const SAMPLE_BYTES = 1024 * 1024;

/**
 * The encoding to read a file in: the one asked for, or with `'detect'` a guess from the first MiB (UTF-8 wherever it
 * is valid UTF-8, for that is hardly ever chance).
 */
export async function encodingOf(path: string, asked: string): Promise<string> {
  const { default: iconv } = await import('iconv-lite');
  if (asked === 'detect') {
    const sample = await firstBytes(path);
    // The sample may end within a character.
    for (let cut = 0; cut < 4; cut++) if (isUtf8(sample.subarray(0, sample.length - cut))) return 'utf8';
    const { default: chardet } = await import('chardet');
    const guess = chardet.detect(sample);
    return guess !== null && iconv.encodingExists(guess) ? guess : 'utf8';
  }
  if (!iconv.encodingExists(asked)) {
    throw new ArgumentError(`no encoding is called \`${asked}\``, {
      hint: "'utf8', 'gb18030', 'big5', 'shift_jis', 'latin1', 'utf16le' ..., or 'detect'",
    });
  }
  return asked;
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Whether an encoding is UTF-8 under one of its names. */
export function isUtf8Name(encoding: string): boolean {
  return /^utf-?8$/i.test(encoding);
}

/** The bytes as text, decoded; a byte order mark is left out. */
export async function* decodedText(blocks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<string, void> {
  const { default: iconv } = await import('iconv-lite');
  const decoder = iconv.getDecoder(encoding);
  for await (const block of blocks) {
    const text = decoder.write(block);
    if (text !== '') yield text;
  }
  const last = decoder.end();
  if (last !== undefined && last !== '') yield last;
}
