import type { Clock } from '../../core/clock.js';
import type { StateTtlConfig } from './descriptors.js';

/** The rules of one state's time to live, with the clock they go by. */
export class TimeToLive {
  private readonly onRead: boolean;
  private readonly showExpired: boolean;
  private readonly ttlMs: number;

  constructor(
    config: StateTtlConfig,
    private readonly clock: Clock,
  ) {
    this.ttlMs = config.ttlMs;
    this.onRead = config.updateType === 'onReadAndWrite';
    this.showExpired = config.stateVisibility === 'returnExpiredIfNotCleanedUp';
  }

  touch(entry: { touchedAt: number }): void {
    entry.touchedAt = this.clock.now();
  }

  expired(entry: { touchedAt: number }): boolean {
    return entry.touchedAt + this.ttlMs <= this.clock.now();
  }

  /** Called for an entry that is read. @returns whether it may be seen, and whether it is to be removed now */
  read(entry: { touchedAt: number }): { visible: boolean; remove: boolean } {
    if (this.expired(entry)) return { visible: this.showExpired, remove: true };
    if (this.onRead) this.touch(entry);
    return { visible: true, remove: false };
  }
}
