import type { CancelTimer, Clock } from '../../core/clock.js';
import type { KeyId } from '../../core/keys.js';
import type { KeyedStateBackend } from '../state/backend.js';
import { HeapTimers } from './heap-timers.js';
import { MIN_WATERMARK } from './time.js';
import { type NamespaceId, TimerQueue, type Timers } from './timers.js';

/** Whom a timer service calls. The current key is set before. */
export interface Triggerable<N> {
  onEventTime(timestamp: number, namespace: N): void;
  onProcessingTime(timestamp: number, namespace: N): void;
}

/** In which time a timer fires. */
export type TimeDomain = 'event' | 'processing';

/**
 * In which order timers of one timestamp fire: as they were registered, which is cheap, or as Flink's heap has it, for
 * operators where the difference can be seen in more than the order of keys.
 */
export type TimerOrder = 'registered' | 'heap';

/** Timers out of a snapshot that share service, time and namespace. */
export interface RestoredTimers {
  readonly name: string;
  readonly domain: TimeDomain;
  readonly timestamp: number;
  readonly id: NamespaceId;
  readonly namespace: unknown;
  readonly keys: readonly KeyId[];
}

/**
 * The timers of one operator subtask under one name, for the current key and a namespace.
 *
 * @see Flink: `InternalTimerService`
 */
export class InternalTimerService<N> {
  readonly eventTime: Timers<N>;
  readonly processingTime: Timers<N>;
  currentWatermark = MIN_WATERMARK;
  private wakeAt = Number.POSITIVE_INFINITY;
  private cancelWake: CancelTimer | undefined;

  constructor(
    readonly name: string,
    readonly backend: KeyedStateBackend,
    private readonly clock: Clock,
    /** Replaced while tracing is on. */
    public target: Triggerable<N>,
    /** Asks the job to call {@link advanceProcessingTime} from its loop. */
    private readonly due: (timestamp: number) => void,
    /** In which order timers of one timestamp fire. */
    order: TimerOrder = 'registered',
  ) {
    this.eventTime = order === 'registered' ? new TimerQueue<N>() : new HeapTimers<N>();
    this.processingTime = order === 'registered' ? new TimerQueue<N>() : new HeapTimers<N>();
  }

  /** Takes up timers of a snapshot. Those in processing time that are overdue fire as soon as the job runs. */
  restore({ domain, timestamp, id, namespace, keys }: RestoredTimers): void {
    const queue = domain === 'event' ? this.eventTime : this.processingTime;
    for (const key of keys) queue.add(timestamp, key, id, namespace as N);
    if (domain === 'processing') this.arm();
  }

  currentProcessingTime(): number {
    return this.clock.now();
  }

  registerEventTimeTimer(id: NamespaceId, namespace: N, timestamp: number): void {
    this.eventTime.add(timestamp, this.backend.ownKeyId(), id, namespace);
  }

  deleteEventTimeTimer(id: NamespaceId, timestamp: number): void {
    this.eventTime.delete(timestamp, this.backend.keyId, id);
  }

  registerProcessingTimeTimer(id: NamespaceId, namespace: N, timestamp: number): void {
    this.processingTime.add(timestamp, this.backend.ownKeyId(), id, namespace);
    this.arm();
  }

  deleteProcessingTimeTimer(id: NamespaceId, timestamp: number): void {
    this.processingTime.delete(timestamp, this.backend.keyId, id);
  }

  /** @returns whether all that was due has fired */
  advanceWatermark(watermark: number, pause: () => boolean): boolean {
    this.currentWatermark = watermark;
    if (this.eventTime.next > watermark) return true;
    return this.eventTime.advance(watermark, this.fireEventTime, pause);
  }

  /** @returns whether all that was due has fired */
  advanceProcessingTime(to: number, pause: () => boolean): boolean {
    const done = this.processingTime.advance(to, this.fireProcessingTime, pause);
    if (done) this.arm();
    return done;
  }

  /** Arranges to be woken for the earliest processing-time timer. */
  arm(): void {
    const { next } = this.processingTime;
    if (next >= this.wakeAt) return;
    this.cancelWake?.();
    this.wakeAt = next;
    this.cancelWake = this.clock.schedule(next + this.clock.timerDelayMs, () => {
      this.wakeAt = Number.POSITIVE_INFINITY;
      this.due(next);
    });
  }

  close(): void {
    this.cancelWake?.();
  }

  private readonly fireEventTime = (timestamp: number, key: KeyId, namespace: N): void => {
    this.backend.keyId = key;
    this.target.onEventTime(timestamp, namespace);
  };

  private readonly fireProcessingTime = (timestamp: number, key: KeyId, namespace: N): void => {
    this.backend.keyId = key;
    this.target.onProcessingTime(timestamp, namespace);
  };
}
