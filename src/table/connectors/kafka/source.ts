import { kafkaSource } from '../../../connectors/kafka/source.js';
import { type Row, RowKind, rowClassOf, rowKind } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import type { StreamExecutionEnvironment } from '../../../datastream/environment.js';
import type { MessageDecoder } from '../../../formats/index.js';
import { type Message, placeOf as placeOfRecord } from '../../../kafka/message.js';
import { type PlanField, planSchema } from '../../plan/field.js';
import type { TableDescription } from '../contract.js';
import { type KafkaColumns, metadataReader } from './columns.js';
import type { MessageFormat } from './formats.js';
import type { KafkaSettings } from './settings.js';

/** What a Kafka table is read with. */
export interface KafkaReading {
  readonly table: TableDescription;
  readonly settings: KafkaSettings;
  readonly columns: KafkaColumns;
  readonly keyFormat: MessageFormat | undefined;
  readonly valueFormat: MessageFormat;
  /** A message is the newest row of its key; one without a value deletes it. */
  readonly upsert: boolean;
}

type KafkaMessage = Message<Buffer | null>;

/** Where a column's value is found. */
type Place = { readonly from: 'key' | 'value'; readonly name: string } | ((message: KafkaMessage) => unknown);

/** The rows of a topic, of exactly these columns. */
export function kafkaRows(
  env: StreamExecutionEnvironment,
  wanted: readonly PlanField[],
  reading: KafkaReading,
): DataStream<Row> {
  const { table, settings } = reading;
  const read = rowReader(wanted, reading);
  return env
    .fromSource(kafkaSource<Buffer | null>([...settings.topics], settings.source))
    .name(`Source: ${table.identifier[2]}`)
    .flatMap((message: KafkaMessage): Row[] => {
      const row = read(message);
      return row === undefined ? [] : [row];
    });
}

/** Makes the function that makes a row of a message; `undefined` for one that was left out. */
export function rowReader(
  wanted: readonly PlanField[],
  reading: KafkaReading,
): (message: KafkaMessage) => Row | undefined {
  const { columns, keyFormat, valueFormat, upsert } = reading;
  const places = wanted.map((column) => placeOf(column, reading));
  const used = (from: 'key' | 'value'): string[] => [
    ...new Set(places.flatMap((place) => (typeof place === 'object' && place.from === from ? [place.name] : []))),
  ];
  const keyNames = used('key');
  const valueNames = used('value');
  const keySchema = planSchema(columns.key.map(({ column, name }) => ({ name, type: column.type })));
  const keys = keyFormat === undefined || keyNames.length === 0 ? undefined : keyFormat.decoder(keySchema, keyNames);
  const valueSchema = planSchema(columns.value);
  // One column at least: what is not looked at cannot be found to be broken.
  const looked = valueNames.length > 0 ? valueNames : valueSchema.names.slice(0, 1);
  const values: MessageDecoder = valueFormat.decoder(valueSchema, looked);
  // Of a deleted row only its key is known.
  const ofKey = new Map(columns.key.map(({ column, name }) => [column.name, name]));
  const allKeys = upsert && keyFormat !== undefined ? keyFormat.decoder(keySchema, keySchema.names) : undefined;
  const RowOf = rowClassOf(planSchema(wanted));
  return (message) => {
    const where = placeOfRecord(message.topic, message.partition, message.offset);
    if (message.value === null) {
      if (allKeys === undefined || message.keyBytes === null) return undefined;
      const key = allKeys.decode(message.keyBytes, `${where} (key)`);
      if (key === undefined) return undefined;
      const deleted = RowOf.of(
        wanted.map(({ name }, i) => {
          const place = places[i] as Place;
          if (typeof place === 'function') return place(message);
          const keyName = ofKey.get(name);
          return keyName === undefined ? null : key[keyName];
        }),
      );
      deleted[rowKind] = RowKind.DELETE;
      return deleted;
    }
    const value = values.decode(message.value, where);
    if (value === undefined) return undefined;
    const key =
      keys === undefined || message.keyBytes === null ? undefined : keys.decode(message.keyBytes, `${where} (key)`);
    const row = RowOf.of(
      places.map((place) => {
        if (typeof place === 'function') return place(message);
        return (place.from === 'value' ? value : key)?.[place.name] ?? null;
      }),
    );
    if (upsert) row[rowKind] = RowKind.UPDATE_AFTER;
    return row;
  };
}

function placeOf(column: PlanField, { columns, table }: KafkaReading): Place {
  const metadata = columns.metadata.find((one) => one.column.name === column.name);
  if (metadata !== undefined) return metadataReader(metadata.key, metadata.column.type, table);
  if (columns.value.some(({ name }) => name === column.name)) return { from: 'value', name: column.name };
  const key = columns.key.find((one) => one.column.name === column.name);
  return { from: 'key', name: key?.name ?? column.name };
}
