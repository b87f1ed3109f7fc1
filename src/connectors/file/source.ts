import { type FileHandle, open } from 'node:fs/promises';
import { messageOf, StreambookError } from '../../core/errors.js';
import {
  END_OF_INPUT,
  type Source,
  type SourceBatch,
  type SourceContext,
  type SourceReader,
} from '../../engine/source.js';
import { type FilePaths, filesOf } from './paths.js';

/** Turns the bytes of one file into elements. It copies what it keeps: the buffer is used again. */
export interface FileDecoder<T> {
  feed(bytes: Buffer): void;
  /** No more bytes come. */
  end(): void;
  /** The next elements; empty when more bytes are needed. */
  read(): readonly T[];
  /** What a checkpoint keeps: the byte to go on from, and whatever the decoder needs besides. Plain data. */
  position(): { readonly position: number };
}

/** Makes a decoder for a file, from its beginning or from where another stood. */
export type DecoderFactory<T> = (file: string, resume: { readonly position: number } | undefined) => FileDecoder<T>;

const CHUNK_BYTES = 64 * 1024;

/** A bounded source of files, read in chunks, one chunk ahead. Subtasks share the files. */
export function fileSource<T>(name: string, paths: FilePaths, decoder: DecoderFactory<T>): Source<T> {
  const files = filesOf(paths);
  return {
    name,
    bounded: true,
    maxParallelism: Math.max(1, files.length),
    createReader: (context) => new FileReader(files, decoder, context),
  };
}

/** Where a reader stands: which of its files, and where in it. */
interface FilePosition {
  readonly file: number;
  readonly at: { readonly position: number } | undefined;
}

class FileReader<T> implements SourceReader<T> {
  busy = false;
  private readonly files: readonly string[];
  private file: number;
  private resume: { readonly position: number } | undefined;
  private decoder: FileDecoder<T> | undefined;
  private handle: FileHandle | undefined;
  private offset = 0;
  private atEnd = false;
  private arrived: Buffer | undefined;
  private buffers = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)] as const;
  private turn = 0;
  private closed = false;

  constructor(
    files: readonly string[],
    private readonly makeDecoder: DecoderFactory<T>,
    private readonly context: SourceContext,
  ) {
    this.files = files.filter((_, i) => i % context.parallelism === context.subtask);
    const restored = context.restored as FilePosition | undefined;
    this.file = restored?.file ?? 0;
    this.resume = restored?.at;
  }

  async open(): Promise<void> {
    await this.openFile();
  }

  poll(): SourceBatch<T> | typeof END_OF_INPUT | undefined {
    for (;;) {
      const { decoder } = this;
      if (decoder === undefined) return this.busy ? undefined : END_OF_INPUT;
      const values = decoder.read();
      if (values.length > 0) return { values };
      const { arrived } = this;
      if (arrived !== undefined) {
        this.arrived = undefined;
        decoder.feed(arrived);
        this.fetch();
      } else if (this.atEnd) {
        this.atEnd = false;
        decoder.end();
        const last = decoder.read();
        if (last.length > 0) {
          this.atEnd = true;
          return { values: last };
        }
        this.nextFile();
        return undefined;
      } else return undefined;
    }
  }

  position(): FilePosition {
    return { file: this.file, at: this.decoder?.position() ?? this.resume };
  }

  async close(): Promise<void> {
    this.closed = true;
    const { handle } = this;
    this.handle = undefined;
    // A read that is under way ends first.
    await handle?.close();
  }

  private async openFile(): Promise<void> {
    const path = this.files[this.file];
    if (path === undefined) {
      this.decoder = undefined;
      return;
    }
    try {
      this.handle = await open(path, 'r');
    } catch (error) {
      throw new StreambookError('file-unreadable', `${path} cannot be read: ${messageOf(error)}`, { cause: error });
    }
    this.decoder = this.makeDecoder(path, this.resume);
    this.offset = this.resume?.position ?? 0;
    this.resume = undefined;
    this.atEnd = false;
    this.fetch();
  }

  private nextFile(): void {
    this.busy = true;
    this.decoder = undefined;
    const { handle } = this;
    this.handle = undefined;
    this.file++;
    Promise.resolve(handle?.close())
      .then(() => this.openFile())
      .then(
        () => this.settle(),
        (error: unknown) => this.fail(error),
      );
  }

  private fetch(): void {
    const { handle } = this;
    if (handle === undefined || this.closed) return;
    this.busy = true;
    // Two buffers in turn: one is read into while the decoder has just taken the other.
    this.turn = 1 - this.turn;
    const buffer = this.buffers[this.turn as 0 | 1];
    handle.read(buffer, 0, CHUNK_BYTES, this.offset).then(
      ({ bytesRead }) => {
        this.offset += bytesRead;
        if (bytesRead === 0) this.atEnd = true;
        else this.arrived = buffer.subarray(0, bytesRead);
        this.settle();
      },
      (error: unknown) => this.fail(error),
    );
  }

  private settle(): void {
    // Opening a file begins the next read by itself; then it is still busy.
    this.busy = this.handle !== undefined && this.arrived === undefined && !this.atEnd && this.decoder !== undefined;
    this.context.wake();
  }

  private fail(error: unknown): void {
    this.busy = false;
    if (!this.closed) this.context.fail(error);
  }
}
