/** A checkpoint or savepoint that was completed. */
export interface CompletedCheckpoint {
  readonly id: number;
  readonly kind: 'checkpoint' | 'savepoint';
  /** Its directory, or `memory`. */
  readonly path: string;
  /** Epoch ms, by the environment's clock. */
  readonly takenAt: number;
  readonly sizeBytes: number;
  /** From the quiet moment to completion, ms. */
  readonly durationMs: number;
  /** How long no element was processed because of it, ms. */
  readonly pauseMs: number;
}

/** What became of a job's checkpoints so far. */
export interface CheckpointStats {
  readonly triggered: number;
  readonly completed: number;
  readonly failed: number;
  /** How often the job went on from one. */
  readonly restored: number;
  readonly inProgress: boolean;
  readonly last: CompletedCheckpoint | undefined;
  /** Why the last one that failed did. */
  readonly lastFailure: string | undefined;
  /** Where the job went on from last: the id and place of the snapshot. */
  readonly lastRestore: { readonly id: number; readonly path: string } | undefined;
}
