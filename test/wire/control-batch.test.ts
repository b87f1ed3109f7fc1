import { describe, expect, test } from 'vitest';
import {
  decodeRecords,
  decodeResponse,
  decodeTransactionMarker,
  encodeBatch,
  encodeTransactionMarker,
  RecordBatch,
  splitWholeBatches,
} from '../../src/wire/index.js';
import { realExchanges } from './real-frames.js';

/** Recorded from Apache Kafka 4.3.1: what a `transaction.abort()` of kafkajs leaves behind. */
const aborted =
  '0000000000000001000000420000000002d6a3283d003000000000000001a1fbd51b57000001a1fbd51b5700000000000000010000ffffffff000000012000000008000000000c00000000000000';

/** Every batch that Kafka sent in the recorded Fetch responses, and the abort. */
const batches = realExchanges()
  .filter(({ apiKey }) => apiKey === 1)
  .flatMap(({ version, response }) => decodeResponse('Fetch', version, response).body.responses)
  .flatMap(({ partitions }) => partitions)
  .flatMap(({ records }) => splitWholeBatches(records ?? Buffer.alloc(0)).batches)
  .concat(splitWholeBatches(Buffer.from(aborted, 'hex')).batches);

describe('batches that Kafka sent', () => {
  test('there are plain, compressed, transactional and control ones, all whole', () => {
    const count = (has: (batch: RecordBatch) => boolean) => batches.filter(has).length;
    expect(count((b) => b.compression === 'none')).toBeGreaterThan(0);
    expect(count((b) => b.compression !== 'none')).toBeGreaterThan(0);
    expect(count((b) => b.isTransactional && !b.isControl)).toBeGreaterThan(0);
    expect(count((b) => b.isControl)).toBeGreaterThan(1);
    for (const batch of batches) {
      expect(batch.isCrcValid()).toBe(true);
      expect(decodeRecords(batch)).toHaveLength(batch.recordCount);
    }
  });

  test('uncompressed, they are encoded to the same bytes', () => {
    for (const batch of batches.filter(({ compression }) => compression === 'none')) {
      const again = encodeBatch({
        records: decodeRecords(batch),
        baseOffset: batch.baseOffset,
        lastOffsetDelta: batch.lastOffsetDelta,
        partitionLeaderEpoch: batch.partitionLeaderEpoch,
        baseTimestamp: batch.baseTimestamp,
        maxTimestamp: batch.maxTimestamp,
        logAppendTime: batch.isLogAppendTime,
        transactional: batch.isTransactional,
        control: batch.isControl,
        producerId: batch.producerId,
        producerEpoch: batch.producerEpoch,
        baseSequence: batch.baseSequence,
      });
      expect(again.toString('hex')).toBe(batch.bytes().toString('hex'));
    }
  });

  test('our transaction markers are theirs, byte for byte', () => {
    const seen = new Set<string>();
    for (const batch of batches.filter(({ isControl }) => isControl)) {
      const marker = decodeTransactionMarker(batch)!;
      seen.add(marker.type);
      const { producerId, producerEpoch, baseOffset, partitionLeaderEpoch, maxTimestamp: timestamp } = batch;
      const again = encodeTransactionMarker({
        ...marker,
        producerId,
        producerEpoch,
        timestamp,
        baseOffset,
        partitionLeaderEpoch,
      });
      expect(again.toString('hex')).toBe(batch.bytes().toString('hex'));
    }
    expect([...seen].sort()).toEqual(['abort', 'commit']);
  });
});

test('a control batch that is no transaction marker is none', () => {
  const leaderChange = encodeBatch({ records: [{ key: Buffer.from([0, 0, 0, 2]), value: 'x' }], control: true });
  expect(decodeTransactionMarker(new RecordBatch(leaderChange))).toBeUndefined();
  const broken = encodeBatch({ records: [{ key: Buffer.from([0, 0]), value: 'x' }], control: true });
  expect(() => decodeTransactionMarker(new RecordBatch(broken))).toThrow('without a type');
});
