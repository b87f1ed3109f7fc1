import { ArgumentError } from '../../core/errors.js';
import type { Row } from '../../core/rows/index.js';
import { type AnyType, type FieldTypes, type Schema, schemaOf } from '../../core/types/index.js';
import type { RowEncoder } from '../format.js';
import { toText } from '../to-text.js';
import { type CsvOptions, csvSettings } from './options.js';

/**
 * Makes an encoder of csv. Fields are quoted where reading them back needs it. NULL is written as the null literal, or
 * as nothing; then it reads back as an empty string, and `nullLiteral` should be set.
 *
 * @see Flink: CSV Format
 */
export function csvEncoder(
  fields: Schema | FieldTypes,
  options: CsvOptions = {},
): RowEncoder & { encode(row: object): string } {
  const schema = schemaOf(fields as FieldTypes);
  const settings = csvSettings(options);
  const delimiter = String.fromCharCode(settings.delimiter);
  const quote = settings.quote < 0 ? undefined : String.fromCharCode(settings.quote);
  const escapeText = settings.escapeCode < 0 ? undefined : String.fromCharCode(settings.escapeCode);
  const special = new Set([
    delimiter,
    '\n',
    '\r',
    ...(quote === undefined ? [] : [quote]),
    ...(escapeText ? [escapeText] : []),
  ]);
  const nullText = settings.nullLiteral ?? '';

  const field = (text: string, first: boolean): string => {
    let plain = !(first && settings.comments && text.startsWith('#'));
    for (let i = 0; plain && i < text.length; i++) if (special.has(text[i] as string)) plain = false;
    if (plain) return text;
    if (quote === undefined) {
      throw new ArgumentError(`csv: ${JSON.stringify(text)} holds a delimiter or line end, and quoting is off`);
    }
    const escaped = escapeText === undefined ? text : text.replaceAll(escapeText, escapeText + escapeText);
    return quote + escaped.replaceAll(quote, quote + quote) + quote;
  };
  const writers = schema.fields.map(({ type }) => toText(type as AnyType, settings.elementDelimiter));
  return {
    head: settings.header ? `${schema.names.map((name, i) => field(name, i === 0)).join(delimiter)}\n` : '',
    lineEnd: '\n',
    encode(row: object): string {
      let line = '';
      for (let i = 0; i < writers.length; i++) {
        const value = (row as Row)[schema.names[i] as string];
        if (i > 0) line += delimiter;
        line +=
          value === null || value === undefined
            ? nullText
            : field((writers[i] as (v: unknown) => string)(value), i === 0);
      }
      // A row of one empty field would be an empty line.
      return line === '' && quote !== undefined ? quote + quote : line;
    },
  };
}
