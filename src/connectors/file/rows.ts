import type { Row } from '../../core/rows/index.js';
import { BATCH_SIZE } from '../../engine/source.js';
import type { BadRow, DecoderPosition, RowDecoder } from '../../formats/index.js';
import type { BatchTiming, FileDecoder } from './source.js';

const NOTHING: readonly Row[] = [];

/** Rows of a format, in batches. */
export class RowFileDecoder implements FileDecoder<Row> {
  private readonly batch: Row[] = [];

  /** @param bad where the decoder puts rows that cannot be read, if they go into a side output */
  constructor(
    private readonly decoder: RowDecoder,
    private readonly bad: BadRow[] = [],
  ) {}

  feed(bytes: Buffer): void {
    this.decoder.feed(bytes);
  }

  end(): void {
    this.decoder.end();
  }

  read(): readonly Row[] {
    // The same array each time: the engine is through with it before it asks again. Emptied, it would have to grow again.
    const { batch } = this;
    const n = this.decoder.read(batch, BATCH_SIZE);
    if (n === 0) return NOTHING;
    batch.length = n;
    return batch;
  }

  get timing(): BatchTiming | undefined {
    const { times, marks } = this.decoder;
    if (times === undefined || marks === undefined || times.length === 0) return undefined;
    return { timestamps: times, marks };
  }

  takeWatermark(): number | undefined {
    return this.decoder.takeWatermark?.();
  }

  takeBad(): readonly BadRow[] {
    return this.bad.splice(0);
  }

  get badRows(): number {
    return this.decoder.badRows;
  }

  position(): DecoderPosition {
    return this.decoder.position();
  }
}
