import { StreambookError } from '../errors.js';
import { type AnyType, type Field, MAX_LENGTH } from './logical.js';
import { type } from './make.js';
import { Schema } from './schema.js';

/** Raised when the text of a type cannot be read. */
export class TypeSyntaxError extends StreambookError {
  constructor(text: string, offset: number, expected: string) {
    super('type-syntax', `cannot read the type: expected ${expected}\n  ${text}\n  ${' '.repeat(offset)}^`);
  }
}

type Token = { kind: 'name' | 'quoted' | 'string' | 'number' | 'sign' | 'end'; text: string; at: number };

const TOKEN = /\s*(?:`((?:[^`]|``)+)`|'((?:[^']|'')*)'|(\d+)|([\p{L}_][\p{L}\p{N}_$]*)|([<>(),]))/uy;

class Reader {
  private at = 0;
  private next: Token;
  constructor(private readonly text: string) {
    this.next = this.scan();
  }
  private scan(): Token {
    TOKEN.lastIndex = this.at;
    const found = TOKEN.exec(this.text);
    if (found === null) {
      const rest = this.text.slice(this.at).trimStart();
      const at = this.text.length - rest.length;
      if (rest !== '') throw new TypeSyntaxError(this.text, at, 'a type');
      return { kind: 'end', text: '', at };
    }
    this.at = TOKEN.lastIndex;
    const [all, quoted, string, number, name, sign] = found;
    const at = found.index + all.length - all.trimStart().length;
    if (quoted !== undefined) return { kind: 'quoted', text: quoted.replaceAll('``', '`'), at };
    if (string !== undefined) return { kind: 'string', text: string.replaceAll("''", "'"), at };
    if (number !== undefined) return { kind: 'number', text: number, at };
    if (name !== undefined) return { kind: 'name', text: name, at };
    return { kind: 'sign', text: sign as string, at };
  }
  fail(expected: string): never {
    throw new TypeSyntaxError(this.text, this.next.at, expected);
  }
  take(kind: Token['kind'], expected: string): string {
    if (this.next.kind !== kind) this.fail(expected);
    const { text } = this.next;
    this.next = this.scan();
    return text;
  }
  /** Takes the word or sign if it comes next. */
  has(text: string): boolean {
    const { kind } = this.next;
    if ((kind !== 'sign' && kind !== 'name') || this.next.text.toUpperCase() !== text) return false;
    this.next = this.scan();
    return true;
  }
  expect(text: string): void {
    if (!this.has(text)) this.fail(`\`${text}\``);
  }
  peek(kind: Token['kind']): boolean {
    return this.next.kind === kind;
  }
}

function numbers(reader: Reader): number[] {
  const list: number[] = [];
  if (!reader.has('(')) return list;
  do list.push(Number(reader.take('number', 'a number')));
  while (reader.has(','));
  reader.expect(')');
  return list;
}

function fields(reader: Reader, close: string): Field[] {
  const list: Field[] = [];
  if (reader.has(close)) return list;
  do {
    const name = reader.peek('quoted') ? reader.take('quoted', '') : reader.take('name', 'the name of a field');
    const field = { name, type: one(reader) };
    list.push(reader.peek('string') ? { ...field, description: reader.take('string', '') } : field);
  } while (reader.has(','));
  reader.expect(close);
  return list;
}

function interval(reader: Reader): AnyType {
  const part = (): string => {
    const unit = reader.take('name', 'a unit such as DAY').toUpperCase();
    const [precision] = numbers(reader);
    return precision === undefined ? unit : `${unit}(${precision})`;
  };
  const from = part();
  const resolution = reader.has('TO') ? `${from} TO ${part()}` : from;
  return (/^(YEAR|MONTH)/.test(resolution) ? type.intervalYearMonth : type.intervalDayTime)(resolution) as AnyType;
}

function timeType(reader: Reader, word: 'TIME' | 'TIMESTAMP'): AnyType {
  const precision = numbers(reader)[0];
  let local = false;
  if (reader.has('WITH')) {
    reader.expect('LOCAL');
    local = true;
    reader.expect('TIME');
    reader.expect('ZONE');
  } else if (reader.has('WITHOUT')) {
    reader.expect('TIME');
    reader.expect('ZONE');
  }
  if (word === 'TIME') return type.time(precision) as AnyType;
  return (local ? type.timestampLtz(precision) : type.timestamp(precision)) as AnyType;
}

