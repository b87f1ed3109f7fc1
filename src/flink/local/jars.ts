import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StreambookError } from '../../core/errors.js';
import type { Artefact } from './artefacts.js';
import { cacheFolder } from './cache.js';
import { type Checksums, checksumsOf, differences } from './checksums.js';
import { runMaven } from './maven.js';

const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

export interface FetchOptions {
  /** `Flink 1.20.3`, for messages. */
  readonly what: string;
  /** Of the folder in the cache: `flink-1.20.3`. */
  readonly name: string;
  readonly artefacts: readonly Artefact[];
  readonly checksums: Checksums;
  readonly say?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A folder with libraries and all that they need, fetched with Maven the first time. They are the very files that were
 * tried: each is checked against its SHA-256 whenever the folder is used.
 *
 * @returns the folder
 * @throws {StreambookError} `maven-missing`, `download-failed`, `jars-differ`
 */
export async function fetchJars(options: FetchOptions): Promise<string> {
  const { name, checksums, what, say = () => {} } = options;
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) {
    const wrong = differences(checksums, await checksumsOf(folder));
    if (wrong.length === 0) return folder;
    say(`the copy of ${what} in ${folder} is damaged (${wrong[0]}): fetching it again`);
    await rm(folder, { recursive: true, force: true });
  }
  await mkdir(cacheFolder(), { recursive: true });
  const work = await mkdtemp(join(cacheFolder(), `.${name}-`));
  try {
    say(`fetching ${what} from Maven Central, once`);
    await copyWithMaven(work, options);
    const wrong = differences(checksums, await checksumsOf(join(work, 'libs')));
    if (wrong.length > 0) {
      throw new StreambookError(
        'jars-differ',
        `${what}: what was fetched is not what was expected: ${wrong.join('; ')}`,
        {
          hint: 'a mirror may hold other files than Maven Central: STREAMBOOK_MAVEN_MIRROR, ~/.m2/settings.xml',
        },
      );
    }
    await rename(join(work, 'libs'), folder).catch(async (error) => {
      // Somebody else was quicker.
      if (!existsSync(folder)) throw error;
    });
    return folder;
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @internal Into `libs` of a folder, whatever the checksums are. */
export async function copyWithMaven(work: string, { what, artefacts, signal }: FetchOptions): Promise<void> {
  await writeFile(join(work, 'pom.xml'), pom(artefacts));
  await runMaven({
    folder: work,
    args: [PLUGIN, '-DincludeScope=runtime', '-DoutputDirectory=libs'],
    does: `Maven fetches ${what}`,
    failed: `${what} could not be fetched`,
    code: 'download-failed',
    signal,
  });
}

function pom(artefacts: readonly Artefact[]): string {
  const dependencies = artefacts.map(
    ([group, name, version]) =>
      `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>streambook</groupId><artifactId>cluster</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
${dependencies.join('\n')}
</dependencies></project>
`;
}
