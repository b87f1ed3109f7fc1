import type { FilePaths } from '../connectors/file/paths.js';
import { RowFileDecoder } from '../connectors/file/rows.js';
import { fileSource } from '../connectors/file/source.js';
import type { OptionNames } from '../core/option-names.js';
import type { Row } from '../core/rows/index.js';
import { OutputTag } from '../engine/channels/output-tag.js';
import type { Source } from '../engine/source.js';
import type { BadRow, DecoderOptions, DecoderPosition, OnBadRow, RowDecoder } from '../formats/index.js';

/** Which columns of a file are read, and what becomes of rows that cannot be. */
export interface FileFormatOptions extends Pick<DecoderOptions, 'columns' | 'onBad' | 'maxRowBytes'> {
  /**
   * `'fail'` (default), `'skip'` (left out and counted), `'side'` (handed to `onBad` and counted), or a tag: read them with
   * `getSideOutput(tag)`; they are counted, too.
   */
  readonly onBadRow?: OnBadRow | OutputTag<BadRow>;
}

/** The names of {@link FileFormatOptions}. */
export const FILE_OPTIONS: OptionNames<FileFormatOptions> = {
  columns: true,
  onBad: true,
  maxRowBytes: true,
  onBadRow: true,
};

/** A source of the rows of files: each file has a decoder of its own, which goes on where a checkpoint left it. */
export function rowFileSource<O extends FileFormatOptions>(
  name: string,
  paths: FilePaths,
  decoderOf: (options: Omit<O, 'onBadRow' | 'onBad'> & DecoderOptions) => RowDecoder,
  { onBadRow, onBad, ...others }: O,
): Source<Row> {
  const tag = onBadRow instanceof OutputTag ? (onBadRow as OutputTag<unknown>) : undefined;
  const make = (file: string, bad: BadRow[], resume?: DecoderPosition): RowDecoder => {
    const told: Pick<DecoderOptions, 'onBadRow' | 'onBad'> =
      onBadRow instanceof OutputTag
        ? { onBadRow: 'side', onBad: (row) => void bad.push(row) }
        : { ...(onBadRow === undefined ? {} : { onBadRow }), ...(onBad === undefined ? {} : { onBad }) };
    const all = { ...others, ...told, source: file, ...(resume === undefined ? {} : { resume }) };
    return decoderOf(all as typeof others & DecoderOptions);
  };
  // A schema or an option that is wrong is refused where the program is written, not when it runs.
  make(name, []);
  return fileSource<Row>(
    name,
    paths,
    (file, resume) => {
      const bad: BadRow[] = [];
      return new RowFileDecoder(make(file, bad, resume as DecoderPosition | undefined), bad);
    },
    { badTag: tag },
  );
}