function bare(reader: Reader): AnyType {
  const word = reader.take('name', 'the name of a type').toUpperCase();
  const element = (): AnyType => {
    reader.expect('<');
    const inner = one(reader);
    reader.expect('>');
    return inner;
  };
  switch (word) {
    case 'CHAR':
      return type.char(...(numbers(reader) as [number?]));
    case 'VARCHAR':
      return type.varchar(...(numbers(reader) as [number?]));
    case 'STRING':
      return type.string();
    case 'BOOLEAN':
      return type.boolean();
    case 'BINARY':
      return type.binary(...(numbers(reader) as [number?]));
    case 'VARBINARY':
      return type.varbinary(...(numbers(reader) as [number?]));
    case 'BYTES':
      return type.varbinary(MAX_LENGTH);
    case 'DECIMAL':
    case 'DEC':
    case 'NUMERIC':
      return type.decimal(...(numbers(reader) as [number?, number?]));
    case 'TINYINT':
      return type.tinyint();
    case 'SMALLINT':
      return type.smallint();
    case 'INT':
    case 'INTEGER':
      return type.int();
    case 'BIGINT':
      return type.bigint();
    case 'FLOAT':
      return type.float();
    case 'DOUBLE':
      reader.has('PRECISION');
      return type.double();
    case 'DATE':
      return type.date();
    case 'TIME':
    case 'TIMESTAMP':
      return timeType(reader, word);
    case 'TIMESTAMP_LTZ':
      return type.timestampLtz(numbers(reader)[0]) as AnyType;
    case 'INTERVAL':
      return interval(reader);
    case 'ARRAY':
      return type.array(element()) as AnyType;
    case 'MULTISET':
      return type.multiset(element()) as AnyType;
    case 'MAP': {
      reader.expect('<');
      const key = one(reader);
      reader.expect(',');
      const value = one(reader);
      reader.expect('>');
      return type.map(key, value) as AnyType;
    }
    case 'ROW':
      if (reader.has('(')) return type.row(fields(reader, ')')) as AnyType;
      reader.expect('<');
      return type.row(fields(reader, '>')) as AnyType;
    case 'STRUCTURED': {
      reader.expect('<');
      const name = reader.take('string', 'the name of the class');
      reader.expect(',');
      return type.structured(name, fields(reader, '>'));
    }
    case 'RAW': {
      reader.expect('(');
      const name = reader.take('string', 'the name of the class');
      reader.expect(',');
      const serialiser = reader.take('string', 'the serialiser');
      reader.expect(')');
      return type.raw(name, serialiser);
    }
    case 'NULL':
      return type.null();
    default:
      return reader.fail(`a type, and not \`${word}\`, before this`);
  }
}

function one(reader: Reader): AnyType {
  let made = bare(reader);
  for (;;) {
    if (reader.has('NOT')) {
      reader.expect('NULL');
      made = made.notNull() as AnyType;
    } else if (reader.has('NULL')) {
      made = made.nullable() as AnyType;
    } else if (reader.has('ARRAY')) {
      made = type.array(made) as AnyType;
    } else if (reader.has('MULTISET')) {
      made = type.multiset(made) as AnyType;
    } else return made;
  }
}

/**
 * Reads a type as Flink SQL writes it, with its synonyms (`INTEGER`, `NUMERIC`, `TIMESTAMP(3) WITH LOCAL TIME ZONE`,
 * `INT ARRAY`). Throws `TypeSyntaxError`.
 *
 * @example parseType('DECIMAL(10, 2) NOT NULL')
 * @see Flink: Data Types
 */
export function parseType(text: string): AnyType {
  const reader = new Reader(text);
  const made = one(reader);
  if (!reader.peek('end')) reader.fail('nothing more');
  return made;
}

/** Reads a schema as `String(schema)` writes it: ``(`a` INT, `b` STRING NOT NULL)``. */
export function parseSchema(text: string): Schema {
  const reader = new Reader(text);
  reader.expect('(');
  const list = fields(reader, ')');
  if (!reader.peek('end')) reader.fail('nothing more');
  return new Schema(list);
}
