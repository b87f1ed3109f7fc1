import {
  BAD_ROWS_OPTION,
  honoured,
  type OptionEntry,
  type OptionList,
  refused,
  WATERMARK_OPTIONS,
} from '../option-list.js';

const TOPICS: readonly OptionEntry[] = [
  honoured('topic', undefined, 'several with `;` between; a row that is written then names its own'),
  honoured('topic-pattern', undefined, 'has to fit the whole name; a row that is written names its topic'),
];

const PROPERTIES: readonly OptionEntry[] = [
  honoured('properties.bootstrap.servers', undefined, 'optional here: the broker is found as everywhere'),
  honoured('properties.group.id'),
  honoured('properties.auto.offset.reset', undefined, '`earliest` (here the default), `latest`, `none`'),
  honoured('properties.isolation.level', undefined, '`read_committed` (here the default), `read_uncommitted`'),
  honoured('properties.client.id'),
  refused('properties.*', undefined, 'the other settings of the Java client mean nothing to the one that is used here'),
];

const KEY_AND_VALUE: readonly OptionEntry[] = [
  honoured('key.format'),
  honoured('key.fields-prefix'),
  honoured('value.format'),
  honoured('value.fields-include', 'ALL'),
];

const BOUNDS: readonly OptionEntry[] = [
  honoured('scan.bounded.mode', 'unbounded'),
  honoured('scan.bounded.specific-offsets'),
  honoured('scan.bounded.timestamp-millis'),
];

const SINK: readonly OptionEntry[] = [
  honoured('sink.parallelism'),
  honoured('sink.delivery-guarantee', 'at-least-once'),
  honoured(
    'sink.transactional-id-prefix',
    undefined,
    'what the job is known by over all its lives; a job writes in one transaction',
  ),
];

/** @see Flink: Apache Kafka SQL Connector */
export const KAFKA_OPTIONS: OptionList = {
  name: 'kafka',
  entries: [
    ...TOPICS,
    ...PROPERTIES,
    honoured('format'),
    honoured('key.fields'),
    ...KEY_AND_VALUE,
    honoured('scan.startup.mode', 'group-offsets', 'without a group: as `auto.offset.reset` says, where Flink refuses'),
    honoured('scan.startup.specific-offsets', undefined, 'what is not there is an error, where Flink begins elsewhere'),
    honoured('scan.startup.timestamp-millis'),
    ...BOUNDS,
    honoured('scan.topic-partition-discovery.interval', '5 min', 'not in bounded tables'),
    honoured('scan.parallelism'),
    ...WATERMARK_OPTIONS,
    honoured('sink.partitioner', 'default', '`default`, `fixed`, `round-robin`; a Java class cannot be named'),
    ...SINK,
    refused('sink.semantic', undefined, "its name is 'sink.delivery-guarantee' now"),
    BAD_ROWS_OPTION,
  ],
};

/** @see Flink: Upsert Kafka SQL Connector */
export const UPSERT_KAFKA_OPTIONS: OptionList = {
  name: 'upsert-kafka',
  entries: [
    ...TOPICS,
    ...PROPERTIES,
    ...KEY_AND_VALUE,
    ...BOUNDS,
    honoured('scan.parallelism'),
    ...WATERMARK_OPTIONS,
    ...SINK,
    honoured('sink.buffer-flush.max-rows', '0', 'together with the interval'),
    honoured('sink.buffer-flush.interval', '0 s', 'together with the number of rows'),
    BAD_ROWS_OPTION,
  ],
};
