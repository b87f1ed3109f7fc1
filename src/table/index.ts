// The Table API

export type { Columns } from './api/columns.js';
export { Expression, type LiteralValue, type Operand } from './api/expression.js';
export {
  array,
  CURRENT_RANGE,
  CURRENT_ROW,
  callFunction,
  coalesce,
  col,
  concat,
  concatWs,
  ifThenElse,
  lit,
  map,
  not,
  nullOf,
  row,
  rowInterval,
  UNBOUNDED_RANGE,
  UNBOUNDED_ROW,
  withoutColumns,
} from './api/functions.js';
export { GroupedTable, OverWindowedTable, WindowedTable } from './api/grouped.js';
// Functions of one's own
export { RowFunction, udf } from './api/row-functions.js';
export { Table } from './api/table.js';
export type { TimeUnit } from './api/text-and-time.js';
export { aggregateFunction, scalarFunction, tableFunction } from './api/user-functions.js';
export { type GroupWindow, Over, type OverWindow, Session, Slide, Tumble } from './api/windows.js';
// Streams
export type { FromStreamOptions } from './bridge.js';
export { TableConfig } from './config.js';
export type { TableConnector, TableDescription, TableSink, TableSource } from './connectors/contract.js';
// Connectors of one's own
export type { LookupCache } from './connectors/lookup/cache.js';
export type { LookupFunction, LookupOptions } from './connectors/lookup/index.js';
export { FormatDescriptor, TableDescriptor } from './descriptor.js';
export { type Program, TableEnvironment, type TableEnvOptions, tableEnv } from './environment.js';
export { NotImplementedError, ValidationError } from './errors.js';
export type { FromRowsOptions } from './inline-tables.js';
export type { ChangelogMode } from './physical/changelog-mode.js';
// Results
export { type ResultRow, rowKindOf, TableResult } from './result/table-result.js';
export { StatementSet } from './statement-set.js';
