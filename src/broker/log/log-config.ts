/** The settings of a topic that its logs act on. Times are milliseconds, sizes bytes; -1 is "without limit" where Kafka has it. */
export interface LogConfig {
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly indexIntervalBytes: number;
  readonly retentionMs: number;
  readonly retentionBytes: number;
  readonly maxMessageBytes: number;
  readonly logAppendTime: boolean;
  /** How far a record's timestamp may lie in the past and in the future. */
  readonly timestampBeforeMaxMs: number;
  readonly timestampAfterMaxMs: number;
  /** `cleanup.policy`: one of them, both, or neither. */
  readonly deletes: boolean;
  readonly compacts: boolean;
  /** Compaction: how long tombstones stay, how young and how old a record may be, how dirty a log must be. */
  readonly deleteRetentionMs: number;
  readonly minCompactionLagMs: number;
  readonly maxCompactionLagMs: number;
  readonly minCleanableDirtyRatio: number;
}
