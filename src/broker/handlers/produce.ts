import { errorCodes, type KafkaErrorName } from '../../wire/error-codes.js';
import { RecordBatchError } from '../../wire/errors.js';
import { batchAt, type RecordBatch, validateProducedBatch } from '../../wire/record-batch.js';
import { errorCodeOf, errorMessageOf, isDiskError, KafkaError } from '../kafka-error.js';
import type { PartitionLog } from '../log/partition-log.js';
import { countRecords } from '../metrics/count-records.js';
import { serve } from '../server/request.js';
import type { Services } from '../services.js';
import { checkKeys } from './compacted-keys.js';
import { findTopic, missingTopic } from './topic-ref.js';

interface PartitionAnswer {
  readonly index: number;
  readonly errorCode: number;
  readonly baseOffset: number;
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
  readonly errorMessage: string | null;
}

const ZSTD = 4;

/**
 * Appends record batches. The answer comes when they are written, for acks 1 and -1 alike, since this broker is all the
 * replicas there are; with acks 0 there is none.
 *
 * Everything up to the appends happens at once, so that requests that overlap keep their order.
 */
export const produce = serve(
  'Produce',
  [3, 13],
  (body, { apiVersion, client, clientId }, services) => {
    const { acks, transactionalId } = body;
    const known = acks === 0 || acks === 1 || acks === -1;
    const responses = body.topicData.map(({ name, topicId, partitionData }) => {
      const topic = findTopic(services.topics, name, topicId);
      const answers = partitionData.map(({ index, records }) => {
        const log = topic?.partitions[index];
        if (!known)
          return refused(index, new KafkaError('INVALID_REQUIRED_ACKS', `acks must be -1, 0 or 1, not ${acks}`));
        if (log === undefined) return refused(index, noTopic(missingTopic(name, topicId)));
        if (topic?.internal) return refused(index, new KafkaError('INVALID_TOPIC_EXCEPTION', 'the topic is internal'));
        const verify = (batch: RecordBatch): void => {
          checkTransaction(batch, transactionalId, topic!.name, index, apiVersion, services);
        };
        return append(log, index, records, apiVersion, verify, services);
      });
      return { name, topicId, found: topic?.name, partitionData, answers };
    });
    const done = Promise.all(
      responses.map(async ({ name, topicId, found, partitionData, answers }) => {
        const partitionResponses = await Promise.all(answers);
        for (const [position, { errorCode }] of partitionResponses.entries()) {
          const records = partitionData[position]?.records;
          if (errorCode !== 0 || records == null || found === undefined) continue;
          services.traffic.produced(found, clientId, countRecords(records), records.length);
        }
        return { name, topicId, partitionResponses };
      }),
    );
    if (acks !== 0) return done.then((finished) => ({ responses: finished }));
    // There is no other way to tell a client that wants no answer that something went wrong.
    return done.then((finished) => {
      const failed = finished.some(({ partitionResponses }) =>
        partitionResponses.some(({ errorCode }) => errorCode !== 0),
      );
      if (failed) client.disconnect();
      return undefined;
    });
  },
  // Kafka says 0 though it serves 3: old librdkafka switches features off otherwise.
  0,
);

function noTopic(error: KafkaErrorName): KafkaError {
  return new KafkaError(error, 'This server does not host this topic-partition.');
}

function append(
  log: PartitionLog,
  index: number,
  records: Buffer | null,
  apiVersion: number,
  verify: (batch: RecordBatch) => void,
  services: Services,
): Promise<PartitionAnswer> | PartitionAnswer {
  try {
    const batch = onlyBatch(records, apiVersion);
    check(batch, log, services);
    if (batch.isTransactional) verify(batch);
    return log.append(batch).then(
      ({ baseOffset, logAppendTime }) => ({
        index,
        errorCode: 0,
        baseOffset,
        logAppendTimeMs: logAppendTime,
        logStartOffset: log.startOffset,
        errorMessage: null,
      }),
      (error) => refused(index, error),
    );
  } catch (error) {
    return refused(index, error);
  }
}

/** A batch of a transaction is taken only while that is open, and has this partition. */
function checkTransaction(
  batch: RecordBatch,
  transactionalId: string | null,
  topic: string,
  partition: number,
  apiVersion: number,
  { transactions }: Services,
): void {
  if (transactionalId === null) {
    throw new KafkaError('TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'a transactional batch without a transactional id');
  }
  const producer = { producerId: batch.producerId, epoch: batch.producerEpoch };
  try {
    transactions.verify(transactionalId, producer, topic, partition, apiVersion >= 11);
  } catch (error) {
    if (!(error instanceof KafkaError) || error.kafkaError !== 'CONCURRENT_TRANSACTIONS') throw error;
    // Old clients would not try again otherwise.
    throw new KafkaError(
      'NOT_ENOUGH_REPLICAS',
      'Unable to verify the partition has been added to the transaction. Underlying error: CONCURRENT_TRANSACTIONS',
    );
  }
}

/** A Produce request holds exactly one batch a partition, of the current format. */
function onlyBatch(records: Buffer | null, apiVersion: number): RecordBatch {
  const invalid = (why: string): KafkaError =>
    new KafkaError('INVALID_RECORD', `Produce requests with version ${apiVersion} ${why}`);
  if (records === null || records.length === 0) throw invalid('must have at least one record batch per partition');
  let batch: RecordBatch;
  try {
    batch = batchAt(records, 0, records.length);
  } catch (error) {
    const old = error instanceof RecordBatchError && error.kafkaError === 'UNSUPPORTED_FOR_MESSAGE_FORMAT';
    throw old ? invalid('are only allowed to contain record batches with magic version 2') : error;
  }
  if (batch.end !== records.length) throw invalid('are only allowed to contain exactly one record batch per partition');
  if (batch.compressionType === ZSTD && apiVersion < 7) {
    throw new KafkaError(
      'UNSUPPORTED_COMPRESSION_TYPE',
      `Produce requests with version ${apiVersion} may not use ZStandard`,
    );
  }
  return batch;
}

function check(batch: RecordBatch, log: PartitionLog, services: Services): void {
  const { config } = log;
  if (batch.byteLength > config.maxMessageBytes) {
    throw new KafkaError(
      'MESSAGE_TOO_LARGE',
      `the record batch has ${batch.byteLength} bytes, max.message.bytes allows ${config.maxMessageBytes}`,
    );
  }
  validateProducedBatch(batch);
  if (batch.compression === undefined)
    throw new KafkaError('INVALID_RECORD', `unknown compression ${batch.compressionType}`);
  if (!config.logAppendTime) {
    const now = services.now();
    const late = batch.maxTimestamp - now > config.timestampAfterMaxMs;
    const early = batch.baseTimestamp >= 0 && now - batch.baseTimestamp > config.timestampBeforeMaxMs;
    if (late || early) {
      throw new KafkaError(
        'INVALID_TIMESTAMP',
        `Timestamp ${late ? batch.maxTimestamp : batch.baseTimestamp} is out of range: at most ` +
          `${config.timestampBeforeMaxMs} ms before and ${config.timestampAfterMaxMs} ms after ${now} are allowed`,
      );
    }
  }
  if (config.compacts) checkKeys(batch);
}

function refused(index: number, error: unknown): PartitionAnswer {
  const errorCode = errorCodeOf(error);
  const unexpected = errorCode === errorCodes.UNKNOWN_SERVER_ERROR && !isDiskError(error);
  if (unexpected) throw error;
  const errorMessage = errorMessageOf(error);
  return { index, errorCode, baseOffset: -1, logAppendTimeMs: -1, logStartOffset: -1, errorMessage };
}
