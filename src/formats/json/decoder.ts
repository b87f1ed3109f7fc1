import { isAscii } from 'node:buffer';
import { messageOf } from '../../core/errors.js';
import { columnAccess, type Row, type RowClass, rowClassOf } from '../../core/rows/index.js';
import { type AnyType, type Field, type FieldTypes, type Schema, schemaOf } from '../../core/types/index.js';
import { BadRows, type Problem, quoted } from '../bad.js';
import { Chunks } from '../chunks.js';
import type { DecoderOptions, DecoderPosition, MessageDecoder, RowDecoder } from '../format.js';
import { mayRound, parseExactly, stringifyExactly } from './exact.js';
import { type FromJson, fromJson, NEEDS_EXACT } from './from-json.js';
import { type JsonOptions, jsonSettings } from './options.js';

/**
 * Makes a decoder of json lines: one object a line, to rows of `rowClassOf(schema)` (or of the `columns` used). Fields
 * are found by name, others are passed over. Integers beyond 2^53 and long decimals are kept exactly. Empty lines are
 * passed over.
 *
 * @example
 *   const decoder = jsonDecoder({ name: type.string(), amount: type.bigint() }, { source: 'tx.jsonl' });
 * @see Flink: JSON Format
 */
export function jsonDecoder(fields: Schema | FieldTypes, options: JsonOptions & DecoderOptions = {}): RowDecoder {
  return new JsonDecoder(schemaOf(fields as FieldTypes), options);
}

/** Makes a decoder of messages that are one json object each, on one line or several. */
export function jsonMessageDecoder(
  fields: Schema | FieldTypes,
  options: JsonOptions & DecoderOptions = {},
): MessageDecoder {
  const decoder = new JsonDecoder(schemaOf(fields as FieldTypes), options);
  return {
    rowClass: decoder.rowClass,
    decode: (bytes, where) => decoder.decodeMessage(bytes, where),
    get badRows() {
      return decoder.badRows;
    },
    get badFields() {
      return decoder.badFields;
    },
  };
}

// What is known of the numbers in a line: nothing yet, that doubles hold them all, that long ones are marked strings.
const UNKNOWN = 0;
const EXACT = 1;
const MARKED = 2;

type Convert = (object: object, numbers: 0 | 1 | 2) => Row;

/** What is wrong with a row; thrown, because it is rare. */
class RowProblem {
  constructor(readonly problem: Problem) {}
}

function asObject(parsed: unknown): object {
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw new RowProblem({ reason: `not a json object but ${quoted(stringifyExactly(parsed))}` });
}

class JsonDecoder implements RowDecoder {
  readonly rowClass: RowClass;
  private readonly chunks: Chunks;
  private readonly bad: BadRows;
  private readonly convert: Convert;
  private readonly checkFirst: boolean;
  private ascii = true;
  private where: string | undefined;

  constructor(schema: Schema, options: JsonOptions & DecoderOptions) {
    const settings = jsonSettings(options);
    const used = options.columns === undefined ? schema : schema.project(options.columns);
    this.chunks = new Chunks(options.source ?? 'input', options);
    this.bad = new BadRows(options, settings.ignoreParseErrors);
    this.rowClass = rowClassOf(used);
    this.checkFirst = used.fields.some((field) => String(field.type).includes('DECIMAL'));
    this.convert = this.generate(used, settings);
  }

  get badRows(): number {
    return this.bad.rows;
  }
  get badFields(): number {
    return this.bad.fields;
  }

  feed(bytes: Uint8Array): void {
    this.chunks.feed(bytes);
    this.look();
  }
  end(): void {
    this.chunks.finish();
    this.look();
  }

  private look(): void {
    this.ascii = isAscii(this.chunks.bytes.subarray(this.chunks.at, this.chunks.end));
  }

  position(): DecoderPosition {
    const { chunks, bad } = this;
    return {
      position: chunks.positionOf(chunks.at),
      line: chunks.line,
      badRows: bad.rows,
      badFields: bad.fields,
    };
  }

