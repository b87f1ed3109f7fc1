import { kafkaSource } from '../../../connectors/kafka/source.js';
import { type Row, RowKind, rowClassOf, rowKind } from '../../../core/rows/index.js';
import type { OutputTag } from '../../../engine/channels/output-tag.js';
import type { Source } from '../../../engine/source.js';
import type { BadRow, DecoderOptions, MessageDecoder } from '../../../formats/index.js';
import { type Message, placeOf as placeOfRecord } from '../../../kafka/receiving/message.js';
import { type PlanField, planSchema } from '../../plan/field.js';
import type { BadRecord, TableDescription } from '../contract.js';
import type { TableFormat } from '../formats.js';
import { type KafkaColumns, metadataReader } from './columns.js';
import { rowsOfMessages } from './rows-reader.js';
import type { KafkaSettings } from './settings.js';

/** What a Kafka table is read with. */
export interface KafkaReading {
  readonly table: TableDescription;
  readonly settings: KafkaSettings;
  readonly columns: KafkaColumns;
  readonly keyFormat: TableFormat | undefined;
  readonly valueFormat: TableFormat;
  /** A message is the newest row of its key; one without a value deletes it. */
  readonly upsert: boolean;
  /** The side output for messages that cannot be read; absent: as the formats say. */
  readonly badTag: OutputTag<BadRecord> | undefined;
}

type KafkaMessage = Message<Buffer | null>;

/** Where a column's value is found. */
type Place = { readonly from: 'key' | 'value'; readonly name: string } | ((message: KafkaMessage) => unknown);

/** Makes rows of messages. */
export interface RowReader {
  /** `undefined` for a message that was left out. */
  readonly read: (message: KafkaMessage) => Row | undefined;
  /** Takes what could not be read since the last call. */
  readonly takeBad: () => readonly BadRecord[];
}

/** A topic's rows, of exactly these columns, as a source: watermarks that are made there are made per partition. */
export function kafkaRows(name: string, wanted: readonly PlanField[], reading: KafkaReading): Source<Row> {
  const { settings, badTag } = reading;
  const { topics } = settings;
  const messages = kafkaSource<Buffer | null>(topics instanceof RegExp ? topics : [...topics], settings.source);
  return rowsOfMessages(name, messages, () => rowReader(wanted, reading), badTag);
}

/** Makes the function that makes a row of a message. */
export function rowReader(wanted: readonly PlanField[], reading: KafkaReading): RowReader {
  const { columns, keyFormat, valueFormat, upsert, badTag } = reading;
  const places = wanted.map((column) => placeOf(column, reading));
  const used = (from: 'key' | 'value'): string[] => [
    ...new Set(places.flatMap((place) => (typeof place === 'object' && place.from === from ? [place.name] : []))),
  ];
  const bad: BadRecord[] = [];
  let at: KafkaMessage | undefined;
  const more: DecoderOptions =
    badTag === undefined ? {} : { onBadRow: 'side', onBad: (row) => void bad.push(recordOf(row, at as KafkaMessage)) };
  const keyNames = used('key');
  const valueNames = used('value');
  const keySchema = planSchema(columns.key.map(({ column, name }) => ({ name, type: column.type })));
  const keys =
    keyFormat === undefined || keyNames.length === 0
      ? undefined
      : keyFormat.messages(keySchema, { ...more, columns: keyNames });
  const valueSchema = planSchema(columns.value);
  // One column at least: what is not looked at cannot be found to be broken.
  const looked = valueNames.length > 0 ? valueNames : valueSchema.names.slice(0, 1);
  const values: MessageDecoder = valueFormat.messages(valueSchema, { ...more, columns: looked });
  // Of a deleted row only its key is known.
  const ofKey = new Map(columns.key.map(({ column, name }) => [column.name, name]));
  const allKeys =
    upsert && keyFormat !== undefined
      ? keyFormat.messages(keySchema, { ...more, columns: keySchema.names })
      : undefined;
  const RowOf = rowClassOf(planSchema(wanted));
  const deletion = (message: KafkaMessage, where: string): Row | undefined => {
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
  };
  const read = (message: KafkaMessage): Row | undefined => {
    at = message;
    const where = placeOfRecord(message.topic, message.partition, message.offset);
    if (message.value === null && (upsert || !valueFormat.nothingIsNull)) return deletion(message, where);
    const value = message.value === null ? null : values.decode(message.value, where);
    if (value === undefined) return undefined;
    let key: Row | undefined;
    if (keys !== undefined && message.keyBytes !== null) {
      key = keys.decode(message.keyBytes, `${where} (key)`);
      if (key === undefined) return undefined;
    }
    const row = RowOf.of(
      places.map((place) => {
        if (typeof place === 'function') return place(message);
        return (place.from === 'value' ? value : key)?.[place.name] ?? null;
      }),
    );
    if (upsert) row[rowKind] = RowKind.UPDATE_AFTER;
    return row;
  };
  return { read, takeBad: () => bad.splice(0) };
}

function recordOf({ line, column, reason, text }: BadRow, { topic, partition, offset }: KafkaMessage): BadRecord {
  return { source: topic, line, partition, offset, column, reason, content: text };
}

function placeOf(column: PlanField, { columns, table }: KafkaReading): Place {
  const metadata = columns.metadata.find((one) => one.column.name === column.name);
  if (metadata !== undefined) return metadataReader(metadata.key, metadata.column.type, table);
  if (columns.value.some(({ name }) => name === column.name)) return { from: 'value', name: column.name };
  const key = columns.key.find((one) => one.column.name === column.name);
  return { from: 'key', name: key?.name ?? column.name };
}
