import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StreambookError } from '../../core/errors.js';
import type { Artefact } from './artefacts.js';
import { cacheFolder } from './cache.js';
import { type Checksums, checksumsOf, differences } from './checksums.js';
import { mavenProgram, run } from './programs.js';

const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
const MAVEN_MEND =
  'Debian, Ubuntu: apt install maven; macOS: brew install maven; Windows: winget install Apache.Maven; a mirror is named in ~/.m2/settings.xml, or in STREAMBOOK_MAVEN_MIRROR';

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
  const mirror = process.env.STREAMBOOK_MAVEN_MIRROR;
  if (mirror !== undefined && mirror !== '') await writeFile(join(work, 'settings.xml'), settings(mirror));
  const { code, output, missing } = await run(
    mavenProgram,
    [
      '-q',
      '-B',
      '-C',
      ...(mirror ? ['-s', 'settings.xml'] : []),
      PLUGIN,
      '-DincludeScope=runtime',
      '-DoutputDirectory=libs',
    ],
    { cwd: work, signal },
  );
  if (code === 0) return;
  const notThere = missing || /is not recognized as an internal or external command/.test(output);
  if (notThere) {
    throw new StreambookError('maven-missing', `Maven fetches ${what}, and there is none here`, { hint: MAVEN_MEND });
  }
  const errors = output.split('\n').filter((line) => line.startsWith('[ERROR]') && line.length > 10);
  throw new StreambookError(
    'download-failed',
    `${what} could not be fetched: ${(errors[0] ?? output).trim().slice(0, 500)}`,
    {
      hint: 'is there a network? a mirror is named in ~/.m2/settings.xml, or in STREAMBOOK_MAVEN_MIRROR',
    },
  );
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

function settings(mirror: string): string {
  const url = mirror.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<settings><mirrors><mirror><id>streambook</id><mirrorOf>*</mirrorOf><url>${url}</url></mirror></mirrors></settings>
`;
}
