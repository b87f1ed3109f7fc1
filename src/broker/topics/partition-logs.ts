import type { LogConfig } from '../log/log-config.js';
import { newLog } from '../log/open.js';
import type { LogContext, PartitionLog } from '../log/partition-log.js';
import { newUuid } from '../meta.js';
import { inSlices } from './in-slices.js';

/** Makes empty logs in new folders. Their names are on the disk when the promise resolves. */
export async function makeLogs(
  context: LogContext,
  folders: readonly string[],
  config: LogConfig,
): Promise<PartitionLog[]> {
  const logs = await inSlices(folders, async (folder) => {
    await context.storage.newFolder(folder);
    return newLog(context, folder, config);
  });
  await context.storage.syncFolder('logs');
  return logs;
}

const DELETED = '.deleted';

/** Removes the logs of deleted topics in the background. What is left when the broker stops goes at its next start. */
export class DeletedLogs {
  private left: string[] = [];
  private working: Promise<void> | undefined;
  private stopped = false;

  constructor(private readonly context: LogContext) {}

  /** Ends all that is done with the logs, and frees their folders' names. */
  async take(logs: readonly PartitionLog[]): Promise<void> {
    await inSlices(logs, async (log) => {
      await log.abandon();
      // Renamed first: a crash in the middle of deleting must not leave half a log under the topic's name.
      const away = `${log.folder}.${newUuid()}${DELETED}`;
      try {
        await this.context.storage.rename(log.folder, away);
        this.left.push(away);
      } catch (error) {
        this.failed(log.folder, error);
      }
    });
    this.work();
  }

  /** @param names what lies in `logs` when the broker starts */
  takeLeftovers(names: Iterable<string>): void {
    for (const name of names) if (name.endsWith(DELETED)) this.left.push(`logs/${name}`);
    this.work();
  }

  /** Resolves when nothing is being removed any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.working;
  }

  private work(): void {
    this.working ??= this.removeAll().finally(() => {
      this.working = undefined;
    });
  }

  private async removeAll(): Promise<void> {
    while (this.left.length > 0) {
      await inSlices(this.left.splice(0), async (folder) => {
        if (this.stopped) return;
        try {
          await this.context.storage.remove(folder);
        } catch (error) {
          this.failed(folder, error);
        }
      });
    }
  }

  private failed(folder: string, error: unknown): void {
    this.context.onTrouble(`the folder ${folder} of a deleted topic could not be removed`, error);
  }
}
