import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { packageRoot } from '../../core/package-root.js';
import { cacheFolder } from './cache.js';
import { runMaven } from './maven.js';

/** The module of Java, in the package as in the project. */
const SOURCES = join(packageRoot, 'flink-js');
const PARTS = ['pom.xml', 'src'];
const JAR = 'streambook-functions.jar';

/**
 * The jar that runs functions of TypeScript inside Flink (37 MB, most of it the engine of JavaScript): built with Maven the
 * first time, and again when its sources have changed; kept in the cache folder. One jar does for Flink 1.20 and 2.x.
 *
 * @returns its path; it is alone in its folder
 * @throws {StreambookError} `maven-missing`, `build-failed`
 */
export async function functionsJar(say: (line: string) => void = () => {}, signal?: AbortSignal): Promise<string> {
  const name = `functions-${await sourcesHash()}`;
  const folder = join(cacheFolder(), name);
  if (existsSync(join(folder, JAR))) return join(folder, JAR);
  await mkdir(cacheFolder(), { recursive: true });
  const work = await mkdtemp(join(cacheFolder(), `.${name}-`));
  try {
    say('building the jar for functions of TypeScript with Maven, once');
    for (const part of PARTS) await cp(join(SOURCES, part), join(work, part), { recursive: true });
    await runMaven({
      folder: work,
      args: ['package'],
      does: 'Maven builds the jar for functions of TypeScript',
      failed: 'the jar for functions of TypeScript could not be built',
      code: 'build-failed',
      signal,
    });
    await mkdir(join(work, 'jar'));
    await rename(join(work, 'target', JAR), join(work, 'jar', JAR));
    await rename(join(work, 'jar'), folder).catch((error) => {
      // Somebody else was quicker.
      if (!existsSync(join(folder, JAR))) throw error;
    });
    return join(folder, JAR);
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Of all sources: another text is another jar. Line ends do not count, which git may change. */
async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await filesOf(SOURCES)) {
    const text = (await readFile(file, 'utf8')).replaceAll('\r\n', '\n');
    hash.update(`${relative(SOURCES, file).split(sep).join('/')}\n${text.length}\n${text}`);
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesOf(folder: string): Promise<string[]> {
  const found = await readdir(join(folder, 'src'), { recursive: true, withFileTypes: true });
  const files = found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return [join(folder, 'pom.xml'), ...files.sort()];
}
