import type { Storage } from './storage/storage.js';

const FILE = 'producer-ids.json';
/** Ids are taken from the file in blocks, so that most requests cost no write. What a crash leaves of a block is lost. */
const BLOCK = 1000;

/** Gives out producer ids: each once in the life of a data folder. */
export class ProducerIds {
  private next: number;
  private end: number;
  private reserving: Promise<void> | undefined;

  constructor(private readonly storage: Storage) {
    const content = storage.readWhole(FILE);
    // Not readable: go far beyond whatever may have been given out.
    this.next = content === undefined ? 0 : (reserved(content) ?? Date.now());
    this.end = this.next;
  }

  async take(): Promise<number> {
    while (this.next >= this.end) {
      this.reserving ??= this.reserve().finally(() => {
        this.reserving = undefined;
      });
      await this.reserving;
    }
    return this.next++;
  }

  private async reserve(): Promise<void> {
    const end = this.end + BLOCK;
    await this.storage.replace(FILE, `${JSON.stringify({ version: 1, reserved: end })}\n`);
    this.end = end;
  }
}

function reserved(content: Buffer): number | undefined {
  try {
    const value: unknown = (JSON.parse(content.toString('utf8')) as { reserved?: unknown }).reserved;
    return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
  } catch {
    return undefined;
  }
}
