import type { Found } from './cache.js';
import { mavenFolder } from './maven.js';

/** The newest 4 whose every module is on Maven Central. */
const KAFKA = '4.3.1';
const LOG4J = '2.24.3';

/** Kafka's jars, the broker's and those of the command line tools: 55 MB from Maven Central, once. */
export function kafkaJars(): Promise<Found> {
  return mavenFolder(
    `kafka-${KAFKA}`,
    [
      ['org.apache.kafka', 'kafka_2.13', KAFKA],
      ['org.apache.kafka', 'kafka-tools', KAFKA],
      ['org.apache.logging.log4j', 'log4j-slf4j-impl', LOG4J],
      ['org.apache.logging.log4j', 'log4j-core', LOG4J],
      ['org.apache.logging.log4j', 'log4j-1.2-api', LOG4J],
    ],
    17,
  );
}
