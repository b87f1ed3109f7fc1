import { createRequire } from 'node:module';
import type * as KafkaJs from 'kafkajs';

/** The part of kafkajs 2.2.4's request queue that is mended here. */
interface RequestQueue {
  readonly throttledUntil: number;
  readonly pending: readonly unknown[];
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

/** How soon kafkajs looks again at requests that wait. */
const PENDING_MS = 10;

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
  Queue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.throttleCheckTimeoutId) return;
    const throttledMs = this.throttledUntil - Date.now();
    const waitMs = throttledMs > 0 ? throttledMs : this.pending.length > 0 ? PENDING_MS : 1;
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, waitMs);
  };
}
