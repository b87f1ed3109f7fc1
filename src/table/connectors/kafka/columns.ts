import { type AnyType, type } from '../../../core/types/index.js';
import type { Message } from '../../../kafka/index.js';
import type { PlanField } from '../../plan/field.js';
import type { TableDescription } from '../contract.js';
import { type MetadataColumn, metadataCast, metadataColumns, physicalColumns } from '../metadata.js';
import { optionError, type TableOptions } from '../options.js';
import { type KafkaSettings, onlyTopic } from './settings.js';

/** Which columns come from keys, from values, and from what Kafka says about a message. */
export interface KafkaColumns {
  /** With the names that the key's format knows them by. */
  readonly key: readonly { readonly column: PlanField; readonly name: string }[];
  readonly value: readonly PlanField[];
  readonly metadata: readonly MetadataColumn[];
}

type KafkaMessage = Message<Buffer | null>;

interface Metadata {
  readonly type: AnyType;
  readonly read: (message: KafkaMessage) => unknown;
  /** Whether rows that are written may set it; the topic, where there is a choice. */
  readonly writable?: boolean | 'of several';
}

/** @see Flink: Apache Kafka SQL Connector, Available Metadata */
const METADATA: Readonly<Record<string, Metadata>> = {
  topic: { type: type.string().notNull(), read: (message) => message.topic, writable: 'of several' },
  partition: { type: type.int().notNull(), read: (message) => message.partition },
  headers: {
    type: type.map(type.string().notNull(), type.bytes().notNull()).notNull(),
    read: (message) => new Map(message.rawHeaders),
    writable: true,
  },
  'leader-epoch': { type: type.int(), read: (message) => message.leaderEpoch },
  offset: { type: type.bigint().notNull(), read: (message) => message.offset },
  timestamp: { type: type.timestampLtz(3).notNull(), read: (message) => message.timestamp, writable: true },
  'timestamp-type': { type: type.string().notNull(), read: (message) => message.timestampType },
};

/** The types of the metadata that rows may set. */
export function metadataType(key: string): AnyType {
  return (METADATA[key] as Metadata).type;
}

/**
 * Divides the columns of a table as `key.fields` and its kin say.
 *
 * @param keyNames the columns of the key
 * @param topics a row that is written says which of several it goes to
 * @throws ValidationError
 */
export function kafkaColumns(
  table: TableDescription,
  options: TableOptions,
  keyNames: readonly string[],
  purpose: 'reading' | 'writing',
  topics: KafkaSettings['topics'],
): KafkaColumns {
  const physical = physicalColumns(table);
  const several = onlyTopic(topics) === undefined;
  const known = Object.entries(METADATA).flatMap(([key, { writable }]) =>
    purpose === 'reading' || writable === true || (writable === 'of several' && several) ? [key] : [],
  );
  const metadata = metadataColumns(table, known, purpose);
  const prefix = options.text('key.fields-prefix') ?? '';
  const include = options.oneOf('value.fields-include', ['ALL', 'EXCEPT_KEY'], 'ALL');
  if (prefix !== '' && include === 'ALL') {
    throw optionError(
      table,
      "A key prefix is not allowed when option 'value.fields-include' is set to 'ALL'.",
      "'value.fields-include' = 'EXCEPT_KEY': the key's columns are not in the value then",
    );
  }
  const key = keyNames.map((name) => {
    const column = physical.find((field) => field.name === name);
    if (column === undefined) {
      throw optionError(
        table,
        `Could not find the field '${name}' in the table schema for usage in the key format`,
        `columns: ${physical.map((f) => f.name).join(', ')}`,
      );
    }
    if (!name.startsWith(prefix)) {
      throw optionError(table, `\`${name}\` of 'key.fields' does not begin with 'key.fields-prefix' = '${prefix}'`);
    }
    return { column, name: name.slice(prefix.length) };
  });
  const value = include === 'ALL' ? physical : physical.filter(({ name }) => !keyNames.includes(name));
  return { key, value, metadata };
}

/** Makes the function that reads a metadata column of a message. @throws ValidationError for types it cannot have */
export function metadataReader(
  key: string,
  to: AnyType,
  { evaluation }: TableDescription,
): (message: KafkaMessage) => unknown {
  const { type: from, read } = METADATA[key] as Metadata;
  const cast = metadataCast(from, to, evaluation);
  return (message) => cast(read(message));
}
