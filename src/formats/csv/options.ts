import { ArgumentError } from '../../core/errors.js';
import type { OptionNames } from '../../core/option-names.js';

/**
 * How a csv file is written. Names and defaults are those of Flink's csv format.
 *
 * @see Flink: CSV Format
 */
export interface CsvOptions {
  /** One ASCII character between the fields. Default `,`. */
  readonly fieldDelimiter?: string;
  /** One ASCII character around fields that hold delimiters, quotes or line ends; doubled inside. Default `"`; `null`: no quoting. */
  readonly quoteCharacter?: string | null;
  /** Makes the character after it an ordinary one. Default none. */
  readonly escapeCharacter?: string | null;
  /** This text means NULL; `''` makes empty fields NULL. Default: no text does. */
  readonly nullLiteral?: string | null;
  /** Lines that begin with `#` are comments. Default false. */
  readonly allowComments?: boolean;
  /**
   * Fields that cannot be read become NULL and are counted (`badFields`), rows that cannot are left out and counted
   * (`badRows`). Default false.
   */
  readonly ignoreParseErrors?: boolean;
  /** Between the elements of an ARRAY and the fields of a ROW inside a field. Default `;`. */
  readonly arrayElementDelimiter?: string;
  /**
   * The first line holds the names of the columns. The schema's columns are then found by name, in any order, and
   * columns that the schema does not have are passed over. Default false: no such line, columns by position.
   */
  readonly header?: boolean;
  /** A DECIMAL of 100.00 is written `1E+2`, as Java does, and not `100`. Default true. */
  readonly writeBigDecimalInScientificNotation?: boolean;
}

/** The names of {@link CsvOptions}. */
export const CSV_OPTIONS: OptionNames<CsvOptions> = {
  fieldDelimiter: true,
  quoteCharacter: true,
  escapeCharacter: true,
  nullLiteral: true,
  allowComments: true,
  ignoreParseErrors: true,
  arrayElementDelimiter: true,
  header: true,
  writeBigDecimalInScientificNotation: true,
};

/** The options with all defaults in place, as character codes; -1 is none. */
export interface CsvSettings {
  readonly delimiter: number;
  readonly quote: number;
  readonly escapeCode: number;
  readonly nullLiteral: string | null;
  readonly comments: boolean;
  readonly ignoreParseErrors: boolean;
  readonly elementDelimiter: string;
  readonly header: boolean;
  readonly scientificDecimals: boolean;
}

function character(option: string, value: string): number {
  const code = value.charCodeAt(0);
  if (value.length === 1 && code < 128 && code !== 10 && code !== 13) return code;
  throw new ArgumentError(`csv ${option}: ${JSON.stringify(value)} is not one ASCII character`, {
    hint: 'line ends cannot be delimiters',
  });
}

/** Checks the options and fills in the defaults. */
export function csvSettings(options: CsvOptions): CsvSettings {
  const { quoteCharacter = '"', escapeCharacter = null } = options;
  const settings = {
    delimiter: character('fieldDelimiter', options.fieldDelimiter ?? ','),
    quote: quoteCharacter === null ? -1 : character('quoteCharacter', quoteCharacter),
    escapeCode: escapeCharacter === null ? -1 : character('escapeCharacter', escapeCharacter),
    nullLiteral: options.nullLiteral ?? null,
    comments: options.allowComments ?? false,
    ignoreParseErrors: options.ignoreParseErrors ?? false,
    elementDelimiter: options.arrayElementDelimiter ?? ';',
    header: options.header ?? false,
    scientificDecimals: options.writeBigDecimalInScientificNotation ?? true,
  };
  if (settings.delimiter === settings.quote || settings.delimiter === settings.escapeCode) {
    throw new ArgumentError(
      `csv: ${JSON.stringify(options.fieldDelimiter ?? ',')} cannot be delimiter and quote at once`,
    );
  }
  if (settings.elementDelimiter === '') throw new ArgumentError('csv arrayElementDelimiter: empty');
  return settings;
}
