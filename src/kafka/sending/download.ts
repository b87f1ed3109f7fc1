import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ArgumentError, messageOf, StreambookError } from '../../core/errors.js';
import { LateProgress } from '../../core/late-progress.js';

/** A text, not a film: what is larger is refused. */
const MAX_BYTES = 64 * 1024 * 1024;
const PATIENCE_MS = 30_000;

/**
 * Fetches a text from the web, once: the next call finds the file of the first.
 *
 * @returns the path of the file
 * @throws `bad-argument` for what is not a web address, `download-failed` offline, on an error answer, for what is too large
 */
export async function download(address: string, folder: string = textFolder()): Promise<string> {
  const url = webAddress(address);
  const path = join(folder, nameOf(url));
  if (existsSync(path)) return path;
  const bytes = await fetchBytes(url);
  await mkdir(folder, { recursive: true });
  const half = `${path}.${process.pid}.part`;
  try {
    await writeFile(half, bytes);
    await rename(half, path);
  } finally {
    await rm(half, { force: true });
  }
  return path;
}

function webAddress(address: string): URL {
  let url: URL | undefined;
  try {
    url = new URL(address);
  } catch {
    // Refused below.
  }
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ArgumentError(`\`${address}\` is not a web address`, {
      hint: 'for a file on this machine: texts.file(path)',
    });
  }
  return url;
}

/** What the file is called: only letters, digits, dots and dashes of the address. */
function nameOf(url: URL): string {
  const last = basename(url.pathname)
    .replace(/[^A-Za-z0-9.-]/g, '-')
    .replace(/^\.+/, '');
  return `${url.hostname}-${last === '' ? 'text.txt' : last}`;
}

async function fetchBytes(url: URL): Promise<Buffer> {
  const failed = (why: string, cause?: unknown) =>
    new StreambookError('download-failed', `${url.href} could not be fetched: ${why}`, {
      hint: 'without a network take a file that is here: texts.mobyDick, or texts.file(path)',
      cause,
    });
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    const cause = (error as Error).cause ?? error;
    throw failed(messageOf(cause), error);
  }
  if (!response.ok) throw failed(`the server answered ${response.status} ${response.statusText}`);
  const parts: Uint8Array[] = [];
  let size = 0;
  const told = Number(response.headers.get('content-length'));
  // What is packed on the way is longer in the end than the header says.
  const total = told > 0 && !response.headers.has('content-encoding') ? told : undefined;
  const progress = new LateProgress(`Fetching ${url.href}`, 'bytes', total);
  try {
    for await (const part of response.body ?? []) {
      size += part.length;
      if (size > MAX_BYTES) throw failed(`it is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
      parts.push(part);
      progress.update(size);
    }
    progress.end();
  } catch (error) {
    progress.end('failed');
    throw error instanceof StreambookError ? error : failed(messageOf(error), error);
  }
  if (size === 0) throw failed('it is empty');
  return Buffer.concat(parts);
}

/** `.streambook/texts` of the project we are in; without one, the system's folder for what need not last. */
function textFolder(): string {
  for (let folder = process.cwd(); dirname(folder) !== folder; folder = dirname(folder)) {
    if (existsSync(join(folder, '.streambook'))) return join(folder, '.streambook', 'texts');
  }
  return join(tmpdir(), 'streambook-texts');
}
