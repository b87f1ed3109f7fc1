import { BAD_ROWS_OPTION, honoured, type OptionList, refused, WATERMARK_OPTIONS } from '../option-list.js';

/** @see Flink: FileSystem SQL Connector */
export const FILESYSTEM_OPTIONS: OptionList = {
  name: 'filesystem',
  entries: [
    honoured('path', undefined, 'a file or a folder; also a `file:` URL'),
    honoured('format', undefined, '`csv`, `json`, `raw`'),
    honoured('source.monitor-interval', undefined, 'looks for new files so often, and never ends'),
    honoured('source.path.regex-pattern', undefined, 'has to fit the whole path, with `/` between folders'),
    honoured('source.report-statistics', 'ALL', 'nothing is planned by statistics'),
    ...WATERMARK_OPTIONS,
    honoured('partition.default-name', '__DEFAULT_PARTITION__'),
    honoured('sink.parallelism', undefined, 'with a partition commit: 1'),
    honoured('sink.rolling-policy.file-size', '128 MB'),
    honoured('sink.rolling-policy.rollover-interval', '30 min'),
    honoured('sink.rolling-policy.inactivity-interval', '30 min'),
    honoured('sink.rolling-policy.check-interval', '1 min'),
    honoured('sink.shuffle-by-partition.enable', 'false'),
    honoured('sink.partition-commit.trigger', 'process-time', '`process-time`, `partition-time`'),
    honoured('sink.partition-commit.delay', '0 s'),
    honoured('sink.partition-commit.watermark-time-zone', 'UTC'),
    honoured('sink.partition-commit.policy.kind', undefined, '`success-file`'),
    honoured('sink.partition-commit.success-file.name', '_SUCCESS'),
    refused('sink.partition-commit.policy.class', undefined, 'it names a Java class'),
    refused('sink.partition-commit.policy.class.parameters', undefined, 'they are those of a Java class'),
    honoured('partition.time-extractor.kind', 'default', '`default`; `custom` names a Java class'),
    refused('partition.time-extractor.class', undefined, 'it names a Java class'),
    honoured('partition.time-extractor.timestamp-pattern', undefined, 'default: the first partition column'),
    honoured('partition.time-extractor.timestamp-formatter', undefined, 'letters y M d H m s S and plain text'),
    refused(
      'auto-compaction',
      'false',
      'files are written by one process, so there are few: raise sink.rolling-policy.file-size',
    ),
    refused('compaction.file-size', undefined, 'there is no compaction'),
    BAD_ROWS_OPTION,
  ],
};
