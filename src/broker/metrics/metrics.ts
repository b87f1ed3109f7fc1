/** Records and their bytes. Bytes are those of batches, compressed if they are. */
export interface RecordTraffic {
  /** Written by clients since the broker started. */
  readonly recordsIn: number;
  readonly bytesIn: number;
  /** Read by clients since the broker started. */
  readonly recordsOut: number;
  readonly bytesOut: number;
}

/** One partition's log. */
export interface PartitionMetrics {
  readonly partition: number;
  /** The first offset that is still there, and the one that the next record gets. */
  readonly startOffset: number;
  readonly endOffset: number;
  /** Bytes of its segments. */
  readonly sizeBytes: number;
  readonly segments: number;
}

export interface TopicMetrics extends RecordTraffic {
  readonly topic: string;
  /** One of Kafka's own, such as `__consumer_offsets`. */
  readonly internal: boolean;
  readonly sizeBytes: number;
  readonly partitions: readonly PartitionMetrics[];
}

/** A client id. All connections that use it count together; beyond 1000 ids the rest is one client `(others)`. */
export interface ClientMetrics extends RecordTraffic {
  readonly clientId: string;
  /** That are open now. */
  readonly connections: number;
  readonly requests: number;
  /** All bytes on the wire. */
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** How long answers took, from the moment a request was taken up. Waiting for records (Fetch) or members (JoinGroup) counts. */
export interface LatencyMetrics {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface ApiMetrics {
  /** Kafka's name: `Produce`. */
  readonly api: string;
  readonly requests: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly latencyMs: LatencyMetrics;
}

/** How far a group is behind in a partition. */
export interface LagMetrics {
  readonly topic: string;
  readonly partition: number;
  readonly committedOffset: number;
  readonly endOffset: number;
  /** Records between them that are still there. */
  readonly lag: number;
}

export interface GroupMetrics {
  readonly group: string;
  readonly state: string;
  readonly members: number;
  /** Of all partitions together. */
  readonly lag: number;
  readonly partitions: readonly LagMetrics[];
}

/** What a broker is doing, as plain data. Counts begin at 0 when the broker starts, and only grow. */
export interface BrokerMetrics {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly uptimeMs: number;
  readonly connections: {
    readonly open: number;
    readonly accepted: number;
    /** By the limit on connections, or by a fault. */
    readonly refused: number;
  };
  /** Memory that requests which are being received or served take. */
  readonly requestMemoryBytes: number;
  /** Memory of answers that have been read and not yet sent. */
  readonly responseMemoryBytes: number;
  readonly apis: readonly ApiMetrics[];
  readonly topics: readonly TopicMetrics[];
  readonly clients: readonly ClientMetrics[];
  readonly groups: readonly GroupMetrics[];
}
