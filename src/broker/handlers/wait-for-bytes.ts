import type { PartitionLog } from '../log/partition-log.js';
import type { Client } from '../server/request.js';

/**
 * Waits until readers of some logs can see `bytes` more in all of them together, until a log is closed, the client goes,
 * or the time is over.
 */
export function waitForBytes(
  logs: readonly PartitionLog[],
  bytes: number,
  timeoutMs: number,
  client: Client,
): Promise<void> {
  return new Promise((resolve) => {
    let missing = bytes;
    const ends: (() => void)[] = [];
    const finish = (): void => {
      clearTimeout(timer);
      for (const end of ends) end();
      resolve();
    };
    const timer = setTimeout(finish, timeoutMs);
    ends.push(client.onClose(finish));
    for (const log of logs) {
      ends.push(
        log.subscribe((more) => {
          missing -= more;
          if (missing <= 0 || more < 0) finish();
        }),
      );
    }
  });
}