  read(out: Row[], max: number): number {
    const { chunks } = this;
    let n = 0;
    while (chunks.at < chunks.end && n < max) {
      const { at } = chunks;
      const lineEnd = chunks.text.indexOf('\n', at);
      const line = this.ascii ? chunks.text.slice(at, lineEnd) : chunks.utf8(at, lineEnd);
      const row = this.row(line, lineEnd + 1);
      chunks.at = lineEnd + 1;
      chunks.line++;
      if (row !== undefined) out[n++] = row;
    }
    return n;
  }

  decodeMessage(bytes: Uint8Array, where: string | undefined): Row | undefined {
    this.where = where;
    this.chunks.load(bytes);
    const { at, end } = this.chunks;
    return this.row(this.chunks.utf8(at, end), end);
  }

  private row(text: string, next: number): Row | undefined {
    try {
      if (!this.checkFirst) return this.convert(asObject(JSON.parse(text)), UNKNOWN);
      return this.exactly(text);
    } catch (error) {
      return this.recover(text, next, error);
    }
  }

  private exactly(text: string): Row {
    return mayRound(text)
      ? this.convert(asObject(parseExactly(text)), MARKED)
      : this.convert(asObject(JSON.parse(text)), EXACT);
  }

  private recover(text: string, next: number, error: unknown): Row | undefined {
    if (text.trim() === '') return undefined;
    let problem = error;
    if (error === NEEDS_EXACT) {
      try {
        return this.exactly(text);
      } catch (again) {
        problem = again;
      }
    }
    if (problem instanceof SyntaxError) this.refuse(next, { reason: `no json: ${messageOf(problem)}`, cause: problem });
    else if (problem instanceof RowProblem) this.refuse(next, problem.problem);
    else throw problem;
    return undefined;
  }

  private refuse(next: number, problem: Problem): void {
    this.bad.add(this.chunks, next, problem, this.where);
  }

  /** One function for all columns: the usual JavaScript type of each is checked in line, all else goes to its reader. */
  private generate(used: Schema, settings: Required<JsonOptions>): Convert {
    const readers = used.fields.map((field) => this.reader(field, settings));
    const lines = used.fields.map(({ name, type }, i) => {
      // A field that every object inherits (`constructor`) must not be taken for one of the row's.
      const get =
        name in Object.prototype
          ? `Object.hasOwn(o, ${JSON.stringify(name)}) ? ${columnAccess('o', name)} : undefined`
          : columnAccess('o', name);
      return `let v${i} = ${get}; if (!(${plainCheck(type, i)})) v${i} = R[${i}](v${i}, numbers !== 0);`;
    });
    const values = used.fields.map((_, i) => `v${i}`).join(', ');
    const text = `'use strict';\nreturn function fromObject(o, numbers) {\n${lines.join('\n')}\nreturn new Row(${values});\n};`;
    return new Function('Row', 'R', text)(this.rowClass, readers) as Convert;
  }

  private reader({ name, type }: Field, settings: Required<JsonOptions>): FromJson {
    const read = fromJson(type);
    const nullable = type.nullability === 'nullable';
    const { failOnMissingField, ignoreParseErrors } = settings;
    return (value, exact) => {
      let reason: string;
      if (value === undefined && failOnMissingField) reason = `the field \`${name}\` is missing`;
      else if (value === undefined || value === null) {
        if (nullable) return null;
        reason = `NULL in a column of ${type}`;
      } else {
        const made = read(value, exact);
        if (made !== undefined) return made;
        if (ignoreParseErrors && nullable) {
          this.bad.fields++;
          return null;
        }
        reason = `${quoted(stringifyExactly(value))} is no ${type.nullable()}`;
      }
      throw new RowProblem({ reason, column: name });
    };
  }
}

/** An expression that is true for values that can be taken as they are. */
function plainCheck(type: AnyType, i: number): string {
  const v = `v${i}`;
  switch (type.root) {
    case 'CHAR':
    case 'VARCHAR':
      // Marked numbers are strings, too, but only in an exact parse.
      return `typeof ${v} === 'string' && numbers !== 2`;
    case 'BOOLEAN':
      return `${v} === true || ${v} === false`;
    case 'INT':
      return `(${v} | 0) === ${v} && ${v} !== 0`;
    case 'BIGINT':
      return `Number.isSafeInteger(${v}) && ${v} !== 0`;
    case 'DOUBLE':
      return `typeof ${v} === 'number'`;
    default:
      return 'false';
  }
}
