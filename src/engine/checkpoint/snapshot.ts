/** Raised when what is written changes; a later version reads the earlier ones. 2: versions of operator state. */
export const SNAPSHOT_VERSION = 2;

/** Where a subtask's part lies among a snapshot's blocks, and what is known of it without reading them. */
export interface SubtaskPart {
  readonly firstBlock: number;
  readonly blocks: number;
  /** All its inputs had ended and everything had been put out. */
  readonly finished: boolean;
  /** A source's position. */
  readonly position?: unknown;
}

/** One operator or source in a snapshot. */
export interface OperatorPart {
  /** Under which it is found again. */
  readonly uid: string;
  readonly name: string;
  readonly source: boolean;
  readonly subtasks: readonly SubtaskPart[];
}

/** What a snapshot says of itself. */
export interface SnapshotMeta {
  readonly id: number;
  readonly job: string;
  /** Tells the runs of a job apart: restarts go on with one, a start from nothing begins another. */
  readonly run: string;
  readonly kind: 'checkpoint' | 'savepoint';
  /** Epoch ms, by the environment's clock. */
  readonly takenAt: number;
  readonly maxParallelism: number;
  readonly operators: readonly OperatorPart[];
}

/** The state of a whole job at one quiet moment: blocks of serialised values, and what they are. */
export interface Snapshot {
  readonly meta: SnapshotMeta;
  readonly blocks: readonly Uint8Array[];
}

/** Bytes of all blocks. */
export function sizeOf(snapshot: Snapshot): number {
  return snapshot.blocks.reduce((sum, block) => sum + block.length, 0);
}

/** What a value in a subtask's part is followed by. Never change a number: snapshots on disk hold them. */
export const Mark = { TABLE: 1, SPACE: 2, TIMERS: 3, LIST: 4, UNION: 5, BROADCAST: 6, VERSION: 7 } as const;
