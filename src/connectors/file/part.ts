import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isStreambookError, messageOf, StreambookError } from '../../core/errors.js';
import { makeFolder } from '../../core/make-folder.js';

/** Text is handed to the disk in pieces of about this size. */
const PIECE_CHARS = 64 * 1024;

/** Of UTF-8, per unit of a JavaScript text. */
const MOST_BYTES_PER_CHAR = 3;

/** One file that is being written. Calls return at once; what they order is done in their order. */
export class PartFile {
  /** Bytes ordered to be written. */
  length = 0;
  /** Bytes not yet handed over to the system. */
  waiting = 0;
  private text: string[] = [];
  private chars = 0;
  private chain: Promise<void>;
  private handle: FileHandle | undefined;

  /**
   * @param path where it is written
   * @param onChange called when `waiting` has fallen
   * @param onError called with what went wrong, once
   */
  constructor(
    readonly path: string,
    private readonly onChange: () => void,
    private readonly onError: (error: unknown) => void,
  ) {
    this.chain = this.open().catch((error: unknown) => this.failed(error));
    this.chain.catch((error: unknown) => this.onError(error));
  }

  write(line: string): void {
    this.text.push(line, '\n');
    this.chars += line.length + 1;
    if (this.chars >= PIECE_CHARS) this.flush();
  }

  /** Whether there are more bytes than `limit`, also among those that wait for more to be written with. */
  exceeds(limit: number): boolean {
    if (this.length + this.chars * MOST_BYTES_PER_CHAR <= limit) return false;
    this.flush();
    return this.length > limit;
  }

  /** Orders what has gathered to be written. */
  flush(): void {
    if (this.chars === 0) return;
    const bytes = Buffer.from(this.text.join(''));
    this.text = [];
    this.chars = 0;
    this.length += bytes.length;
    this.waiting += bytes.length;
    this.after(async (handle) => {
      await handle.writeFile(bytes);
      this.waiting -= bytes.length;
      this.onChange();
    });
  }

  /** Resolves when everything so far is on disk. */
  sync(): Promise<void> {
    this.flush();
    return this.after((handle) => handle.sync());
  }

  /** Resolves when everything is on disk and the file is closed. */
  end(): Promise<void> {
    this.flush();
    return this.after(async (handle) => {
      await handle.sync();
      this.handle = undefined;
      await handle.close();
    });
  }

  /** Closes it as it is. */
  async abandon(): Promise<void> {
    await this.chain.catch(() => undefined);
    const { handle } = this;
    this.handle = undefined;
    await handle?.close().catch(() => undefined);
  }

  private async open(): Promise<void> {
    makeFolder(dirname(this.path));
    this.handle = await open(this.path, 'wx');
  }

  private failed(cause: unknown): never {
    if (isStreambookError(cause)) throw cause;
    throw new StreambookError('file-not-written', `${this.path} cannot be written: ${messageOf(cause)}`, {
      hint: 'is there room on the disk, and may this process write there?',
      cause,
    });
  }

  private after(action: (handle: FileHandle) => Promise<void>): Promise<void> {
    this.chain = this.chain.then(() => {
      if (this.handle === undefined) throw new Error(`${this.path} is closed`);
      return action(this.handle).catch((error: unknown) => this.failed(error));
    });
    this.chain.catch((error: unknown) => this.onError(error));
    return this.chain;
  }
}
