import type { OnEvent } from './events.js';
import type { OffsetStore } from './groups/offset-store.js';
import { compact } from './log/compaction/compact.js';
import type { PartitionLog } from './log/partition-log.js';
import { applyRetention } from './log/retention.js';
import type { Topics } from './topics/topics.js';
import type { TransactionCoordinator } from './transactions/coordinator.js';

/** After this much has been written, or after this long, what was written is forced to the disk and need not be checked again. */
const CHECKPOINT_BYTES = 128 * 1024 * 1024;
const CHECKPOINT_AFTER_MS = 60_000;
/** Kafka: `producer.id.expiration.ms`. */
const PRODUCER_EXPIRATION_MS = 24 * 3_600_000;
/** Kafka: `transactional.id.expiration.ms`. */
const TRANSACTIONAL_ID_EXPIRATION_MS = 7 * 24 * 3_600_000;
/** A log whose compaction failed (a damaged segment, a full disk) is left alone for this long. */
const FAILED_COMPACTION_MS = 10 * 60_000;
const EXPIRE_EVERY_MS = 10 * 60_000;

/** How often it is done, and what is forgotten when. */
interface HousekeepingTimes {
  readonly everyMs: number;
  /** Kafka: `offsets.retention.minutes`. */
  readonly offsetsRetentionMs: number;
}

/** What a broker does by itself from time to time: retention, compaction, checkpoints, forgetting. */
export class Housekeeping {
  private readonly timer: NodeJS.Timeout;
  private running: Promise<void> | undefined;
  private compacting = false;
  private readonly compactNotBefore = new WeakMap<PartitionLog, number>();
  private stopped = false;
  private readonly dirtySince = new Map<PartitionLog, number>();
  private lastExpiry: number;

  constructor(
    private readonly topics: Topics,
    private readonly offsets: OffsetStore,
    private readonly transactions: TransactionCoordinator,
    private readonly onEvent: OnEvent,
    private readonly now: () => number,
    private readonly times: HousekeepingTimes,
  ) {
    this.lastExpiry = now();
    this.timer = setInterval(() => this.round(), times.everyMs);
    this.timer.unref();
  }

  /** Begins a round, unless one is still running. */
  round(): Promise<void> {
    this.running ??= this.work().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
    // Compaction ends when its log is closed.
  }

  private async work(): Promise<void> {
    await this.checkpoints();
    for (const log of this.topics.logs()) {
      if (this.stopped) return;
      await this.attempt(`retention of ${log.folder}`, () => log.tend(() => applyRetention(log)));
    }
    // Beside the rest: it may take its time.
    if (!this.compacting) void this.compact();
    if (this.now() - this.lastExpiry < Math.min(EXPIRE_EVERY_MS, this.times.offsetsRetentionMs)) return;
    this.lastExpiry = this.now();
    for (const log of this.topics.logs()) log.producers.expire(this.now() - PRODUCER_EXPIRATION_MS);
    await this.attempt('expiry of offsets', () => this.offsets.expire(this.now() - this.times.offsetsRetentionMs));
    await this.attempt('expiry of transactional ids', () =>
      this.transactions.expire(this.now() - TRANSACTIONAL_ID_EXPIRATION_MS),
    );
  }

  private async compact(): Promise<void> {
    this.compacting = true;
    for (const log of this.topics.logs()) {
      if (this.stopped) return;
      if (!log.config.compacts || this.now() < (this.compactNotBefore.get(log) ?? 0)) continue;
      await this.attempt(`compaction of ${log.folder}`, async () => {
        this.compactNotBefore.set(log, this.now() + FAILED_COMPACTION_MS);
        await log.tend(() => compact(log));
        this.compactNotBefore.delete(log);
      });
    }
    this.compacting = false;
  }

  private async checkpoints(): Promise<void> {
    const now = this.now();
    const dirty = this.topics.logs().filter((log) => log.dirtyBytes > 0);
    let bytes = 0;
    for (const log of dirty) {
      bytes += log.dirtyBytes;
      if (!this.dirtySince.has(log)) this.dirtySince.set(log, now);
    }
    for (const log of dirty) {
      if (this.stopped) return;
      if (bytes < CHECKPOINT_BYTES && now - this.dirtySince.get(log)! < CHECKPOINT_AFTER_MS) continue;
      this.dirtySince.delete(log);
      await this.attempt(`checkpoint of ${log.folder}`, () => log.checkpoint());
    }
    for (const log of this.dirtySince.keys()) if (log.closed || log.dirtyBytes === 0) this.dirtySince.delete(log);
  }

  private async attempt(what: string, action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!this.stopped) this.onEvent({ kind: 'storage', message: `${what} failed`, error });
    }
  }
}
