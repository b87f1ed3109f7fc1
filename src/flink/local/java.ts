import { StreambookError } from '../../core/errors.js';
import { javaProgram, run } from './programs.js';

/** The oldest Java that Flink's and Kafka's programs run on. */
const OLDEST_JAVA = 17;

const MEND =
  'Debian, Ubuntu: apt install openjdk-17-jre-headless; macOS: brew install openjdk@17; Windows: winget install EclipseAdoptium.Temurin.17.JRE; or set JAVA_HOME to one that is there';

/** The major version in what `java -version` prints. */
export function javaVersionIn(output: string): number | undefined {
  const found = /version "(?:1\.)?(\d+)/.exec(output)?.[1];
  return found === undefined ? undefined : Number(found);
}

/**
 * The command that starts a Java machine new enough for Flink.
 *
 * @throws {StreambookError} `java-missing`, `java-too-old`, each with how it is mended
 */
export async function findJava(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const program = javaProgram(env);
  const { code, output, missing } = await run(program, ['-version']);
  const version = javaVersionIn(output);
  if (missing || code !== 0 || version === undefined) {
    throw new StreambookError('java-missing', `a real Flink needs Java ${OLDEST_JAVA}, and there is none here`, {
      where: program,
      hint: MEND,
    });
  }
  if (version >= OLDEST_JAVA) return program;
  throw new StreambookError('java-too-old', `a real Flink needs Java ${OLDEST_JAVA}, and this is Java ${version}`, {
    where: program,
    hint: MEND,
  });
}
