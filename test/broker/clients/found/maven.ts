import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached, type Found, must } from './cache.js';

/** Group, name and version of a library on Maven Central. */
export type Artifact = readonly [group: string, name: string, version: string];

/** The command that starts a Java machine. */
export const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';

/**
 * Libraries with all that they need, fetched once with Maven into the folder `libs` of the one that is answered.
 *
 * @param name holds every version that matters
 * @param oldestJava what the libraries run on
 */
export async function mavenFolder(name: string, artifacts: readonly Artifact[], oldestJava: number): Promise<Found> {
  try {
    const version = Number(/version "(\d+)/.exec(await must(java, ['-version']))?.[1]);
    if (version < oldestJava) return { missing: `${name} needs Java ${oldestJava}, this is ${version}` };
  } catch {
    return { missing: 'there is no Java here' };
  }
  return cached(name, async (folder) => {
    writeFileSync(join(folder, 'pom.xml'), pom(artifacts));
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
    const args = ['-q', '-B', goal, '-DincludeScope=runtime', `-DoutputDirectory=${join(folder, 'libs')}`];
    await must(process.platform === 'win32' ? 'mvn.cmd' : 'mvn', args, folder);
  });
}

function pom(artifacts: readonly Artifact[]): string {
  const dependencies = artifacts.map(
    ([group, artifact, version]) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>streambook</groupId><artifactId>clients</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${dependencies.join('\n')}</dependencies></project>
`;
}
