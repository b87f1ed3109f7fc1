import { BufferPool } from '../../../src/broker/log/buffer-pool.js';
import type { LogConfig } from '../../../src/broker/log/log-config.js';
import { openLog } from '../../../src/broker/log/open.js';
import type { LogContext, PartitionLog } from '../../../src/broker/log/partition-log.js';
import { readLog } from '../../../src/broker/log/read.js';
import type { Storage } from '../../../src/broker/storage/storage.js';
import { logConfigOf } from '../../../src/broker/topics/log-config-of.js';
import { type BatchInput, encodeBatch, type RecordInput } from '../../../src/wire/encode-batch.js';
import { RecordBatch, splitWholeBatches } from '../../../src/wire/record-batch.js';
import { decodeRecords, type KafkaRecord } from '../../../src/wire/records.js';

/** A context that remembers what trouble it was told of. */
export function context(storage: Storage, now: () => number = Date.now): LogContext & { readonly troubles: string[] } {
  const troubles: string[] = [];
  return { storage, flushAlways: false, onTrouble: (message) => void troubles.push(message), now, troubles };
}

export function config(values: Readonly<Record<string, string>> = {}): LogConfig {
  return logConfigOf(values, {});
}

export async function open(
  storage: Storage,
  values: Readonly<Record<string, string>> = {},
  logContext: LogContext = context(storage),
): Promise<PartitionLog> {
  storage.makeFolder('logs/t-0');
  return openLog(logContext, 'logs/t-0', config(values));
}

/** A batch as a producer would send it: base offset 0. */
export function batch(records: readonly RecordInput[], more: Partial<BatchInput> = {}): RecordBatch {
  return new RecordBatch(encodeBatch({ records, ...more }));
}

/** A batch of one record with this value. */
export function one(value: string, timestamp = 1_000): RecordBatch {
  return batch([{ value, timestamp }]);
}

/** All records from an offset on, read in steps of at most `maxBytes`. */
export async function readAll(log: PartitionLog, from = log.startOffset, maxBytes = 1_000_000): Promise<KafkaRecord[]> {
  const pool = new BufferPool();
  const records: KafkaRecord[] = [];
  let offset = from;
  for (;;) {
    const lent = await readLog(log, { offset, maxBytes, upTo: log.endOffset, atLeastOne: true }, pool);
    if (lent === undefined) return records;
    const { batches } = splitWholeBatches(Buffer.from(lent.view));
    lent.giveBack();
    if (batches.length === 0) throw new Error(`no whole batch at offset ${offset}`);
    for (const found of batches) {
      for (const record of decodeRecords(found)) if (record.offset >= offset) records.push(record);
      offset = found.nextOffset;
    }
  }
}

/** The values as text. */
export function values(records: readonly KafkaRecord[]): (string | undefined)[] {
  return records.map((record) => record.value?.toString());
}
