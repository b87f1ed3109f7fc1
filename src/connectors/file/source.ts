import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CancelTimer } from '../../core/clock.js';
import { messageOf, StreambookError } from '../../core/errors.js';
import type { OutputTag } from '../../engine/channels/output-tag.js';
import {
  END_OF_INPUT,
  type Source,
  type SourceBatch,
  type SourceContext,
  type SourceReader,
} from '../../engine/source.js';
import { NO_TIMESTAMP } from '../../engine/time/time.js';
import { type FilePaths, filesOf } from './paths.js';
import { FilePieces } from './pieces.js';
import {
  type FilePart,
  type FilePosition,
  firstShare,
  firstWatched,
  nameOf,
  ownerOfFile,
  shareFiles,
  shareWatched,
} from './positions.js';

/** The times of a batch's elements, and the watermarks between them. */
export type BatchTiming = Pick<SourceBatch<unknown>, 'timestamps' | 'marks'>;

/** Turns the bytes of one file into elements. It copies what it keeps: the buffer is used again. */
export interface FileDecoder<T> {
  feed(bytes: Buffer): void;
  /** No more bytes come. */
  end(): void;
  /** The next elements; empty when more bytes are needed. */
  read(): readonly T[];
  /** Of what was read last, if the elements have times. */
  readonly timing?: BatchTiming | undefined;
  /** The watermark after what was read last, if it is a new one. */
  takeWatermark?(): number | undefined;
  /** What could not be read since the last call, for a side output. */
  takeBad?(): readonly unknown[];
  /** What was left out so far because it could not be read. */
  readonly badRows?: number;
  /** What a checkpoint keeps: the byte to go on from, and whatever the decoder needs besides. Plain data. */
  position(): { readonly position: number };
}

/** Makes a decoder for a file, from its beginning or from where another stood. */
export type DecoderFactory<T> = (file: string, resume: { readonly position: number } | undefined) => FileDecoder<T>;

/** So much is read in one call, if nothing comes of it: then it is the turn of others. */
const MOST_PIECES = 16;

/** What a source of files may be told. */
export interface FileSourceOptions {
  /** The side output for what cannot be read. */
  readonly badTag?: OutputTag<unknown> | undefined;
  /** Looks for new files so often, for ever; `list` gives all that there are then. Default: files are listed once. */
  readonly watch?: { readonly intervalMs: number; readonly list: () => readonly string[] } | undefined;
}

/**
 * A source of files, read in pieces. Subtasks share the files. With `watch` it does not end: what is new
 * in the folder is read, each file once and as it is when it is found.
 *
 * @see Flink: FileSystem, File Source, Monitoring
 */
export function fileSource<T>(
  name: string,
  paths: FilePaths,
  decoder: DecoderFactory<T>,
  { badTag, watch }: FileSourceOptions = {},
): Source<T> {
  const files = new Map(filesOf(paths).map((path) => [nameOf(path), path]));
  return {
    name,
    bounded: watch === undefined,
    ...(watch === undefined ? { maxParallelism: Math.max(1, files.size) } : {}),
    createReader: (context) => new FileReader(files, decoder, context, badTag, watch),
    redistribute: (positions, parallelism) =>
      watch === undefined
        ? shareFiles([...files.keys()], positions, parallelism)
        : shareWatched([...files.keys()], positions, parallelism),
  };
}

function batchOf<T>(values: readonly T[], decoder: FileDecoder<T>): SourceBatch<T> | undefined {
  const watermark = decoder.takeWatermark?.();
  if (values.length === 0) return watermark === undefined ? undefined : { values, watermark };
  const { timing } = decoder;
  if (timing === undefined) return { values };
  return watermark === undefined ? { values, ...timing } : { values, ...timing, watermark };
}

class FileReader<T> implements SourceReader<T> {
  private opening = false;
  private readonly done: string[];
  /** What is left to read; the first is being read. */
  private readonly left: FilePart[];
  private decoder: FileDecoder<T> | undefined;
  private handle: FileHandle | undefined;
  private pieces: FilePieces | undefined;
  private atEnd = false;
  private badRows = 0;
  private closed = false;
  /** With a watched folder: the files that were found, by anybody. */
  private readonly seen: Set<string>;
  private cancelLook: CancelTimer | undefined;
  private readonly files: Map<string, string>;

  constructor(
    files: ReadonlyMap<string, string>,
    private readonly makeDecoder: DecoderFactory<T>,
    private readonly context: SourceContext,
    private readonly badTag: OutputTag<unknown> | undefined,
    private readonly watch: FileSourceOptions['watch'],
  ) {
    const { restored, parallelism, subtask } = context;
    const share = watch === undefined ? firstShare : firstWatched;
    const mine = (restored as FilePosition | undefined) ?? share([...files.keys()], parallelism, subtask);
    this.files = new Map(files);
    this.done = [...mine.done];
    this.left = [...mine.left];
    this.seen = new Set([...files.keys(), ...this.done, ...this.left.map(({ file }) => file)]);
  }

