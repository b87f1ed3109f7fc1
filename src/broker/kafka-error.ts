import { StreambookError } from '../core/errors.js';
import { errorCodes, type KafkaErrorName } from '../wire/error-codes.js';
import { RecordBatchError } from '../wire/errors.js';

/** A refusal that travels to the client as one of Kafka's error codes. */
export class KafkaError extends StreambookError {
  /**
   * @param kafkaError the name of Kafka's error code
   * @param text for the response's error message, where its version has one
   */
  constructor(
    readonly kafkaError: KafkaErrorName,
    readonly text: string,
  ) {
    super('kafka-error', `${kafkaError}: ${text}`);
  }
}

/** The error code that a client is answered for whatever was thrown. */
export function errorCodeOf(error: unknown): number {
  if (error instanceof KafkaError || error instanceof RecordBatchError) return errorCodes[error.kafkaError];
  if (isDiskError(error)) return errorCodes.KAFKA_STORAGE_ERROR;
  return errorCodes.UNKNOWN_SERVER_ERROR;
}

/** The message that a client is answered; null for what is not its business. */
export function errorMessageOf(error: unknown): string | null {
  if (error instanceof KafkaError) return error.text;
  if (error instanceof RecordBatchError) return error.message;
  return null;
}

/** Whether the operating system refused something: a full disk, a folder that went away, no permission. */
export function isDiskError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string' && 'errno' in error;
}
