// Lays node_modules/streambook -> the project root, so that notebooks import 'streambook' like anybody else.
// Runs as the `prepare` script: after `npm ci` and `npm install` in this repository, never for those who depend on us.
import { lstatSync, mkdirSync, readlinkSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMain } from './main.mjs';

/** @param {string} root the project folder, absolute */
export function linkPackage(root) {
  const link = join(root, 'node_modules', 'streambook');
  try {
    if (realpathSync(link) === realpathSync(root)) return;
  } catch {
    // absent or dangling: laid anew below
  }
  rmSync(link, { recursive: lstatIsFolder(link), force: true });
  mkdirSync(dirname(link), { recursive: true });
  // A junction needs no administrator on Windows; elsewhere the type is ignored.
  symlinkSync(root, link, 'junction');
}

/** @param {string} path */
function lstatIsFolder(path) {
  try {
    readlinkSync(path);
    return false;
  } catch {
    try {
      return lstatSync(path).isDirectory();
    } catch {
      return false;
    }
  }
}

if (isMain(import.meta.url)) {
  linkPackage(join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..'));
}
