import { kafkaSink, type Partitioner } from '../../../connectors/kafka/sink.js';
import { isAddition, type Row, rowKind } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import type { DeliveryGuarantee } from '../../../engine/sink.js';
import type { RowEncoder } from '../../../formats/index.js';
import type { OutgoingMessage } from '../../../kafka/index.js';
import { planSchema } from '../../plan/field.js';
import type { TableDescription } from '../contract.js';
import type { TableFormat } from '../formats.js';
import { metadataCast } from '../metadata.js';
import { optionError } from '../options.js';
import { withParallelism } from '../parallelism.js';
import { type KafkaColumns, metadataType } from './columns.js';
import type { KafkaSettings } from './settings.js';

/** What a Kafka table is written with. */
export interface KafkaWriting {
  readonly table: TableDescription;
  readonly settings: KafkaSettings;
  readonly columns: KafkaColumns;
  readonly keyFormat: TableFormat | undefined;
  readonly valueFormat: TableFormat;
  readonly guarantee: DeliveryGuarantee;
  readonly partitioner: Partitioner;
  readonly buffer: { readonly maxMessages: number; readonly intervalMs: number } | undefined;
  readonly parallelism: number | undefined;
  /** A row that is deleted becomes a message without a value. */
  readonly upsert: boolean;
}

/** The topic that a table is written to. @throws ValidationError */
export function topicOf({ settings, table }: Pick<KafkaWriting, 'settings' | 'table'>): string {
  const { topics } = settings;
  if (topics instanceof RegExp || topics.length !== 1) {
    throw optionError(table, "a table that is written has one 'topic'");
  }
  return topics[0] as string;
}

/** Writes rows into the topic. */
export function writeKafka(stream: DataStream<Row>, writing: KafkaWriting): DataStream<never> {
  const { settings, table, guarantee, partitioner, buffer, parallelism } = writing;
  const message = messageMaker(writing);
  const sink = stream
    .sinkTo(
      kafkaSink<Row>(topicOf(writing), {
        deliveryGuarantee: guarantee,
        message,
        partitioner,
        ...(buffer === undefined ? {} : { buffer }),
        ...(settings.brokers === undefined ? {} : { brokers: settings.brokers }),
      }),
    )
    .name(`Sink: ${table.identifier[2]}`);
  return withParallelism(sink, parallelism);
}

function bytesOf(encoder: RowEncoder): (row: object) => Buffer {
  return (row) => {
    const made = encoder.encode(row);
    return typeof made === 'string' ? Buffer.from(made) : Buffer.from(made.buffer, made.byteOffset, made.byteLength);
  };
}

/** Makes the function that makes a message of a row. */
export function messageMaker(
  writing: Pick<KafkaWriting, 'table' | 'columns' | 'keyFormat' | 'valueFormat' | 'upsert'>,
): (row: Row) => OutgoingMessage {
  const { table, columns, keyFormat, valueFormat, upsert } = writing;
  const value = bytesOf(valueFormat.encoder(planSchema(columns.value)));
  const renamed = columns.key.some(({ column, name }) => column.name !== name);
  const keySchema = planSchema(columns.key.map(({ column, name }) => ({ name, type: column.type })));
  const encodeKey =
    keyFormat === undefined || columns.key.length === 0 ? undefined : bytesOf(keyFormat.encoder(keySchema));
  const key = (row: Row): Buffer | undefined => {
    if (encodeKey === undefined) return undefined;
    if (!renamed) return encodeKey(row);
    return encodeKey(Object.fromEntries(columns.key.map(({ column, name }) => [name, row[column.name]])));
  };
  const metadata = (wanted: string): ((row: Row) => unknown) => {
    const found = columns.metadata.find((one) => one.key === wanted);
    if (found === undefined) return () => null;
    const { name, type } = found.column;
    const cast = metadataCast(type, metadataType(wanted).nullable(), table.evaluation);
    return (row) => (row[name] === null ? null : cast(row[name]));
  };
  const time = metadata('timestamp');
  const headers = metadata('headers');
  return (row) => {
    const made = key(row);
    const stamp = time(row) as number | null;
    const given = headers(row) as ReadonlyMap<string, Uint8Array> | null;
    return {
      value: upsert && !isAddition(row[rowKind]) ? null : value(row),
      ...(made === undefined ? {} : { key: made }),
      ...(stamp === null ? {} : { timestamp: stamp }),
      ...(given === null ? {} : { headers: Object.fromEntries(given) }),
    };
  };
}
