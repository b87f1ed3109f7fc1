import type { AnyType } from '../../../core/types/index.js';
import { Timestamp } from '../../../core/values/index.js';
import type { Message } from '../../../kafka/index.js';
import type { PlanField } from '../../plan/field.js';
import type { TableDescription } from '../contract.js';
import { optionError, type TableOptions } from '../options.js';

/** Which columns come from keys, from values, and from what Kafka says about a message. */
export interface KafkaColumns {
  /** With the names that the key's format knows them by. */
  readonly key: readonly { readonly column: PlanField; readonly name: string }[];
  readonly value: readonly PlanField[];
  readonly metadata: readonly { readonly column: PlanField; readonly key: string }[];
}

/** Divides the columns of a table as `key.fields` and its kin say. @throws ValidationError */
export function kafkaColumns(table: TableDescription, options: TableOptions, keyFormat: boolean): KafkaColumns {
  const positions = new Map(table.metadata.map(({ index, key }) => [index, key]));
  const physical = table.fields.filter((_, i) => !positions.has(i));
  const metadata = [...positions].map(([index, key]) => ({ column: table.fields[index] as PlanField, key }));
  const prefix = options.text('key.fields-prefix') ?? '';
  const include = options.oneOf('value.fields-include', ['ALL', 'EXCEPT_KEY'], 'ALL');
  const text = options.text('key.fields');
  if (text !== undefined && !keyFormat) throw optionError(table, "'key.fields' needs 'key.format'");
  const names = (text ?? '').split(';').filter((name) => name !== '');
  const key = names.map((name) => {
    const column = physical.find((field) => field.name === name);
    if (column === undefined) {
      throw optionError(table, `'key.fields' names \`${name}\``, `columns: ${physical.map((f) => f.name).join(', ')}`);
    }
    if (!name.startsWith(prefix)) {
      throw optionError(table, `\`${name}\` of 'key.fields' does not begin with 'key.fields-prefix' = '${prefix}'`);
    }
    return { column, name: name.slice(prefix.length) };
  });
  const value = include === 'ALL' ? physical : physical.filter(({ name }) => !names.includes(name));
  return { key, value, metadata };
}

type Read = (message: Message<Buffer | null>) => unknown;

const READERS: Readonly<Record<string, Read>> = {
  topic: (message) => message.topic,
  partition: (message) => message.partition,
  offset: (message) => message.offset,
  timestamp: (message) => message.timestamp,
  'timestamp-type': () => 'CreateTime',
  'leader-epoch': () => 0,
  headers: (message) => new Map(message.rawHeaders),
};

/** Makes the function that reads a metadata column of a message. @throws ValidationError */
export function metadataReader(key: string, type: AnyType, table: TableDescription): Read {
  const read = READERS[key];
  if (read === undefined) {
    throw optionError(table, `no metadata '${key}'`, `there are: ${Object.keys(READERS).sort().join(', ')}`);
  }
  const time = type.root === 'TIMESTAMP' || type.root === 'TIMESTAMP_LTZ';
  if (key === 'timestamp' && time && type.precision > 3) return (message) => Timestamp.ofMs(message.timestamp);
  return read;
}