  get busy(): boolean {
    return this.opening || this.pieces?.waits === true;
  }

  async open(): Promise<void> {
    await this.openFile();
    this.lookAgain();
  }

  poll(): SourceBatch<T> | typeof END_OF_INPUT | undefined {
    for (let fed = 0; ; fed++) {
      const { decoder } = this;
      if (decoder === undefined) return this.opening || this.watch !== undefined ? undefined : END_OF_INPUT;
      const batch = this.batchOf(decoder);
      if (batch !== undefined) return batch;
      if (fed === MOST_PIECES) return { values: [] };
      if (this.feedNext(decoder)) continue;
      if (this.atEnd) {
        this.atEnd = false;
        decoder.end();
        const last = this.batchOf(decoder);
        if (last !== undefined) {
          this.atEnd = true;
          return last;
        }
        this.nextFile();
      }
      return undefined;
    }
  }

  private batchOf(decoder: FileDecoder<T>): SourceBatch<T> | undefined {
    const batch = batchOf(this.read(decoder), decoder);
    const tag = this.badTag;
    if (tag === undefined) return batch;
    const bad = decoder.takeBad?.() ?? [];
    if (bad.length === 0) return batch;
    return { values: [], ...batch, sides: bad.map((value) => ({ tag, value, timestamp: NO_TIMESTAMP })) };
  }

  private read(decoder: FileDecoder<T>): readonly T[] {
    const values = decoder.read();
    const { badRows } = decoder;
    if (badRows !== undefined && badRows > this.badRows) {
      this.context.skipped?.(badRows - this.badRows);
      this.badRows = badRows;
    }
    return values;
  }

  position(): FilePosition {
    const [first, ...rest] = this.left;
    const left =
      first === undefined || this.decoder === undefined
        ? this.left
        : [{ ...first, at: this.decoder.position() }, ...rest];
    return { done: [...this.done], left: [...left] };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.cancelLook?.();
    this.pieces?.stop();
    const { handle } = this;
    this.handle = undefined;
    // A read that is under way ends first.
    await handle?.close();
  }

  private lookAgain(): void {
    const { watch, context } = this;
    if (watch === undefined || this.closed) return;
    this.cancelLook = context.clock.schedule(context.clock.now() + watch.intervalMs, () => {
      try {
        this.take(watch.list());
      } catch (error) {
        this.fail(error);
      }
      this.lookAgain();
    });
  }

  /** Files that were found now: those that are new, and this subtask's, wait for their turn. */
  private take(paths: readonly string[]): void {
    const idle = this.left.length === 0 && !this.opening;
    const { parallelism, subtask } = this.context;
    for (const path of paths) {
      const file = nameOf(path);
      if (this.seen.has(file)) continue;
      this.seen.add(file);
      this.files.set(file, path);
      if (ownerOfFile(file, parallelism) === subtask) this.left.push({ file });
    }
    if (idle && this.left.length > 0) this.openNext(Promise.resolve());
  }

  private async openFile(): Promise<void> {
    const [next] = this.left;
    if (next === undefined) {
      this.decoder = undefined;
      return;
    }
    const path = this.files.get(next.file) ?? resolve(next.file);
    try {
      this.handle = await open(path, 'r');
    } catch (error) {
      throw new StreambookError('file-unreadable', `${path} cannot be read: ${messageOf(error)}`, { cause: error });
    }
    // Closed while the system was opening it: nobody else would close it then.
    if (this.closed) {
      const { handle } = this;
      this.handle = undefined;
      await handle.close();
      return;
    }
    this.decoder = this.makeDecoder(path, next.at);
    // Those before a restart were counted then.
    this.badRows = this.decoder.badRows ?? 0;
    this.atEnd = false;
    const { wake } = this.context;
    this.pieces = new FilePieces(this.handle, next.at?.position ?? 0, { wake, fail: (error) => this.fail(error) });
  }

  private nextFile(): void {
    this.decoder = undefined;
    this.pieces?.stop();
    const { handle } = this;
    this.handle = undefined;
    const read = this.left.shift();
    if (read !== undefined) this.done.push(read.file);
    this.openNext(Promise.resolve(handle?.close()));
  }

  private openNext(before: Promise<void>): void {
    this.opening = true;
    before
      .then(() => this.openFile())
      .then(
        () => {
          this.opening = false;
          this.context.wake();
        },
        (error: unknown) => this.fail(error),
      );
  }

  /** Gives the decoder the next piece, if it has come. */
  private feedNext(decoder: FileDecoder<T>): boolean {
    const piece = this.atEnd ? undefined : this.pieces?.next();
    if (piece === undefined) return false;
    if (piece.length > 0) decoder.feed(piece);
    else this.atEnd = true;
    return !this.atEnd;
  }

  private fail(error: unknown): void {
    this.opening = false;
    if (!this.closed) this.context.fail(error);
  }
}
