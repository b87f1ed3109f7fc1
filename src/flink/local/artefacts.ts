/** Group, name and version of a library on Maven Central. */
export type Artefact = readonly [group: string, name: string, version: string];

/** The releases of Flink that `streambook cluster` starts: one of 1.x for long use, and the newest. */
export const FLINK_VERSIONS = ['1.20.3', '2.2.0'] as const;
export type FlinkVersion = (typeof FLINK_VERSIONS)[number];

/** The Kafka beside it. */
export const KAFKA_VERSION = '4.1.0';

/** Each release of Flink has a release of the Kafka connector of its own. */
const KAFKA_CONNECTOR: Readonly<Record<FlinkVersion, string>> = { '1.20.3': '3.4.0-1.20', '2.2.0': '5.0.0-2.2' };
const LOG4J = '2.24.3';

const log4j = (...names: string[]): Artefact[] => names.map((name) => ['org.apache.logging.log4j', name, LOG4J]);

/** JobManager, TaskManager, SQL Gateway, the formats and connectors that tables here know. */
export function flinkArtefacts(version: FlinkVersion): readonly Artefact[] {
  const names = [
    'flink-clients',
    'flink-runtime-web',
    'flink-sql-gateway',
    'flink-table-api-java-bridge',
    'flink-table-planner-loader',
    'flink-table-runtime',
    'flink-csv',
    'flink-json',
    'flink-connector-files',
  ];
  return [
    ...names.map((name): Artefact => ['org.apache.flink', name, version]),
    ['org.apache.flink', 'flink-connector-kafka', KAFKA_CONNECTOR[version]],
    ...log4j('log4j-slf4j-impl', 'log4j-api', 'log4j-core'),
  ];
}

/** A broker, and the tool that formats its storage. */
export function kafkaArtefacts(): readonly Artefact[] {
  return [
    ['org.apache.kafka', 'kafka_2.13', KAFKA_VERSION],
    ['org.apache.kafka', 'kafka-tools', KAFKA_VERSION],
    ...log4j('log4j-slf4j-impl', 'log4j-core', 'log4j-1.2-api'),
  ];
}
