import { kafkaSink } from '../../../connectors/kafka/sink.js';
import { isAddition, type Row, rowKind } from '../../../core/rows/index.js';
import { Timestamp } from '../../../core/values/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import type { DeliveryGuarantee } from '../../../engine/sink.js';
import type { OutgoingMessage } from '../../../kafka/index.js';
import { planSchema } from '../../plan/field.js';
import type { TableDescription } from '../contract.js';
import { optionError } from '../options.js';
import type { KafkaColumns } from './columns.js';
import type { MessageFormat } from './formats.js';
import type { KafkaSettings } from './settings.js';

/** What a Kafka table is written with. */
export interface KafkaWriting {
  readonly table: TableDescription;
  readonly settings: KafkaSettings;
  readonly columns: KafkaColumns;
  readonly keyFormat: MessageFormat | undefined;
  readonly valueFormat: MessageFormat;
  readonly guarantee: DeliveryGuarantee;
  /** A row that is deleted becomes a message without a value. */
  readonly upsert: boolean;
}

/** Writes rows into the topic. */
export function writeKafka(stream: DataStream<Row>, writing: KafkaWriting): DataStream<never> {
  const { settings, table, guarantee } = writing;
  const [topic, another] = settings.topics;
  if (topic === undefined || another !== undefined) throw optionError(table, "a sink writes to one 'topic'");
  const message = messageMaker(writing);
  return stream
    .sinkTo(
      kafkaSink<Row>(topic, {
        deliveryGuarantee: guarantee,
        message,
        ...(settings.brokers === undefined ? {} : { brokers: settings.brokers }),
      }),
    )
    .name(`Sink: ${table.identifier[2]}`);
}

/** Makes the function that makes a message of a row. */
export function messageMaker({ columns, keyFormat, valueFormat, upsert }: KafkaWriting): (row: Row) => OutgoingMessage {
  const value = valueFormat.encoder(planSchema(columns.value));
  const renamed = columns.key.some(({ column, name }) => column.name !== name);
  const keySchema = planSchema(columns.key.map(({ column, name }) => ({ name, type: column.type })));
  const encodeKey = keyFormat === undefined || columns.key.length === 0 ? undefined : keyFormat.encoder(keySchema);
  const key = (row: Row): Buffer | undefined => {
    if (encodeKey === undefined) return undefined;
    if (!renamed) return encodeKey(row);
    return encodeKey(Object.fromEntries(columns.key.map(({ column, name }) => [name, row[column.name]])));
  };
  const time = columns.metadata.find((one) => one.key === 'timestamp')?.column.name;
  const headers = columns.metadata.find((one) => one.key === 'headers')?.column.name;
  return (row) => {
    const made = key(row);
    const stamp = time === undefined ? null : (row[time] as number | Timestamp | null);
    const given = headers === undefined ? null : (row[headers] as ReadonlyMap<string, Uint8Array> | null);
    return {
      value: upsert && !isAddition(row[rowKind]) ? null : value(row),
      ...(made === undefined ? {} : { key: made }),
      ...(stamp === null ? {} : { timestamp: stamp instanceof Timestamp ? stamp.ms : stamp }),
      ...(given === null ? {} : { headers: Object.fromEntries(given) }),
    };
  };
}
