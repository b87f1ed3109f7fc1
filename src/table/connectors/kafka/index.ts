import type { Partitioner } from '../../../connectors/kafka/sink.js';
import { OutputTag } from '../../../engine/channels/output-tag.js';
import type { DeliveryGuarantee } from '../../../engine/sink.js';
import { INSERT_ONLY, isInsertOnly, UPSERT } from '../../physical/changelog-mode.js';
import type { BadRecord, TableConnector, TableDescription, TableSink, TableSource } from '../contract.js';
import { type TableFormat, tableFormat } from '../formats.js';
import { inTable, optionError, TableOptions } from '../options.js';
import { withParallelism } from '../parallelism.js';
import { refuseUpdates } from '../updates.js';
import { strategyOf, type WatermarkOptions, watermarkOptions } from '../watermarks.js';
import { type KafkaColumns, kafkaColumns } from './columns.js';
import { KAFKA_OPTIONS, UPSERT_KAFKA_OPTIONS } from './options.js';
import { type KafkaSettings, kafkaSettings } from './settings.js';
import { messageMaker, topicOf, writeKafka } from './sink.js';
import { kafkaRows, rowReader } from './source.js';

const GUARANTEES = ['at-least-once', 'exactly-once', 'none'] as const;
const PARTITIONERS = ['default', 'fixed', 'round-robin'] as const;

/** Everything that a WITH clause says, for reading and for writing. */
interface KafkaTable {
  readonly table: TableDescription;
  readonly settings: KafkaSettings;
  readonly columns: KafkaColumns;
  readonly keyFormat: TableFormat | undefined;
  readonly valueFormat: TableFormat;
  readonly guarantee: DeliveryGuarantee;
  readonly jobUid: string | undefined;
  readonly partitioner: Partitioner;
  readonly buffer: { readonly maxMessages: number; readonly intervalMs: number } | undefined;
  readonly scanParallelism: number | undefined;
  readonly parallelism: number | undefined;
  readonly watermarks: WatermarkOptions | undefined;
  readonly badTable: string | undefined;
  readonly upsert: boolean;
}

type Purpose = 'reading' | 'writing';

function kafkaTable(table: TableDescription, purpose: Purpose): KafkaTable {
  const options = new TableOptions(KAFKA_OPTIONS, table);
  const settings = kafkaSettings(table, options, false);
  const format = options.text('format');
  const valueName = options.text('value.format');
  const keyName = options.text('key.format');
  const name = format ?? valueName;
  if (name === undefined) {
    throw optionError(table, "the connector 'kafka' needs a 'format'", "'format' = 'json', or 'value.format'");
  }
  if (format !== undefined && valueName !== undefined && format !== valueName) {
    throw optionError(table, `'format' = '${format}' and 'value.format' = '${valueName}' say the same twice`);
  }
  const keyNames = keyFields(table, options, keyName);
  const partitioner = partitionerOf(table, options, keyName !== undefined);
  const made = {
    ...common(table, options, purpose, keyNames, settings),
    settings,
    keyFormat: keyName === undefined ? undefined : tableFormat(keyName, 'key.', table, options, true),
    valueFormat: tableFormat(name, format === undefined ? 'value.' : '', table, options, true),
    partitioner,
    buffer: undefined,
    upsert: false,
  };
  options.done();
  if (table.primaryKey !== undefined) {
    throw optionError(
      table,
      `The Kafka table '${table.identifier.join('.')}' with '${name}' format doesn't support defining PRIMARY KEY constraint on the table, because it can't guarantee the semantic of primary key.`,
      "'connector' = 'upsert-kafka' keeps one row for each key",
    );
  }
  return made;
}

/** @see Flink: `KafkaConnectorOptionsUtil.createKeyFormatProjection` */
function keyFields(table: TableDescription, options: TableOptions, keyName: string | undefined): readonly string[] {
  const text = options.text('key.fields');
  const names = (text ?? '').split(';').filter((name) => name !== '');
  if (keyName === undefined && names.length > 0) {
    throw optionError(
      table,
      "The option 'key.fields' can only be declared if a key format is defined using 'key.format'.",
    );
  }
  if (keyName !== undefined && names.length === 0) {
    throw optionError(
      table,
      "A key format 'key.format' requires the declaration of one or more of key fields using 'key.fields'.",
    );
  }
  return names;
}

function partitionerOf(table: TableDescription, options: TableOptions, keyed: boolean): Partitioner {
  const text = options.text('sink.partitioner');
  if (text === undefined) return 'default';
  const found = PARTITIONERS.find((name) => name === text);
  if (found === undefined) {
    throw optionError(
      table,
      `'sink.partitioner' = '${text}': a Java class cannot be named here`,
      `there are: ${PARTITIONERS.join(', ')}`,
    );
  }
  if (found === 'round-robin' && keyed) {
    throw optionError(
      table,
      "Currently 'round-robin' partitioner only works when option 'key.fields' is not specified.",
    );
  }
  return found;
}

