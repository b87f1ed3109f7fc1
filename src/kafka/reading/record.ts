/** What all records of a batch have in common. */
export interface RecordBatchInfo {
  /** Of the leader that the batch was written by; -1: not known. */
  readonly leaderEpoch: number;
  /** Whether timestamps are the broker's: the topic says `LogAppendTime`. */
  readonly logAppendTime: boolean;
}

const UNKNOWN_BATCH: RecordBatchInfo = { leaderEpoch: -1, logAppendTime: false };

/** A record as it lies in the log. Key, value and headers are views of the bytes that were fetched, not copies. */
export class KafkaRecord {
  constructor(
    readonly offset: number,
    /** Milliseconds since 1970: the producer's, or the broker's where the topic says `LogAppendTime`. */
    readonly timestamp: number,
    readonly key: Buffer | null,
    readonly value: Buffer | null,
    /** Name and value of each header, in order; names may repeat. */
    readonly headers: readonly (readonly [string, Buffer | null])[],
    readonly batch: RecordBatchInfo = UNKNOWN_BATCH,
  ) {}
}
