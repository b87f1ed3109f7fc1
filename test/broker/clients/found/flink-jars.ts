import type { Found } from './cache.js';
import { type Artifact, mavenFolder } from './maven.js';

const FLINK = '1.20.3';
/** It brings kafka-clients 3.4.0. */
const KAFKA_CONNECTOR = '3.4.0-1.20';
const LOG4J = '2.24.3';
const MODULES = [
  'flink-clients',
  'flink-sql-gateway',
  'flink-table-api-java-bridge',
  'flink-table-planner-loader',
  'flink-table-runtime',
  'flink-csv',
  'flink-json',
  'flink-connector-files',
];

/** Flink's jars, with those of its Kafka connector: 130 MB from Maven Central, once. */
export function flinkJars(): Promise<Found> {
  return mavenFolder(
    `flink-${FLINK}-kafka-${KAFKA_CONNECTOR}`,
    [
      ...MODULES.map((name): Artifact => ['org.apache.flink', name, FLINK]),
      ['org.apache.flink', 'flink-connector-kafka', KAFKA_CONNECTOR],
      ['org.apache.logging.log4j', 'log4j-slf4j-impl', LOG4J],
      ['org.apache.logging.log4j', 'log4j-core', LOG4J],
    ],
    11,
  );
}