function upsertTable(table: TableDescription, purpose: Purpose): KafkaTable {
  const { primaryKey } = table;
  if (primaryKey === undefined) {
    throw optionError(
      table,
      "'upsert-kafka' tables require to define a PRIMARY KEY constraint: the connector 'upsert-kafka' needs a PRIMARY KEY, it is the key of the messages",
      'PRIMARY KEY (id) NOT ENFORCED',
    );
  }
  const options = new TableOptions(UPSERT_KAFKA_OPTIONS, table);
  if (table.options['key.fields'] !== undefined) {
    throw optionError(table, "'key.fields' follows from the PRIMARY KEY of an 'upsert-kafka' table", 'leave it out');
  }
  const settings = kafkaSettings(table, options, true);
  const keyName = options.required('key.format');
  const valueName = options.required('value.format');
  options.checkMissing();
  const made = {
    ...common(
      table,
      options,
      purpose,
      primaryKey.map((index) => table.fields[index]?.name as string),
      settings,
    ),
    settings,
    keyFormat: tableFormat(keyName, 'key.', table, options, true),
    valueFormat: tableFormat(valueName, 'value.', table, options, true),
    partitioner: 'default' as const,
    buffer: bufferOf(table, options, purpose),
    upsert: true,
  };
  options.done();
  return made;
}

function bufferOf(table: TableDescription, options: TableOptions, purpose: Purpose): KafkaTable['buffer'] {
  const maxMessages = options.integer('sink.buffer-flush.max-rows', 0) ?? 0;
  const intervalMs = options.duration('sink.buffer-flush.interval') ?? 0;
  if (purpose === 'writing' && maxMessages > 0 !== intervalMs > 0) {
    throw optionError(
      table,
      "'sink.buffer-flush.max-rows' and 'sink.buffer-flush.interval' must be set to be greater than zero together to enable sink buffer flushing.",
    );
  }
  return maxMessages > 0 && intervalMs > 0 ? { maxMessages, intervalMs } : undefined;
}

/** What both connectors read alike. */
function common(
  table: TableDescription,
  options: TableOptions,
  purpose: Purpose,
  keyNames: readonly string[],
  { topics }: KafkaSettings,
) {
  return {
    table,
    columns: kafkaColumns(table, options, keyNames, purpose, topics),
    ...deliveryOf(table, options, purpose),
    scanParallelism: options.integer('scan.parallelism', 1),
    parallelism: options.integer('sink.parallelism', 1),
    watermarks: watermarkOptions(table, options),
    badTable: options.text('bad-rows'),
  };
}

function deliveryOf(
  table: TableDescription,
  options: TableOptions,
  purpose: Purpose,
): Pick<KafkaTable, 'guarantee' | 'jobUid'> {
  const guarantee = options.oneOf('sink.delivery-guarantee', GUARANTEES, 'at-least-once');
  const prefix = options.text('sink.transactional-id-prefix');
  if (guarantee !== 'exactly-once') return { guarantee, jobUid: undefined };
  if (purpose === 'writing' && (prefix === undefined || prefix === '')) {
    throw optionError(
      table,
      'sink.transactional-id-prefix must be specified when using DeliveryGuarantee.EXACTLY_ONCE.',
      "'sink.transactional-id-prefix' = 'my-job': what its transactions are called over all its lives",
    );
  }
  return { guarantee, jobUid: prefix };
}

function source(made: KafkaTable): TableSource {
  const { table, badTable, watermarks, upsert, scanParallelism } = made;
  const badTag = badTable === undefined ? undefined : new OutputTag<BadRecord>(`bad rows of ${table.identifier[2]}`);
  const title = `Source: ${table.identifier[2]}`;
  const reading = { ...made, badTag };
  // What the formats cannot do is said before the job.
  inTable(table, () => rowReader(table.fields, reading));
  return {
    changelogMode: upsert ? UPSERT : INSERT_ONLY,
    ...(badTag === undefined || badTable === undefined ? {} : { badRows: { table: badTable, tag: badTag } }),
    stream: (env, columns) => withParallelism(env.fromSource(kafkaRows(title, columns, reading)), scanParallelism),
    streamTimed: (env, columns, timing) =>
      withParallelism(
        env.fromSource(kafkaRows(title, columns, reading), strategyOf(timing, watermarks)),
        scanParallelism,
      ),
  };
}

function sink(made: KafkaTable): TableSink {
  const { table, upsert, jobUid } = made;
  topicOf(made);
  inTable(table, () => messageMaker(made));
  return {
    ...(jobUid === undefined ? {} : { jobUid }),
    accepts: (requested, step) =>
      upsert ? UPSERT : isInsertOnly(requested) ? INSERT_ONLY : refuseUpdates(table, step),
    write: (stream) => writeKafka(stream, made),
  };
}

/**
 * `'connector' = 'kafka'`: the messages of topics, read or written; rows are only added.
 *
 * @see Flink: Apache Kafka SQL Connector
 */
export const kafkaConnector: TableConnector = {
  name: 'kafka',
  options: KAFKA_OPTIONS,
  source: (table) => source(kafkaTable(table, 'reading')),
  sink: (table) => sink(kafkaTable(table, 'writing')),
};

/**
 * `'connector' = 'upsert-kafka'`: a message is the newest row of its key, one without a value deletes it.
 *
 * @see Flink: Upsert Kafka SQL Connector
 */
export const upsertKafkaConnector: TableConnector = {
  name: 'upsert-kafka',
  options: UPSERT_KAFKA_OPTIONS,
  source: (table) => source(upsertTable(table, 'reading')),
  sink: (table) => sink(upsertTable(table, 'writing')),
};
