/* Kafka's wire protocol: what the broker and the tests build on. What is not named here is internal. */

// APIs
export { apis } from './apis/index.js';
export type { ApiName, RequestBody, RequestInput, ResponseBody, ResponseInput } from './codec.js';
export { apiByKey } from './codec.js';
// record batches
export type { CompressionCodec } from './compression/codec.js';
export { codecOf, registerCodec } from './compression/index.js';
export type { TransactionMarker, TransactionMarkerInput } from './control-batch.js';
export { decodeTransactionMarker, encodeTransactionMarker } from './control-batch.js';
export { crc32c } from './crc32c.js';
export type { BatchInput, RecordInput } from './encode-batch.js';
export { encodeBatch } from './encode-batch.js';
export type { KafkaErrorInfo, KafkaErrorName } from './error-codes.js';
export { errorCodes, kafkaError, kafkaErrors } from './error-codes.js';
// errors
export type { BatchProblem, MalformedFrameDetails } from './errors.js';
export { MalformedFrameError, RecordBatchError, UnsupportedVersionError } from './errors.js';
export { DEFAULT_MAX_FRAME_BYTES, FrameReader } from './frame-reader.js';
// frames
export type { DecodeOptions, Request, RequestSender, Response } from './frames.js';
export {
  decodeRequest,
  decodeRequestBody,
  decodeRequestHeader,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  encodeResponseParts,
} from './frames.js';
export type { RequestHeader } from './header.js';
export { producedBatch, validateRecords } from './produced-batch.js';
export type { Compression } from './record-batch.js';
export {
  addSequence,
  BATCH_HEADER_BYTES,
  BATCH_OVERHEAD_BYTES,
  batchAt,
  compressions,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  NO_TIMESTAMP,
  RecordBatch,
  splitBatches,
  splitWholeBatches,
  validateProducedBatch,
} from './record-batch.js';
export type { DecodeRecordsOptions, KafkaRecord, RecordHeader } from './records.js';
export { DEFAULT_MAX_DECOMPRESSED_BYTES, decodeRecords, recordsOf } from './records.js';
export type { Api, Body, BodyInput, RecordsInput, Region, UnknownTag } from './schema.js';
export { ZERO_UUID } from './schema.js';
export type { Part } from './writer.js';
