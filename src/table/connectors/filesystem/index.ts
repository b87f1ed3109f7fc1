import type { TableConnector } from '../contract.js';
import { FILESYSTEM_OPTIONS } from './options.js';
import { filesystemSink } from './sink.js';
import { filesystemSource } from './source.js';

/**
 * `'connector' = 'filesystem'`: files of rows, csv, json (a line each) or raw, in folders that PARTITIONED BY names. Only the
 * columns that are used are read.
 *
 * @see Flink: FileSystem SQL Connector
 */
export const filesystemConnector: TableConnector = {
  name: 'filesystem',
  options: FILESYSTEM_OPTIONS,
  source: filesystemSource,
  sink: filesystemSink,
};
