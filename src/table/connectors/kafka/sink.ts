import { kafkaSink, type Partitioner } from '../../../connectors/kafka/sink.js';
import { isAddition, type Row, rowKind } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import type { DeliveryGuarantee } from '../../../engine/sink.js';
import type { OutgoingMessage } from '../../../kafka/index.js';
import { planSchema } from '../../plan/field.js';
import type { TableDescription } from '../contract.js';
import type { TableFormat } from '../formats.js';
import { metadataCast } from '../metadata.js';
import { optionError } from '../options.js';
import { withParallelism } from '../parallelism.js';
import { type KafkaColumns, metadataType } from './columns.js';
import { type KafkaSettings, onlyTopic } from './settings.js';

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

/** The topic that all rows are written to, or what says which one a row goes to. @throws ValidationError */
export function topicOf(
  writing: Pick<KafkaWriting, 'settings' | 'table' | 'columns'>,
): string | ((row: Row) => string) {
  const { topics } = writing.settings;
  const only = onlyTopic(topics);
  if (only !== undefined) return only;
  if (!writing.columns.metadata.some(({ key }) => key === 'topic')) {
    throw optionError(
      writing.table,
      'The topic of the sink record is not valid. Expected a single topic but no topic is set.',
      "one 'topic', or a column that names it for each row: `topic` STRING METADATA",
    );
  }
  const named = metadataOf(writing, 'topic');
  const fits = topics instanceof RegExp ? (name: string) => topics.test(name) : (name: string) => topics.includes(name);
  const which = topics instanceof RegExp ? `match: ${topics.source.slice(4, -2)}` : `be in: [${topics.join(', ')}]`;
  return (row) => {
    const name = named(row) as string | null;
    if (name !== null && fits(name)) return name;
    const wrong = name === null ? 'a single topic but no topic is set.' : `topic to ${which} but was: ${name}`;
    throw optionError(
      writing.table,
      `The topic of the sink record is not valid. Expected ${wrong}`,
      "what the column of the metadata 'topic' holds has to be one of the topics of the WITH clause",
    );
  };
}

/** Makes the function that takes what a row sets of the metadata; NULL where the table has no such column. */
function metadataOf(
  { columns, table }: Pick<KafkaWriting, 'columns' | 'table'>,
  wanted: string,
): (row: Row) => unknown {
  const found = columns.metadata.find((one) => one.key === wanted);
  if (found === undefined) return () => null;
  const { name, type } = found.column;
  const cast = metadataCast(type, metadataType(wanted).nullable(), table.evaluation);
  return (row) => (row[name] === null ? null : cast(row[name]));
}

/** Writes rows into the topic, or into several. */
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

/** Makes the function that makes a message of a row. */
export function messageMaker(
  writing: Pick<KafkaWriting, 'table' | 'columns' | 'keyFormat' | 'valueFormat' | 'upsert'>,
): (row: Row) => OutgoingMessage {
  const { columns, keyFormat, valueFormat, upsert } = writing;
  const value = valueFormat.message(planSchema(columns.value));
  const renamed = columns.key.some(({ column, name }) => column.name !== name);
  const keySchema = planSchema(columns.key.map(({ column, name }) => ({ name, type: column.type })));
  const encodeKey = keyFormat === undefined || columns.key.length === 0 ? undefined : keyFormat.message(keySchema);
  const key = (row: Row): Buffer | null | undefined => {
    if (encodeKey === undefined) return undefined;
    if (!renamed) return encodeKey(row);
    return encodeKey(Object.fromEntries(columns.key.map(({ column, name }) => [name, row[column.name]])));
  };
  const time = metadataOf(writing, 'timestamp');
  const headers = metadataOf(writing, 'headers');
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
