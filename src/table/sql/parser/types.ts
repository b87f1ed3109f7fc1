import type { CollectionType, DataType, RowTypeField } from '../ast/index.js';
import { spanTo } from '../ast/span.js';
import type { Token } from '../lexer/token.js';
import type { Cursor } from './cursor.js';
import { plainText, text, wholeNumber } from './literals.js';
import { identifier, name } from './names.js';

type TypeName = DataType['type'];

/** `NULL` is true, `NOT NULL` false, nothing undefined. */
function nullability(p: Cursor): boolean | undefined {
  if (p.accept('NULL')) return true;
  if (!p.accept('NOT')) return undefined;
  p.expect('NULL');
  return false;
}

function typed(p: Cursor, type: TypeName, nullable: boolean | undefined): DataType {
  const span = p.spanFrom(type.span);
  return nullable === undefined ? { kind: 'dataType', type, span } : { kind: 'dataType', type, nullable, span };
}

function precision(p: Cursor): number[] {
  if (!p.accept('(')) return [];
  const number = wholeNumber(p);
  p.expect(')');
  return [number];
}

/** `(10, 2)`. */
function precisionAndScale(p: Cursor): number[] {
  if (!p.accept('(')) return [];
  const numbers = [wholeNumber(p)];
  if (p.accept(',')) numbers.push(wholeNumber(p));
  p.expect(')');
  return numbers;
}

/** `WITH LOCAL TIME ZONE` or `WITHOUT TIME ZONE`. */
function localTimeZone(p: Cursor): boolean {
  if (p.acceptAll('WITHOUT', 'TIME', 'ZONE')) return false;
  if (!p.accept('WITH')) return false;
  p.expect('LOCAL', 'TIME', 'ZONE');
  return true;
}

const PLAIN = new Set(['BOOLEAN', 'TINYINT', 'SMALLINT', 'BIGINT', 'REAL', 'FLOAT', 'STRING', 'BYTES', 'DATE']);

function simple(p: Cursor, first: Token): TypeName {
  const made = (typeName: string, args: readonly number[] = []): TypeName => ({
    kind: 'simpleType',
    name: typeName,
    arguments: args,
    span: p.spanFrom(first),
  });
  const { key } = p.advance();
  if (PLAIN.has(key)) return made(key);
  switch (key) {
    case 'INT':
    case 'INTEGER':
      return made('INT');
    case 'DOUBLE':
      p.accept('PRECISION');
      return made('DOUBLE');
    case 'BINARY': {
      const varying = p.accept('VARYING');
      return made(varying ? 'VARBINARY' : 'BINARY', precision(p));
    }
    case 'VARBINARY':
      return made('VARBINARY', precision(p));
    case 'DECIMAL':
    case 'DEC':
    case 'NUMERIC':
      return made('DECIMAL', precisionAndScale(p));
    case 'ANY':
      return made('ANY', precisionAndScale(p));
    case 'TIMESTAMP_LTZ':
      return made('TIMESTAMP_LTZ', precision(p));
    case 'TIME':
    case 'TIMESTAMP': {
      const digits = precision(p);
      return made(localTimeZone(p) ? `${key}_LTZ` : key, digits);
    }
    default: {
      const varying = key === 'VARCHAR' || p.accept('VARYING');
      const plain = made(varying ? 'VARCHAR' : 'CHAR', precision(p));
      if (!p.at('CHARACTER')) return plain;
      p.advance();
      p.expect('SET');
      const characterSet = identifier(p);
      return { ...plain, characterSet, span: p.spanFrom(first) } as TypeName;
    }
  }
}

const SIMPLE = new Set([
  ...PLAIN,
  ...'INT INTEGER DOUBLE BINARY VARBINARY DECIMAL DEC NUMERIC ANY TIMESTAMP_LTZ TIME TIMESTAMP CHAR CHARACTER VARCHAR'.split(
    ' ',
  ),
]);

function collection(p: Cursor, first: Token): TypeName {
  const word = p.advance().key as CollectionType['collection'];
  p.expect('<');
  const type = typeName(p);
  const element = typed(p, type, nullability(p));
  p.expect('>');
  return { kind: 'collectionType', collection: word, element, suffix: false, span: p.spanFrom(first) };
}

function field(p: Cursor): RowTypeField {
  const called = identifier(p);
  const type = dataType(p);
  const comment = p.at('<string>') ? { comment: plainText(p) } : {};
  return { kind: 'rowField', name: called, type, ...comment, span: p.spanFrom(called.span) };
}

/** Fields with commas between them. Flink takes a comma before the first, too. */
function fields(p: Cursor, close: string): RowTypeField[] {
  const list: RowTypeField[] = p.atName() ? [field(p)] : [];
  while (p.accept(',')) list.push(field(p));
  p.expect(close);
  return list;
}

function row(p: Cursor, first: Token): TypeName {
  p.advance();
  if (p.accept('<>')) return { kind: 'rowType', fields: [], span: p.spanFrom(first) };
  const close = p.oneOf('<', '(') === '<' ? '>' : ')';
  const list = fields(p, close);
  return { kind: 'rowType', fields: list, span: p.spanFrom(first) };
}

/** A type without NULL or NOT NULL and without the older `INT ARRAY`. */
function typeName(p: Cursor): TypeName {
  p.enter();
  const made = anyType(p);
  p.leave();
  return made;
}

function anyType(p: Cursor): TypeName {
  const first = p.peek();
  const { key } = first;
  if (SIMPLE.has(key)) return simple(p, first);
  const next = (sign: string): boolean => p.peek(1).key === sign;
  if ((key === 'ARRAY' || key === 'MULTISET') && next('<')) return collection(p, first);
  if (key === 'MAP' && next('<')) {
    p.advance();
    p.advance();
    const keyType = dataType(p);
    p.expect(',');
    const value = dataType(p);
    p.expect('>');
    return { kind: 'mapType', key: keyType, value, span: p.spanFrom(first) };
  }
  if (key === 'RAW' && next('(')) {
    p.advance();
    p.advance();
    const className = text(p);
    p.expect(',');
    const serialiser = text(p);
    p.expect(')');
    return { kind: 'rawType', className, serialiser, span: p.spanFrom(first) };
  }
  if (key === 'ROW') return row(p, first);
  if (key === 'GEOMETRY') p.refuse(p.advance(), 'Flink has no type GEOMETRY');
  if (!first.isName) p.fail('a type');
  const called = name(p);
  return { kind: 'namedType', name: called, span: called.span };
}

function wrapped(p: Cursor, element: DataType): TypeName {
  const word = p.oneOf('ARRAY', 'MULTISET');
  const last = p.last;
  const span = spanTo(element.span, { ...element.span, offset: last.start, length: last.end - last.start });
  return { kind: 'collectionType', collection: word, element, suffix: true, span };
}

/** A column's type: with NULL, NOT NULL, `INT NOT NULL ARRAY`. */
export function dataType(p: Cursor): DataType {
  let type = typeName(p);
  for (;;) {
    const ahead = p.at('NULL') ? 1 : p.follows('NOT', 'NULL') ? 2 : 0;
    const after = p.peek(ahead).key;
    if (after !== 'ARRAY' && after !== 'MULTISET') break;
    type = wrapped(p, typed(p, type, nullability(p)));
  }
  return typed(p, type, nullability(p));
}

/** The type in CAST and RETURNING: without NULL and NOT NULL at its end. */
export function bareType(p: Cursor): DataType {
  let type = typeName(p);
  while (p.at('ARRAY', 'MULTISET')) type = wrapped(p, typed(p, type, undefined));
  return typed(p, type, undefined);
}
