import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isStreambookError, messageOf, StreambookError } from '../../core/errors.js';
import { DirectoryStorage, readSnapshot } from './directory.js';
import { DamagedSnapshotError } from './format.js';
import type { Snapshot } from './snapshot.js';
import type { CheckpointStorage } from './storage.js';
import type { CommittedCheckpoint } from './transaction.js';

/** A snapshot that a job goes on from, and where it lay. */
export interface RestorePoint {
  readonly snapshot: Snapshot;
  readonly path: string;
}

/** How to begin: from nothing, from a directory, or from the last checkpoint that can be read. */
export type RestoreFrom = string | undefined;

/** Finds the snapshot that each attempt of a job begins from. */
export class Recovery {
  /** Tells this run of the job apart from others. */
  run: string = randomUUID();
  /** Ids below this have been used. */
  nextId = 1;
  /** The first id that this job may use. */
  firstId = 1;
  private initial: RestorePoint | undefined;
  private first = true;

  constructor(
    private readonly storage: CheckpointStorage,
    private readonly restoreFrom: RestoreFrom,
    private readonly warn: (message: string) => void,
  ) {}

  /**
   * @param transactional whether an outside system decides which checkpoint counts
   * @param committed the last one it has committed
   */
  async next(transactional: boolean, committed: CommittedCheckpoint | undefined): Promise<RestorePoint | undefined> {
    const stored = await this.storage.list();
    this.nextId = Math.max(this.nextId, (stored[0]?.id ?? 0) + 1, (committed?.id ?? 0) + 1);
    if (this.first) {
      this.first = false;
      this.initial = await this.begin(transactional, committed);
      if (this.initial !== undefined) {
        const { meta } = this.initial.snapshot;
        this.nextId = Math.max(this.nextId, meta.id + 1);
        if (this.restoreFrom === 'latest') this.run = meta.run;
      }
      this.firstId = this.nextId;
      return this.initial;
    }
    if (!transactional) return (await this.newest(this.run)) ?? this.initial;
    return committed?.run === this.run ? this.committed(committed) : this.initial;
  }

  private async begin(
    transactional: boolean,
    committed: CommittedCheckpoint | undefined,
  ): Promise<RestorePoint | undefined> {
    const { restoreFrom } = this;
    if (restoreFrom === undefined) return undefined;
    if (restoreFrom !== 'latest') return readFrom(restoreFrom, this.warn);
    if (!transactional) return this.newest(undefined);
    return committed === undefined ? undefined : this.committed(committed);
  }

  /** What the outside system says was committed is what the job has to go on from: nothing else fits what is out there. */
  private async committed({ id, run }: CommittedCheckpoint): Promise<RestorePoint> {
    const stored = (await this.storage.list()).find((one) => one.id === id);
    if (stored === undefined) {
      throw new StreambookError(
        'lost-checkpoint',
        `the last transaction belongs to checkpoint ${id}, which is not there`,
        {
          hint: 'bring its directory back; or begin anew, without restoreFrom, and what was written stays as it is',
        },
      );
    }
    const snapshot = await this.storage.read(id);
    if (snapshot.meta.run !== run) {
      throw new StreambookError('lost-checkpoint', `checkpoint ${id} in ${stored.path} is of another run of the job`, {
        hint: 'was the directory changed between two starts?',
      });
    }
    if (stored.pending) await this.storage.confirm(id);
    for (const other of await this.storage.list()) if (other.pending) await this.storage.discard(other.id);
    return { snapshot, path: stored.path.replace(/\.pending$/, '') };
  }

  private async newest(run: string | undefined): Promise<RestorePoint | undefined> {
    const damaged: unknown[] = [];
    for (const { id, path, pending } of await this.storage.list()) {
      if (pending) continue;
      try {
        const snapshot = await this.storage.read(id);
        if (run !== undefined && snapshot.meta.run !== run) continue;
        return { snapshot, path };
      } catch (error) {
        if (!isStreambookError(error, 'damaged-snapshot')) throw error;
        this.warn(`${messageOf(error)}\n  the one before it is used`);
        damaged.push(error);
      }
    }
    if (damaged.length > 0) throw damaged[0];
    return undefined;
  }
}

/** A snapshot's own directory, or one of checkpoints, of which the newest that can be read counts. */
async function readFrom(path: string, warn: (message: string) => void): Promise<RestorePoint> {
  const own = await stat(join(path, '_metadata')).catch(() => undefined);
  if (own !== undefined) return { snapshot: await readSnapshot(path), path };
  const storage = new DirectoryStorage(path);
  let damaged: unknown;
  let unreadable: unknown;
  const found = await storage.list().catch((error: unknown) => {
    unreadable = error;
    return [];
  });
  for (const { path: stored, pending } of found) {
    if (pending) continue;
    try {
      return { snapshot: await readSnapshot(stored), path: stored };
    } catch (error) {
      if (!(error instanceof DamagedSnapshotError)) throw error;
      warn(`${messageOf(error)}\n  the one before it is used`);
      damaged ??= error;
    }
  }
  if (damaged !== undefined) throw damaged;
  const why = unreadable === undefined ? '' : `, or none that can be read: ${causeOf(unreadable)}`;
  throw new StreambookError('no-checkpoint', `there is no snapshot in ${path}${why}`, {
    hint: 'name the directory of a savepoint, of a checkpoint (`.../chk-7`), or of checkpoints',
  });
}

/** What the system said, where that is known. */
function causeOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
