import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { StreambookError } from '../../core/errors.js';
import { mavenProgram, run } from './programs.js';

const MAVEN_MEND =
  'Debian, Ubuntu: apt install maven; macOS: brew install maven; Windows: winget install Apache.Maven; a mirror is named in ~/.m2/settings.xml, or in STREAMBOOK_MAVEN_MIRROR';

/** How Maven is called. */
export interface MavenCall {
  /** Where its pom.xml is. */
  readonly folder: string;
  readonly args: readonly string[];
  /** What Maven does, for messages: `Maven fetches Flink 1.20.3`. */
  readonly does: string;
  /** The beginning of the message when it fails: `Flink 1.20.3 could not be fetched`. */
  readonly failed: string;
  readonly code: 'download-failed' | 'build-failed';
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs Maven to its end, with the mirror that `STREAMBOOK_MAVEN_MIRROR` names.
 *
 * @throws {StreambookError} `maven-missing`, or `code` with the first line of what went wrong
 */
export async function runMaven({ folder, args, does, failed, code, signal }: MavenCall): Promise<void> {
  const mirror = process.env.STREAMBOOK_MAVEN_MIRROR;
  if (mirror !== undefined && mirror !== '') await writeFile(join(folder, 'settings.xml'), settings(mirror));
  const own = mirror ? ['-s', 'settings.xml'] : [];
  const ended = await run(mavenProgram, ['-q', '-B', '-C', ...own, ...args], {
    cwd: folder,
    signal,
  });
  if (ended.code === 0) return;
  const output = stripVTControlCharacters(ended.output);
  if (ended.missing || /is not recognized as an internal or external command/.test(output)) {
    throw new StreambookError('maven-missing', `${does}, and there is none here`, { hint: MAVEN_MEND });
  }
  const errors = output.split('\n').filter((line) => line.startsWith('[ERROR]') && line.length > 10);
  const noCompiler = /No compiler is provided|release version \d+ not supported/.test(output);
  throw new StreambookError(code, `${failed}: ${(errors[0] ?? output).replace('[ERROR] ', '').trim().slice(0, 250)}`, {
    hint: noCompiler
      ? 'a JDK 17 is needed to compile, and this is only what runs Java: apt install openjdk-17-jdk-headless'
      : 'is there a network? a mirror is named in ~/.m2/settings.xml, or in STREAMBOOK_MAVEN_MIRROR',
  });
}

function settings(mirror: string): string {
  const url = mirror.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<settings><mirrors><mirror><id>streambook</id><mirrorOf>*</mirrorOf><url>${url}</url></mirror></mirrors></settings>
`;
}
