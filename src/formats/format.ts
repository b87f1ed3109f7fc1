import { StreambookError } from '../core/errors.js';
import type { Row, RowClass } from '../core/rows/index.js';
import type { Marks, RowProgram } from './row-program.js';

/**
 * Where a decoder stands, after the last row it gave out: what a checkpoint keeps. Plain data.
 *
 * Read the input again from byte `position` and hand this to the new decoder as `resume`.
 */
export interface DecoderPosition {
  /** Bytes from the beginning of the input. */
  readonly position: number;
  /** Lines before that position. */
  readonly line: number;
  /** Rows and fields left out so far. */
  readonly badRows: number;
  readonly badFields: number;
  /** csv with a header: the names it gave. */
  readonly header?: readonly string[];
}

/** A row that could not be read. */
export interface BadRow {
  /** The input's name, as given to the decoder. */
  readonly source: string;
  /** From 1. A row of several lines has its first. */
  readonly line: number;
  /** Where the row begins, in bytes from the beginning of the input. */
  readonly position: number;
  /** The column that does not fit, when it is one column. */
  readonly column?: string;
  /** What is wrong, in words. */
  readonly reason: string;
  /** The row as it stands in the input, without its line end. */
  readonly text: string;
}

/**
 * What becomes of a row that cannot be read: `'fail'` (default) throws `BadRowError`, `'skip'` leaves it out and counts
 * it (`badRows`), `'side'` hands it to `onBad` and counts it. It never just vanishes.
 */
export type OnBadRow = 'fail' | 'skip' | 'side';

/** What all decoders take. */
export interface DecoderOptions {
  /** The input's name for messages: a path, a topic. Default `input`. */
  readonly source?: string;
  /** Only these columns are read; rows have them in this order. Default: all of the schema. */
  readonly columns?: readonly string[];
  /** Goes on where another decoder stood. The next byte fed is the one at `resume.position`. */
  readonly resume?: DecoderPosition;
  readonly onBadRow?: OnBadRow;
  /** Receives the bad rows for `onBadRow: 'side'`. */
  readonly onBad?: (bad: BadRow) => void;
  /** What a `BadRowError` says that can be done about it; default: `onBadRow`. */
  readonly badRowHint?: string;
  /**
   * What is made of the columns instead of rows of them (csv only).
   *
   * @internal
   */
  readonly program?: RowProgram;
  /**
   * From so many bytes at once on an index is made of where the fields are (csv only). Default 16 KiB.
   *
   * @internal
   */
  readonly indexFromBytes?: number;
  /** A row longer than this ends the job: there is surely something wrong with it. Default 16 MiB. */
  readonly maxRowBytes?: number;
}

/**
 * Turns a stream of bytes into rows, in whatever pieces the bytes come.
 *
 * @example
 *   decoder.feed(chunk);
 *   while ((n = decoder.read(rows, 1000)) > 0) for (let i = 0; i < n; i++) use(rows[i]);
 */
export interface RowDecoder {
  /** The class of the rows. */
  readonly rowClass: RowClass;
  /** Takes the next bytes, and copies them: the caller may use its buffer again at once. */
  feed(bytes: Uint8Array): void;
  /** No more bytes come: what is left without a line end is a row too. */
  end(): void;
  /**
   * Writes up to `max` rows to `out`, from index 0; what else is in `out` stays. What is raised for a bad row is raised
   * after the rows before it were given out.
   *
   * @returns how many; fewer than `max` when the bytes so far are used up (then feed more)
   */
  read(out: Row[], max: number): number;
  /**
   * With a program whose rows have times: theirs, one each.
   *
   * @internal
   */
  readonly times?: readonly number[];
  /**
   * Watermarks between the rows of the last `read`.
   *
   * @internal
   */
  readonly marks?: Marks;
  /**
   * The watermark after the rows of the last `read`, if it rose behind the last of them.
   *
   * @internal
   */
  takeWatermark?(): number | undefined;
  /** Where the rows given out so far end. */
  position(): DecoderPosition;
  /** Rows left out so far (`onBadRow`). */
  readonly badRows: number;
  /** Fields set to NULL so far (`ignoreParseErrors`). */
  readonly badFields: number;
}

/** Turns messages into rows: one message, one row. */
export interface MessageDecoder {
  readonly rowClass: RowClass;
  /**
   * @param where for messages: ``topic `orders`, partition 0, offset 12``
   * @returns `undefined` when the message was left out (`onBadRow`, `ignoreParseErrors`)
   */
  decode(bytes: Uint8Array, where?: string): Row | undefined;
  readonly badRows: number;
  readonly badFields: number;
}

/** Turns rows into text, or bytes. */
export interface RowEncoder {
  /** What comes before the first row of a file (csv's header line), with its line end; empty for nothing. */
  readonly head: string;
  /** What ends a row in a file. A message goes without. */
  readonly lineEnd: string;
  /** A row (or any object with the schema's columns, holding the engine's values), without line end. */
  encode(row: object): string | Uint8Array;
}

/** Raised for a row that cannot be read: file, line, column, reason and the row itself. */
export class BadRowError extends StreambookError {
  readonly bad: BadRow;

  constructor(bad: BadRow, cause?: unknown, hint?: string) {
    const column = bad.column === undefined ? '' : `, column \`${bad.column}\``;
    const text = bad.text.length > 300 ? `${bad.text.slice(0, 300)}... (${bad.text.length} characters)` : bad.text;
    super('bad-row', `${bad.reason}\n  ${text}`, {
      where: `${bad.source}, line ${bad.line}${column}`,
      hint: hint ?? "onBadRow: 'skip' leaves such rows out and counts them, 'side' hands them to a side output",
      ...(cause === undefined ? {} : { cause }),
    });
    this.bad = bad;
  }
}

/** Raised for a row that does not end within `maxRowBytes`. */
export class RowTooLongError extends StreambookError {
  constructor(source: string, line: number, bytes: number, quoted: boolean) {
    super('row-too-long', `a row does not end within ${bytes} bytes`, {
      where: `${source}, line ${line}`,
      hint: quoted
        ? 'is a closing quote missing? Otherwise raise maxRowBytes'
        : 'is this really a text file with one row per line? Otherwise raise maxRowBytes',
    });
  }
}
