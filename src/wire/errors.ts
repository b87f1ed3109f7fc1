import { StreambookError } from '../core/errors.js';
import type { KafkaErrorName } from './error-codes.js';

/** Where in a frame decoding stopped. */
export interface MalformedFrameDetails {
  /** The API's name, or its number when we do not know it; undefined for a broken header. */
  readonly api?: string | undefined;
  readonly version?: number | undefined;
  /** `request` or `response`. */
  readonly direction?: string | undefined;
  /** Path of the field, such as `topics[].partitions[].records`. */
  readonly field?: string | undefined;
  /** Byte in the frame, counted after the length prefix. */
  readonly offset?: number | undefined;
  readonly cause?: unknown;
}

/** A frame whose bytes do not say what its API and version demand. The connection that sent it cannot be trusted further. */
export class MalformedFrameError extends StreambookError {
  readonly api: string | undefined;
  readonly version: number | undefined;
  readonly field: string | undefined;
  readonly offset: number | undefined;

  constructor(problem: string, details: MalformedFrameDetails = {}) {
    const { api, version, direction, field, offset, cause } = details;
    const what = api === undefined ? 'frame' : `${api} v${version} ${direction ?? 'frame'}`;
    const at = [field === undefined ? '' : `field ${field}`, offset === undefined ? '' : `byte ${offset}`];
    const where = at.filter((part) => part !== '').join(', ');
    super('malformed-frame', `malformed ${what}: ${problem}`, {
      ...(where === '' ? {} : { where }),
      ...(cause === undefined ? {} : { cause }),
    });
    this.api = api;
    this.version = version;
    this.field = field;
    this.offset = offset;
  }
}

/** An API, or a version of it, that the schema does not have; or a field that this version cannot carry. */
export class UnsupportedVersionError extends StreambookError {
  readonly apiKey: number;
  readonly version: number;

  constructor(apiKey: number, version: number, message: string, hint?: string) {
    super('unsupported-version', message, hint === undefined ? {} : { hint });
    this.apiKey = apiKey;
    this.version = version;
  }
}

/** What is wrong with a record batch, finer than Kafka's error code. */
export type BatchProblem =
  | 'truncated'
  | 'length'
  | 'magic'
  | 'crc'
  | 'count'
  | 'offsets'
  | 'control'
  | 'record'
  | 'codec'
  | 'size';

/** A record batch that cannot be stored or read. `kafkaError` is what Kafka answers a producer in this case. */
export class RecordBatchError extends StreambookError {
  readonly problem: BatchProblem;
  readonly kafkaError: KafkaErrorName;

  constructor(problem: BatchProblem, kafkaError: KafkaErrorName, message: string, cause?: unknown) {
    super('bad-record-batch', message, cause === undefined ? {} : { cause });
    this.problem = problem;
    this.kafkaError = kafkaError;
  }
}
