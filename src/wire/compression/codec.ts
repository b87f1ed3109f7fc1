import { createRequire } from 'node:module';
import { RecordBatchError } from '../errors.js';

/** Compresses and decompresses the records of a batch. Both are synchronous: a batch is at most a few megabytes. */
export interface CompressionCodec {
  compress(data: Uint8Array): Buffer;
  /**
   * @param maxBytes how large the result may be; more is an error of kind `size`, found out before it is in memory
   */
  decompress(data: Uint8Array, maxBytes: number): Buffer;
}

/** The error for a result that would pass the limit. */
export function tooLarge(maxBytes: number): RecordBatchError {
  return new RecordBatchError('size', 'MESSAGE_TOO_LARGE', `the batch decompresses to more than ${maxBytes} bytes`);
}

/** The error for bytes that are not what their codec writes. */
export function corrupt(codec: string, cause: unknown): RecordBatchError {
  if (cause instanceof RecordBatchError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RecordBatchError('codec', 'CORRUPT_MESSAGE', `the batch's ${codec} data is damaged: ${reason}`, cause);
}

/** `node:zlib`, loaded at its first use like the packages. */
export function nodeZlib(): typeof import('node:zlib') {
  return require('node:zlib');
}

const require = createRequire(import.meta.url);

/** Loads an optional package at its first use. */
export function optionalPackage<T>(name: string, codec: string): T {
  try {
    return require(name) as T;
  } catch (cause) {
    throw new RecordBatchError(
      'codec',
      'UNSUPPORTED_COMPRESSION_TYPE',
      `${codec} needs the package \`${name}\`: npm install ${name}`,
      cause,
    );
  }
}
