import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../core/make-folder.js';
import type { BucketCommit } from './sink.js';

/**
 * The buckets of a file sink that are not complete yet.
 *
 * @see Flink: `PartitionCommitter`, `ProcTimeCommitTrigger`, `PartitionTimeCommitTrigger`
 */
export class OpenBuckets {
  /** When they were begun, epoch ms. */
  private readonly begunAt: Map<string, number>;

  constructor(
    private readonly directory: string,
    private readonly commit: BucketCommit,
    restored: Iterable<readonly [string, number]>,
  ) {
    this.begunAt = new Map(restored);
  }

  begin(bucket: string, now: number): void {
    if (!this.begunAt.has(bucket)) this.begunAt.set(bucket, now);
  }

  state(): [string, number][] {
    return [...this.begunAt];
  }

  /**
   * Marks those that are complete, unless files of theirs are still to be seen.
   *
   * @param all whether nothing will come any more
   */
  async complete(unseen: ReadonlySet<string>, now: number, watermark: number, all: boolean): Promise<void> {
    const { timeOf, delayMs, fileName } = this.commit;
    for (const [bucket, begun] of [...this.begunAt]) {
      if (unseen.has(bucket)) continue;
      const due = timeOf === undefined ? now >= begun + delayMs : watermark > timeOf(bucket) + delayMs;
      if (!due && !all) continue;
      const path = join(this.directory, bucket, fileName);
      makeFolder(dirname(path));
      await writeFile(path, '');
      this.begunAt.delete(bucket);
    }
  }
}
