import { createRequire } from 'node:module';
import type * as KafkaJs from 'kafkajs';

/** The part of kafkajs 2.2.4's request queue that is mended here. */
interface RequestQueue {
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

let loaded: typeof KafkaJs | undefined;

/** kafkajs, loaded at first use: `import 'streambook'` stays fast. */
export async function kafkajs(): Promise<typeof KafkaJs> {
  if (loaded === undefined) {
    // A CommonJS package: everything is on `default`, only some of it under its own name.
    const module = ((await import('kafkajs')) as unknown as { default: typeof KafkaJs }).default;
    neverScheduleInThePast();
    loaded = module;
  }
  return loaded;
}

/**
 * A queue that was never throttled schedules its next look at -1 minus now. Node up to 22 takes that for 1 ms; newer
 * ones say so in a warning, which would stand below the student's cell.
 */
function neverScheduleInThePast(): void {
  const Queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  const schedule = Queue.prototype.scheduleCheckPendingRequests;
  Queue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    this.throttledUntil = Math.max(this.throttledUntil, Date.now());
    schedule.call(this);
  };
}
