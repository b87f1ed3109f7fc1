import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../src/cli/setup/paths.mjs';

interface Entry {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Entry>;
};

/** As Node looks for it: beside the package, then one level up, and so on. */
function isLocked(from: string, name: string): boolean {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at}/node_modules/${name}`.replace(/^\//, '')] !== undefined) return true;
    if (at === '') return false;
  }
}

// `npm ci` refuses a lock file without them, on every system. npm drops them when it writes the file from a node_modules
// of one system, or when the registry of that moment lacks one. Mend it in an empty folder that holds package.json
// alone: npm install --package-lock-only --ignore-scripts
test('package-lock.json holds the native packages of every system', () => {
  const missing = Object.entries(packages).flatMap(([from, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !isLocked(from, name))
      .map((name) => `${from}: ${name}`),
  );
  expect(missing).toEqual([]);
});

test('package-lock.json ties nobody to a registry', () => {
  expect(Object.entries(packages).filter(([, entry]) => entry.resolved !== undefined && entry.link !== true)).toEqual(
    [],
  );
});
