import { StreambookError } from '../../core/errors.js';
import { NO_KEY } from '../../core/keys.js';
import type { Output } from '../channels/output.js';
import type { OutputTag } from '../channels/output-tag.js';
import type { OperatorContext } from '../operator-context.js';
import { noKey } from '../state/views.js';
import { MIN_LONG_TIMESTAMP, NO_TIMESTAMP } from '../time/time.js';
import type { InternalTimerService, Triggerable } from '../time/timer-service.js';
import { timerTime, VOID_NAMESPACE } from '../time/timers.js';
import type { Collector } from './functions.js';
import type { OnTimerContext, TimerService } from './process-function.js';

/** The context, timer service and collector of process functions; one object, reused for each element. */
export class ProcessHost implements OnTimerContext<unknown>, TimerService, Collector<unknown> {
  /** The timestamp of the element, or of the event-time timer that fires: what is put out carries it. */
  time = NO_TIMESTAMP;
  /** The time of the processing-time timer that fires. */
  private timer = NO_TIMESTAMP;
  private domain: 'EVENT_TIME' | 'PROCESSING_TIME' = 'EVENT_TIME';
  private readonly timers: InternalTimerService<undefined> | undefined;

  constructor(
    protected readonly context: OperatorContext,
    private readonly target: Output<unknown>,
    onTimer: (timestamp: number, host: OnTimerContext<unknown>) => void,
  ) {
    if (!context.isKeyed) return;
    const triggerable: Triggerable<undefined> = {
      onEventTime: (timestamp) => {
        this.time = timestamp;
        this.domain = 'EVENT_TIME';
        onTimer(timestamp, this);
      },
      // Flink: what a processing-time timer puts out carries no timestamp; into a side output, that of the timer.
      onProcessingTime: (timestamp) => {
        this.time = NO_TIMESTAMP;
        this.timer = timestamp;
        this.domain = 'PROCESSING_TIME';
        onTimer(timestamp, this);
        this.timer = NO_TIMESTAMP;
      },
    };
    this.timers = context.timers<undefined>('user-timers', triggerable);
  }

  collect(value: unknown): void {
    this.target.collect(value, this.time);
  }

  timestamp(): number | null {
    const time = this.time === NO_TIMESTAMP ? this.timer : this.time;
    return time === NO_TIMESTAMP ? null : time;
  }

  timerService(): TimerService {
    return this;
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.context.sideOutput(tag, value, this.timestamp() ?? MIN_LONG_TIMESTAMP);
  }

  getCurrentKey(): unknown {
    const backend = this.context.keyed();
    if (backend.keyId === NO_KEY) noKey('getCurrentKey()');
    return backend.currentKey;
  }

  timeDomain(): 'EVENT_TIME' | 'PROCESSING_TIME' {
    return this.domain;
  }

  currentProcessingTime(): number {
    return this.context.clock.now();
  }

  currentWatermark(): number {
    return this.context.currentWatermark;
  }

  registerEventTimeTimer(time: number): void {
    this.keyedTimers().registerEventTimeTimer(VOID_NAMESPACE, undefined, timerTime(time));
  }

  registerProcessingTimeTimer(time: number): void {
    this.keyedTimers().registerProcessingTimeTimer(VOID_NAMESPACE, undefined, timerTime(time));
  }

  deleteEventTimeTimer(time: number): void {
    this.keyedTimers().deleteEventTimeTimer(VOID_NAMESPACE, time);
  }

  deleteProcessingTimeTimer(time: number): void {
    this.keyedTimers().deleteProcessingTimeTimer(VOID_NAMESPACE, time);
  }

  private keyedTimers(): InternalTimerService<undefined> {
    if (this.timers !== undefined) {
      if (this.timers.backend.keyId === NO_KEY) noKey('a timer');
      return this.timers;
    }
    throw new StreambookError('not-keyed', 'timers belong to a key, and this stream has none', {
      hint: 'put .keyBy(...) before .process(...)',
    });
  }
}
