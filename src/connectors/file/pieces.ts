import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** How much the decoder gets at once: what it makes of more does not stay in the processor's cache until it is used. */
const PIECE_BYTES = 64 * 1024;
/** How much is asked of a slow disk at once: each question costs the loop a turn, and wakes a thread. */
const CHUNK_BYTES = 1024 * 1024;
/** How many chunks are fetched ahead, so that slow answers do not make the engine wait. */
const AHEAD = 4;
/** What the system has in memory is there within this time: a piece takes some 10 us. */
const PROMPT_MS = 0.5;
/** More slow answers than this, less one for so many prompt ones, and it is the disk and not a busy machine. */
const MOST_SLOW = 2;
const FORGIVEN = 1 / 16;
/** For so long a slow disk is not waited for. */
const PATIENCE_BYTES = 32 * CHUNK_BYTES;

/** A read of one chunk: under way, or done. */
interface ChunkRead {
  readonly buffer: Buffer;
  /** Absent while it is under way. */
  bytes: number | undefined;
  /** Up to here it has been given out. */
  given: number;
}

/**
 * The bytes of a file, a piece after the other. Pieces that the system has in memory, as it has nearly always of a file that
 * is read from the front, are read when they are asked for: that takes less time than to ask another thread for them, and
 * does not wait for a free processor. Where the disk turns out to be slow, chunks are fetched ahead.
 */
export class FilePieces {
  private readonly piece = Buffer.allocUnsafe(PIECE_BYTES);
  private reads: ChunkRead[] = [];
  private readonly free: Buffer[] = [];
  private generation = 0;
  private slow = 0;
  /** From here on pieces are read when they are asked for. */
  private promptFrom = 0;

  constructor(
    private readonly handle: FileHandle,
    private offset: number,
    private readonly loop: { readonly wake: () => void; readonly fail: (error: unknown) => void },
    private readonly promptMs: number = PROMPT_MS,
    private readonly patienceBytes: number = PATIENCE_BYTES,
  ) {}

  /** Whether a read is under way. */
  get waits(): boolean {
    return this.reads.length > 0;
  }

  /** The next bytes, to be used before the next call; none at the end of the file; `undefined`: they have not come yet. */
  next(): Buffer | undefined {
    if (this.reads.length === 0 && this.offset >= this.promptFrom) return this.readNow();
    return this.fetched();
  }

  /** What is under way is of no interest any more. */
  stop(): void {
    this.generation++;
    this.reads = [];
    this.promptFrom = 0;
  }

  private readNow(): Buffer {
    const began = performance.now();
    const bytes = readSync(this.handle.fd, this.piece, 0, PIECE_BYTES, this.offset);
    this.offset += bytes;
    this.slow = performance.now() - began > this.promptMs ? this.slow + 1 : Math.max(0, this.slow - FORGIVEN);
    if (this.slow > MOST_SLOW) {
      this.slow = 0;
      this.promptFrom = this.offset + this.patienceBytes;
      this.fetch();
    }
    return this.piece.subarray(0, bytes);
  }

  private fetched(): Buffer | undefined {
    const [first] = this.reads;
    if (first?.bytes === undefined) return undefined;
    const from = first.given;
    first.given = Math.min(from + PIECE_BYTES, first.bytes);
    const piece = first.buffer.subarray(from, first.given);
    if (first.given < first.bytes) return piece;
    this.reads.shift();
    if (first.bytes < CHUNK_BYTES) this.shortRead(first.bytes);
    if (first.bytes > 0) this.fetch();
    // Only now: `fetch` must not have it filled while it is looked at.
    this.free.push(first.buffer);
    return piece;
  }

  // The end of the file, or (rarely) a read that was cut short: what was asked for behind it is of no use.
  private shortRead(bytes: number): void {
    this.generation++;
    this.offset -= CHUNK_BYTES * (this.reads.length + 1) - bytes;
    this.reads = [];
  }

  private fetch(): void {
    const { generation, loop } = this;
    while (this.reads.length < AHEAD && this.offset < this.promptFrom) {
      const buffer = this.free.pop() ?? Buffer.allocUnsafe(CHUNK_BYTES);
      const read: ChunkRead = { buffer, bytes: undefined, given: 0 };
      this.reads.push(read);
      this.handle.read(buffer, 0, CHUNK_BYTES, this.offset).then(
        ({ bytesRead }) => {
          read.bytes = bytesRead;
          if (generation === this.generation) loop.wake();
        },
        (error: unknown) => {
          if (generation === this.generation) loop.fail(error);
        },
      );
      this.offset += CHUNK_BYTES;
    }
  }
}
