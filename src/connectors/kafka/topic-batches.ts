import type { Ready } from '../../kafka/index.js';
import type { TopicOutlet } from './topic-outlet.js';

/** A batch stays well below what a broker takes (1 MiB by default). */
const BATCH_BYTES = 256 * 1024;
const BATCH_MESSAGES = 5_000;
/** What has gathered goes out after this time even if it is little. */
const LINGER_MS = 20;

/** Gathers the messages of one topic into batches. */
export class TopicBatches {
  private batch: Ready[] = [];
  private bytes = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param go takes a batch that is full, or has waited long enough */
  constructor(
    readonly outlet: TopicOutlet,
    private readonly go: (outlet: TopicOutlet, batch: readonly Ready[]) => void,
  ) {}

  add(message: Ready): void {
    this.batch.push(message);
    this.bytes += message.byteLength + (message.key?.length ?? 0);
    if (this.bytes >= BATCH_BYTES || this.batch.length >= BATCH_MESSAGES) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), LINGER_MS);
  }

  /** Lets go what has gathered. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { batch } = this;
    if (batch.length === 0) return;
    this.batch = [];
    this.bytes = 0;
    this.go(this.outlet, batch);
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.outlet.close();
  }
}
