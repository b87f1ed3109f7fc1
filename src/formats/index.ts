// What all formats have in common

// What SQL does where rows are read
export type { CombineCode } from './combine.js';
// csv
export { CsvHeaderError, csvDecoder, csvMessageDecoder } from './csv/decoder.js';
export { csvEncoder } from './csv/encoder.js';
export { CSV_OPTIONS, type CsvOptions } from './csv/options.js';
export {
  type BadRow,
  BadRowError,
  type DecoderOptions,
  type DecoderPosition,
  type MessageDecoder,
  type OnBadRow,
  type RowDecoder,
  type RowEncoder,
  RowTooLongError,
} from './format.js';
// single values as text
export { type FromText, fromText } from './from-text.js';
// json
export { jsonDecoder, jsonMessageDecoder } from './json/decoder.js';
export { jsonEncoder } from './json/encoder.js';
export { JSON_OPTIONS, type JsonOptions } from './json/options.js';
// raw
export { type RawOptions, rawDecoder, rawEncoder, rawMessageDecoder } from './raw.js';
export type { ColumnCode, ProgramCode, RowProgram } from './row-program.js';
export { TimeGrid } from './time-grid.js';
// SQL's WITH clauses
export { csvOptionsOf, jsonOptionsOf, rawOptionsOf } from './with-options.js';
