import type { Snapshot } from './snapshot.js';

/** A checkpoint that lies somewhere. */
export interface StoredCheckpoint {
  readonly id: number;
  /** Where it is: a directory, or `memory`. */
  readonly path: string;
  /** Written, but whether it counts is not decided. */
  readonly pending: boolean;
}

/** Where the checkpoints of a job are kept. */
export interface CheckpointStorage {
  /**
   * Keeps other jobs out, also of other processes on this machine, until the returned function is called.
   *
   * @throws `checkpoint-storage`
   */
  claim(job: string): () => void;
  /** What is there, the newest first. */
  list(): Promise<StoredCheckpoint[]>;
  /** When it returns, the snapshot survives a crash. @param pending whether {@link confirm} has to follow */
  write(snapshot: Snapshot, pending: boolean): Promise<StoredCheckpoint>;
  /** Lets a pending one count. */
  confirm(id: number): Promise<void>;
  /** @throws DamagedSnapshotError, SnapshotVersionError */
  read(id: number): Promise<Snapshot>;
  discard(id: number): Promise<void>;
}

/** Keeps checkpoints in memory: for restarts within the process. */
export class MemoryStorage implements CheckpointStorage {
  private readonly kept = new Map<number, { snapshot: Snapshot; pending: boolean }>();

  /** Nobody else has it. */
  claim(): () => void {
    return () => undefined;
  }

  async list(): Promise<StoredCheckpoint[]> {
    return [...this.kept].map(([id, { pending }]) => ({ id, path: 'memory', pending })).sort((a, b) => b.id - a.id);
  }

  async write(snapshot: Snapshot, pending: boolean): Promise<StoredCheckpoint> {
    const { id } = snapshot.meta;
    this.kept.set(id, { snapshot, pending });
    return { id, path: 'memory', pending };
  }

  async confirm(id: number): Promise<void> {
    const kept = this.kept.get(id);
    if (kept !== undefined) kept.pending = false;
  }

  async read(id: number): Promise<Snapshot> {
    const kept = this.kept.get(id);
    if (kept === undefined) throw new Error(`no checkpoint ${id} in memory`);
    return kept.snapshot;
  }

  async discard(id: number): Promise<void> {
    this.kept.delete(id);
  }
}
