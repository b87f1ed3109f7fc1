import { checkWord } from '../../core/arguments.js';
import { ArgumentError } from '../../core/errors.js';
import { checkOptions } from '../../core/option-names.js';
import type { FieldTypes, Schema } from '../../core/types/index.js';
import {
  CSV_OPTIONS,
  type CsvOptions,
  csvEncoder,
  JSON_OPTIONS,
  type JsonOptions,
  jsonEncoder,
} from '../../formats/index.js';
import { printed } from '../print.js';

/** How elements become lines: with a schema as `formats` writes rows, without one as they are. */
export interface LineFormat {
  /** Default `text`. */
  readonly format?: 'text' | 'csv' | 'json';
  /** The columns. `csv` needs it; without one, `json` writes `JSON.stringify(element)`. */
  readonly schema?: Schema | FieldTypes;
  readonly csv?: CsvOptions;
  readonly json?: JsonOptions;
  /** Makes the line oneself, without its end. */
  readonly encode?: (element: never) => string;
  /** What each file begins with, its line end included; beside `encode`. Default: nothing. */
  readonly head?: string;
}

/** One element, one line. */
export interface LineEncoder {
  /** What each file begins with. */
  readonly head: string;
  readonly encode: (element: unknown) => string;
  readonly suffix: string;
}

/** @throws ArgumentError */
export function lineEncoder(options: LineFormat): LineEncoder {
  checkWord('fileSink: format', options.format, ['text', 'csv', 'json']);
  checkOptions('fileSink, csv,', options.csv, CSV_OPTIONS);
  checkOptions('fileSink, json,', options.json, JSON_OPTIONS);
  const { format = 'text', schema, encode, head = '' } = options;
  if (encode !== undefined) {
    return { head, encode: encode as (element: unknown) => string, suffix: suffixOf(format) };
  }
  if (format === 'text') return { head: '', encode: printed, suffix: '.txt' };
  if (format === 'json' && schema === undefined) {
    return { head: '', encode: jsonOf, suffix: '.jsonl' };
  }
  if (schema === undefined) {
    throw new ArgumentError(`a ${format} sink needs the columns`, {
      hint: "{ format: 'csv', schema: { name: type.string(), n: type.bigint() } }",
    });
  }
  if (format === 'csv') {
    const { head, encode: line } = csvEncoder(schema, options.csv);
    return { head, encode: (element) => String(line(element as object)), suffix: '.csv' };
  }
  const { encode: line } = jsonEncoder(schema, options.json);
  return { head: '', encode: (element) => String(line(element as object)), suffix: '.jsonl' };
}

/** As `JSON.stringify`, and large integers with all their digits, as they are in rows of a schema. */
function jsonOf(element: unknown): string {
  try {
    return JSON.stringify(element);
  } catch (error) {
    let large = false;
    const text = JSON.stringify(element, (_name, value) => {
      if (typeof value !== 'bigint') return value;
      large = true;
      return `${LARGE}${value}`;
    });
    if (!large) throw error;
    return text.replace(MARKED, '$1');
  }
}

// A control character stands in JSON as an escape.
const LARGE = '\u0001bigint:';
const MARKED = /"\\u0001bigint:(-?\d+)"/g;

function suffixOf(format: string): string {
  return format === 'csv' ? '.csv' : format === 'json' ? '.jsonl' : '.txt';
}
