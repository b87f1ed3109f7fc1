import { crc32c } from '../../wire/crc32c.js';
import type { RecordBatch } from '../../wire/record-batch.js';
import type { LogFile, Storage } from '../storage/storage.js';
import { scanBatches } from './scan.js';
import { SparseIndex } from './sparse-index.js';

/** Enough for the batches between two index entries, unless they are large. */
const LOOKUP_BYTES = 16 * 1024;

/** The two indexes of a segment. Both can be made again from the segment itself. */
export interface SegmentIndexes {
  /** Base offset of a batch -> position in the segment. An entry about every `index.interval.bytes`. */
  readonly offsets: SparseIndex;
  /** Largest timestamp so far -> base offset of the batch that brought it. */
  readonly times: SparseIndex;
}

/**
 * One file of a partition's log, named after the first offset that it may hold, and its indexes. Only the last segment
 * of a log, the active one, is written to.
 */
export class Segment {
  readonly file: LogFile;
  /** Bytes that readers may see. */
  size: number;
  /** The largest timestamp in it, and the base offset of the batch that has it. Undefined until the indexes are loaded. */
  maxTimestamp: number | undefined;
  maxTimestampOffset: number;
  /** The largest timestamp of the first batch, from which `segment.ms` counts. */
  firstTimestamp: number | undefined;
  indexes: SegmentIndexes | undefined;
  /** Whether its name has been forced to the disk since it was opened or made. */
  nameForced = false;
  private bytesSinceEntry = 0;
  private loading: Promise<SegmentIndexes> | undefined;

  /**
   * @param path without ending: `novel-0/00000000000000000000`
   * @param indexIntervalBytes bytes of batches between two entries of the indexes
   */
  constructor(
    private readonly storage: Storage,
    readonly path: string,
    readonly baseOffset: number,
    private readonly indexIntervalBytes: number,
    /** When it was last written to, or opened; ms since 1970, by the broker's clock. */
    public writtenAt: number,
    /** How often it has been compacted. */
    readonly generation: number = 0,
  ) {
    this.file = storage.file(`${path}.log`);
    this.size = this.file.size;
    this.maxTimestampOffset = baseOffset;
    if (this.size === 0) this.startEmpty();
  }

  private startEmpty(): void {
    this.indexes = { offsets: new SparseIndex(), times: new SparseIndex(this.baseOffset) };
    this.maxTimestamp = -1;
  }

  /** The indexes, from memory, else from their files, else from the segment. */
  load(): Promise<SegmentIndexes> {
    if (this.indexes !== undefined) return Promise.resolve(this.indexes);
    this.loading ??= this.read().finally(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  private async read(): Promise<SegmentIndexes> {
    const offsets = this.readIndex('index');
    const times = this.readIndex('timeindex');
    if (offsets?.isSound(0, this.size) && times !== undefined && times.count > 0) {
      this.indexes = { offsets, times };
      this.maxTimestamp = times.keyAt(times.count - 1);
      this.maxTimestampOffset = times.valueAt(times.count - 1);
      // The files may be older than the last batches: the entries of those are made again.
      const last = offsets.count - 1;
      const from = last < 0 ? 0 : offsets.valueAt(last);
      await this.index(from);
      return this.indexes;
    }
    this.startEmpty();
    await this.index(0);
    return this.indexes!;
  }

  private async index(from: number): Promise<void> {
    await scanBatches(this.file, { from, to: this.size, whole: false }, (batch, position) =>
      this.note(batch, position),
    );
  }

  private readIndex(ending: string): SparseIndex | undefined {
    const bytes = this.storage.readWhole(`${this.path}.${ending}`);
    if (bytes === undefined || bytes.length < 4 || (bytes.length - 4) % 12 !== 0) return undefined;
    const content = bytes.subarray(4);
    if (bytes.readUInt32BE(0) !== crc32c(content)) return undefined;
    return new SparseIndex(ending === 'index' ? 0 : this.baseOffset, content);
  }

  /** Enters a batch into the indexes. They must be loaded. */
  note(batch: RecordBatch, position: number): void {
    const { offsets, times } = this.indexes!;
    const timestamp = batch.maxTimestamp;
    if (timestamp > this.maxTimestamp!) {
      this.maxTimestamp = timestamp;
      this.maxTimestampOffset = batch.baseOffset;
    }
    if (position === 0) this.firstTimestamp = timestamp;
    if (this.bytesSinceEntry >= this.indexIntervalBytes) {
      offsets.add(batch.baseOffset, position);
      this.noteTime(times);
      this.bytesSinceEntry = 0;
    }
    this.bytesSinceEntry += batch.byteLength;
  }

  private noteTime(times: SparseIndex): void {
    if (this.maxTimestamp! >= 0) times.add(this.maxTimestamp!, this.maxTimestampOffset);
  }

  /** What the index files shall hold now. A function, so that the state is taken at once and written later. */
  indexWriter(): (() => Promise<void>) | undefined {
    if (this.indexes === undefined) return undefined;
    const { offsets, times } = this.indexes;
    this.noteTime(times);
    const contents = [withChecksum(offsets.content()), withChecksum(times.content())] as const;
    return async () => {
      await this.storage.replace(`${this.path}.index`, contents[0], { sync: false });
      await this.storage.replace(`${this.path}.timeindex`, contents[1], { sync: false });
    };
  }

  /** Forgets the indexes of a segment that is not written to any more; the next reader loads them again. */
  unload(): void {
    this.indexes = undefined;
    this.bytesSinceEntry = 0;
  }

  /** Cuts the segment, after damage or a failed write. */
  async truncate(size: number): Promise<void> {
    if (this.file.size !== size) await this.file.truncate(size);
    if (size < this.size) this.unload();
    this.size = size;
    if (size === 0) this.startEmpty();
  }

  async remove(): Promise<void> {
    await this.file.remove();
    await this.storage.remove(`${this.path}.index`);
    await this.storage.remove(`${this.path}.timeindex`);
  }

  /**
   * The position of the first batch that holds `offset` or a later one; the segment's visible size when there is none.
   * Compaction leaves gaps, so the batch found may begin after `offset`.
   */
  async positionOf(offset: number): Promise<number> {
    const from = await this.floorPosition(offset);
    const options = { from, to: this.size, whole: false, chunkBytes: LOOKUP_BYTES };
    return scanBatches(this.file, options, (batch) => batch.lastOffset < offset);
  }

  /** A position at or before the batch that holds `offset`, by the index alone. */
  async floorPosition(offset: number): Promise<number> {
    const { offsets } = this.indexes ?? (await this.load());
    const entry = offsets.floor(offset);
    return entry < 0 ? 0 : offsets.valueAt(entry);
  }
}

function withChecksum(content: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(content.length + 4);
  bytes.writeUInt32BE(crc32c(content), 0);
  content.copy(bytes, 4);
  return bytes;
}

/** The name of the segment that begins at `offset`, without ending: 20 digits, as Kafka has it. */
export function segmentName(offset: number): string {
  return String(offset).padStart(20, '0');
}
