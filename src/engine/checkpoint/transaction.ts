/** A checkpoint that an outside system has committed. */
export interface CommittedCheckpoint {
  readonly id: number;
  readonly run: string;
}

/** What a transaction has of the job around it. */
export interface TransactionContext {
  /** The job's uid: what the outside system knows it by, over all its lives. */
  readonly jobUid: string;
  /** How long a checkpoint may take from one to the end of the next; a transaction must live longer. */
  readonly longestMs: number;
  /** Ends the attempt with this error. */
  readonly fail: (error: unknown) => void;
  /** Holds the job's sources up until the returned function is called. */
  readonly block: () => () => void;
}

/**
 * An outside system whose transaction decides whether a checkpoint counts, one for all sinks of a job. It lives for one
 * attempt.
 *
 * For checkpoint N the engine calls `seal(N)` at the quiet moment, waits for its promise, writes the snapshot as pending,
 * calls `commit(N)`, and only then calls N completed. N + 1 is not sealed before.
 */
export interface JobTransaction {
  /** Ends what an earlier attempt left open; nothing is restored or read before. @returns the last that was committed */
  recover(): Promise<CommittedCheckpoint | undefined>;
  /** What was sent until now belongs to checkpoint `id`. Resolves when all of it is acknowledged. */
  seal(id: number): Promise<void>;
  /** Commits what was sealed, with a record of the checkpoint in the same transaction. */
  commit(checkpoint: CommittedCheckpoint): Promise<void>;
  close(): void | Promise<void>;
}

/** Makes the transaction of a job; carried by the nodes whose operators take part. */
export interface TransactionFactory {
  /** Nodes with equal names share a transaction; a job has one. */
  readonly system: string;
  create(context: TransactionContext): JobTransaction | Promise<JobTransaction>;
}
