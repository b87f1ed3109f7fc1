/** What is done with an option. */
export type OptionState =
  /** It does what Flink's page says. */
  | 'honoured'
  /** It is known, and giving it is an error that says why. */
  | 'refused'
  /** It is not Flink's. */
  | 'own';

/** An option that a WITH clause may hold. */
export interface OptionEntry {
  /** As it is written; a `#` stands for a column's name. */
  readonly key: string;
  /** What holds without it, as Flink writes it; absent: nothing. */
  readonly usual?: string;
  readonly state: OptionState;
  /** How it differs from Flink's, why it is refused, what it does if it is our own. */
  readonly note: string;
}

/** The options of a connector or a format: what its code reads, and what its page shows. */
export interface OptionList {
  /** `kafka`, `csv`, ... */
  readonly name: string;
  readonly entries: readonly OptionEntry[];
}

/** An option that does what Flink's does. */
export function honoured(key: string, usual?: string, note = ''): OptionEntry {
  return { key, ...(usual === undefined ? {} : { usual }), state: 'honoured', note };
}

/** An option of Flink's that is not carried out here. @param why a sentence without its end: `Hive has no tables here` */
export function refused(key: string, usual: string | undefined, why: string): OptionEntry {
  return { key, ...(usual === undefined ? {} : { usual }), state: 'refused', note: why };
}

/** An option that Flink does not have. */
export function own(key: string, usual: string | undefined, what: string): OptionEntry {
  return { key, ...(usual === undefined ? {} : { usual }), state: 'own', note: what };
}

/** What all sources take that make watermarks where rows are read. @see Flink: Watermark options of table hints */
export const WATERMARK_OPTIONS: readonly OptionEntry[] = [
  honoured(
    'scan.watermark.emit.strategy',
    'on-periodic',
    'with watermarks after each row (the default here) both are the same',
  ),
  honoured('scan.watermark.idle-timeout'),
  honoured('scan.watermark.alignment.group'),
  honoured('scan.watermark.alignment.max-drift'),
  refused('scan.watermark.alignment.update-interval', '1 s', 'sources see each other at once, in one process'),
];

/** What becomes of rows that cannot be read, beside the formats' `ignore-parse-errors`. */
export const BAD_ROWS_OPTION = own(
  'bad-rows',
  undefined,
  'a table that rows go to which cannot be read; see [bad rows](#rows-that-cannot-be-read)',
);

/** The format's options, under what stands before them: `csv.`, `value.csv.`. */
export function withPrefix(list: OptionList, prefix: string): OptionEntry[] {
  return list.entries.map((entry) => ({ ...entry, key: `${prefix}${entry.key}` }));
}
