import type { CommittedOffset } from '../group/group.js';

/** What has been processed and not committed yet; commits one after the other. */
export class ProcessedOffsets {
  private pending = new Map<string, CommittedOffset>();
  private lastCommit = performance.now();
  private chain: Promise<void> = Promise.resolve();

  constructor(
    private readonly everyMs: number,
    private readonly commit: (offsets: CommittedOffset[]) => Promise<void>,
  ) {}

  /** @param offset of the next message */
  add(topic: string, partition: number, offset: number): void {
    const key = `${partition}/${topic}`;
    const old = this.pending.get(key);
    if (old === undefined) this.pending.set(key, { topic, partition, offset });
    else (old as { offset: number }).offset = offset;
  }

  /** Commits in the background when it is time. What fails is tried again with the next one. */
  commitIfDue(): void {
    if (performance.now() - this.lastCommit >= this.everyMs) this.commitNow().catch(() => {});
  }

  /** @throws what the commit throws */
  commitNow(): Promise<void> {
    this.lastCommit = performance.now();
    const result = this.chain.then(async () => {
      if (this.pending.size === 0) return;
      const offsets = [...this.pending.values()];
      this.pending = new Map();
      try {
        await this.commit(offsets);
      } catch (error) {
        for (const one of offsets) {
          const key = `${one.partition}/${one.topic}`;
          if (!this.pending.has(key)) this.pending.set(key, one);
        }
        throw error;
      }
    });
    this.chain = result.catch(() => {});
    return result;
  }
}
