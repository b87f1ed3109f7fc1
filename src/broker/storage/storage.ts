/** A file that only grows at its end (or is cut there): a log segment. Positions and sizes are bytes. */
export interface LogFile {
  /** Bytes whose write has completed. */
  readonly size: number;
  /**
   * Writes the chunks one after the other at the end. Resolves when the operating system has them (the page cache,
   * not the platter: see `sync`). After a failure nothing counts as written, though the file may hold a torn tail:
   * the next append overwrites it.
   */
  append(chunks: readonly Uint8Array[]): Promise<void>;
  /** Fills `target` from `position` on; resolves to how many bytes there were, fewer than asked only at the end. */
  read(target: Uint8Array, position: number): Promise<number>;
  /** Cuts the file to `size` bytes. */
  truncate(size: number): Promise<void>;
  /** Forces what was written to the disk itself. */
  sync(): Promise<void>;
  /** Gives the handle back. A later call opens it again. Resolves when no operation is under way any more. */
  close(): Promise<void>;
  /** Deletes the file once nobody reads it any more. Every later call fails. */
  remove(): Promise<void>;
}

/** An entry of a folder. */
export interface StorageEntry {
  readonly name: string;
  readonly folder: boolean;
}

/**
 * Where a broker keeps its data: a folder of a disk, or memory. Paths are relative to it, with `/` between names.
 * What happens at start and in rare moments is synchronous; reads and writes of logs are not.
 */
export interface Storage {
  /** The folder of the disk; undefined in memory. */
  readonly folder: string | undefined;
  /** The log file at `path`, created empty when there is none. */
  file(path: string): LogFile;
  /** The whole of a small file; undefined when there is none. */
  readWhole(path: string): Buffer | undefined;
  /** Puts `data` in place of the file, so that a reader finds the old or the new content, never a mixture. */
  replace(path: string, data: Uint8Array | string, options?: { readonly sync?: boolean }): Promise<void>;
  /** What lies in a folder; empty when there is none. */
  list(path: string): StorageEntry[];
  makeFolder(path: string): void;
  /** Makes a folder with nothing in it, whatever was there before. The folder around it must be there. */
  newFolder(path: string): Promise<void>;
  /** Forces names to the disk: what was created, renamed or removed in the folder at `path` stays so when the power fails. */
  syncFolder(path: string): Promise<void>;
  /** Renames a file or folder. Handles on files in it must have been closed. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or a folder with all in it; nothing happens when there is none. */
  remove(path: string): Promise<void>;
  /** Gives all handles back. */
  close(): Promise<void>;
}
