import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached, type Found, must } from './cache.js';

/** The newest 4 whose every module is on Maven Central. */
const KAFKA = '4.3.1';
const LOG4J = '2.24.3';
const OLDEST_JAVA = 17;

/** Kafka's jars, the broker's and those of the command line tools: 55 MB from Maven Central, once. */
export async function kafkaJars(): Promise<Found> {
  try {
    const version = Number(/version "(\d+)/.exec(await must(java, ['-version']))?.[1]);
    if (version < OLDEST_JAVA) return { missing: `Kafka ${KAFKA} needs Java ${OLDEST_JAVA}, this is ${version}` };
  } catch {
    return { missing: 'there is no Java here' };
  }
  return cached(`kafka-${KAFKA}`, async (folder) => {
    writeFileSync(join(folder, 'pom.xml'), pom());
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
    const args = ['-q', '-B', goal, '-DincludeScope=runtime', `-DoutputDirectory=${join(folder, 'libs')}`];
    await must(process.platform === 'win32' ? 'mvn.cmd' : 'mvn', args, folder);
  });
}

/** The command that starts a Java machine. */
export const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';

function pom(): string {
  const dependencies = [
    ['org.apache.kafka', 'kafka_2.13', KAFKA],
    ['org.apache.kafka', 'kafka-tools', KAFKA],
    ['org.apache.logging.log4j', 'log4j-slf4j-impl', LOG4J],
    ['org.apache.logging.log4j', 'log4j-core', LOG4J],
    ['org.apache.logging.log4j', 'log4j-1.2-api', LOG4J],
  ].map(
    ([group, artifact, version]) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>streambook</groupId><artifactId>clients</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${dependencies.join('\n')}</dependencies></project>
`;
}
