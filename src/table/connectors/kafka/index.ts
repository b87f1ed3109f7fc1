import type { DeliveryGuarantee } from '../../../engine/sink.js';
import { INSERT_ONLY, isInsertOnly, UPSERT } from '../../physical/changelog-mode.js';
import type { TableConnector, TableDescription } from '../contract.js';
import { optionError, TableOptions } from '../options.js';
import { refuseUpdates } from '../updates.js';
import { type KafkaColumns, kafkaColumns } from './columns.js';
import { type MessageFormat, messageFormat } from './formats.js';
import { type KafkaSettings, kafkaSettings } from './settings.js';
import { writeKafka } from './sink.js';
import { kafkaRows } from './source.js';

const GUARANTEES = ['at-least-once', 'exactly-once', 'none'] as const;

interface KafkaTable {
  readonly table: TableDescription;
  readonly settings: KafkaSettings;
  readonly columns: KafkaColumns;
  readonly keyFormat: MessageFormat | undefined;
  readonly valueFormat: MessageFormat;
  readonly guarantee: DeliveryGuarantee;
}

function kafkaTable(table: TableDescription): KafkaTable {
  const options = new TableOptions('kafka', table);
  const settings = kafkaSettings(table, options, false);
  const valueName = options.text('value.format') ?? options.text('format');
  if (valueName === undefined) throw optionError(table, "the connector 'kafka' needs a 'format'");
  const keyName = options.text('key.format');
  const columns = kafkaColumns(table, options, keyName !== undefined);
  const made = {
    table,
    settings,
    columns,
    keyFormat: keyName === undefined ? undefined : messageFormat(keyName, table, options, ['key.']),
    valueFormat: messageFormat(valueName, table, options, ['value.', '']),
    guarantee: options.oneOf('sink.delivery-guarantee', GUARANTEES, 'at-least-once'),
  };
  options.passOver('sink.');
  options.done();
  return made;
}

function upsertTable(table: TableDescription): KafkaTable {
  const { primaryKey } = table;
  if (primaryKey === undefined) {
    throw optionError(table, "the connector 'upsert-kafka' needs a PRIMARY KEY", 'PRIMARY KEY (id) NOT ENFORCED');
  }
  const names = primaryKey.map((index) => table.fields[index]?.name).join(';');
  const withKey: TableDescription = { ...table, options: { ...table.options, 'key.fields': names } };
  const options = new TableOptions('upsert-kafka', withKey);
  if (table.options['key.fields'] !== undefined) {
    throw optionError(table, "'key.fields' follows from the PRIMARY KEY of an 'upsert-kafka' table");
  }
  const settings = kafkaSettings(withKey, options, true);
  const columns = kafkaColumns(withKey, options, true);
  const made = {
    table,
    settings,
    columns,
    keyFormat: messageFormat(options.required('key.format'), withKey, options, ['key.']),
    valueFormat: messageFormat(options.required('value.format'), withKey, options, ['value.']),
    guarantee: options.oneOf('sink.delivery-guarantee', GUARANTEES, 'at-least-once'),
  };
  options.passOver('sink.');
  options.done();
  return made;
}

/**
 * `'connector' = 'kafka'`: the messages of topics, read or written; rows are only added.
 *
 * @see Flink: Apache Kafka SQL Connector
 */
export const kafkaConnector: TableConnector = {
  name: 'kafka',
  source(table) {
    const made = kafkaTable(table);
    return {
      changelogMode: INSERT_ONLY,
      stream: (env, columns) => kafkaRows(env, columns, { ...made, upsert: false }),
    };
  },
  sink(table) {
    const made = kafkaTable(table);
    return {
      accepts: (requested) => (isInsertOnly(requested) ? INSERT_ONLY : refuseUpdates(table)),
      write: (stream) => writeKafka(stream, { ...made, upsert: false }),
    };
  },
};

/**
 * `'connector' = 'upsert-kafka'`: a message is the newest row of its key, one without a value deletes it.
 *
 * @see Flink: Upsert Kafka SQL Connector
 */
export const upsertKafkaConnector: TableConnector = {
  name: 'upsert-kafka',
  source(table) {
    const made = upsertTable(table);
    return {
      changelogMode: UPSERT,
      stream: (env, columns) => kafkaRows(env, columns, { ...made, upsert: true }),
    };
  },
  sink(table) {
    const made = upsertTable(table);
    return {
      accepts: () => UPSERT,
      write: (stream) => writeKafka(stream, { ...made, upsert: true }),
    };
  },
};
