import type {
  Column,
  Constraint,
  Distribution,
  Identifier,
  PartitionSpec,
  PartitionValue,
  Property,
  TableElements,
  Watermark,
} from '../ast/index.js';
import type { Cursor } from './cursor.js';
import { expression } from './expressions.js';
import { literal, plainText, text, unsignedNumber } from './literals.js';
import { startsType } from './lookahead.js';
import { identifier, identifierList, name, nameOf } from './names.js';
import { dataType } from './types.js';

/** `('key' = 'value', ...)`. */
export function properties(p: Cursor): Property[] {
  p.expect('(');
  if (p.accept(')')) return [];
  const list = p.list((): Property => {
    const first = p.peek();
    const key = text(p);
    p.expect('=');
    const value = text(p);
    return { kind: 'property', key, value, span: p.spanFrom(first) };
  });
  p.expect(')');
  return list;
}

/** `('key', ...)`. */
export function propertyKeys(p: Cursor): string[] {
  p.expect('(');
  if (p.accept(')')) return [];
  const keys = p.list(() => text(p));
  p.expect(')');
  return keys;
}

export function withProperties(p: Cursor): Property[] {
  return p.accept('WITH') ? properties(p) : [];
}

/** `COMMENT 'text'`. */
export function comment(p: Cursor, read: (p: Cursor) => string = plainText): { comment?: string } {
  return p.accept('COMMENT') ? { comment: read(p) } : {};
}

/** `(a = 1, b = 'x')`; with `bare`, a name alone is enough. */
export function partitionSpec(p: Cursor, bare = false): PartitionSpec {
  p.expect('(');
  const list = p.list((): PartitionValue => {
    const key = identifier(p);
    if (bare && !p.at('=')) return { name: key, span: key.span };
    p.expect('=');
    return { name: key, value: literal(p), span: p.spanFrom(key.span) };
  });
  p.expect(')');
  return list;
}

function uniqueness(p: Cursor): Constraint['type'] {
  if (p.oneOf('PRIMARY', 'UNIQUE') === 'UNIQUE') return 'UNIQUE';
  p.expect('KEY');
  return 'PRIMARY KEY';
}

/** `CONSTRAINT c PRIMARY KEY (a) NOT ENFORCED`; after a column without the list. */
export function constraint(p: Cursor, ofTable: boolean): Constraint {
  const first = p.peek();
  const called: Identifier | undefined = p.accept('CONSTRAINT') ? identifier(p) : undefined;
  const type = uniqueness(p);
  const columns = ofTable ? identifierList(p) : undefined;
  let enforced: boolean | undefined;
  if (p.accept('NOT')) {
    p.expect('ENFORCED');
    enforced = false;
  } else if (p.accept('ENFORCED')) enforced = true;
  return {
    kind: 'constraint',
    ...(called === undefined ? {} : { name: called }),
    type,
    ...(columns === undefined ? {} : { columns }),
    ...(enforced === undefined ? {} : { enforced }),
    span: p.spanFrom(first),
  };
}

export function watermark(p: Cursor): Watermark {
  const first = p.expect('WATERMARK');
  p.expect('FOR');
  const column = name(p);
  p.expect('AS');
  const value = expression(p, 'nonQuery');
  return { kind: 'watermark', column, expression: value, span: p.spanFrom(first) };
}

const CONSTRAINTS = ['CONSTRAINT', 'PRIMARY', 'UNIQUE'];
export const atConstraint = (p: Cursor): boolean => p.at(...CONSTRAINTS);

/** A column of any kind: physical, metadata, computed. */
export function column(p: Cursor): Column {
  const first = p.peek();
  const second = p.peek(1);
  if (second.key !== '.' && !startsType(second)) {
    const called = identifier(p);
    p.want('a type');
    p.expect('AS');
    const value = expression(p, 'nonQuery');
    const more = comment(p, text);
    return { kind: 'computedColumn', name: nameOf([called]), expression: value, ...more, span: p.spanFrom(first) };
  }
  const called = name(p);
  const type = dataType(p);
  if (p.accept('METADATA')) {
    const from = p.accept('FROM') ? { from: text(p) } : {};
    const virtual = p.accept('VIRTUAL');
    const more = comment(p, text);
    return { kind: 'metadataColumn', name: called, type, ...from, virtual, ...more, span: p.spanFrom(first) };
  }
  const unique = p.at(...CONSTRAINTS) ? { constraint: constraint(p, false) } : {};
  const more = comment(p, text);
  return { kind: 'physicalColumn', name: called, type, ...unique, ...more, span: p.spanFrom(first) };
}

/** `(columns, constraints, WATERMARK FOR ...)`. */
export function tableElements(p: Cursor): TableElements {
  const columns: Column[] = [];
  const constraints: Constraint[] = [];
  let mark: Watermark | undefined;
  p.expect('(');
  do {
    if (atConstraint(p)) constraints.push(constraint(p, true));
    else if (p.at('WATERMARK')) {
      const made = watermark(p);
      if (mark !== undefined) p.refuse(made.span, 'a table has one watermark, and this is the second');
      mark = made;
    } else if (p.atName()) columns.push(column(p));
    else p.fail();
  } while (p.accept(','));
  p.expect(')');
  return { columns, constraints, ...(mark === undefined ? {} : { watermark: mark }) };
}

/** After DISTRIBUTED or DISTRIBUTION: `BY HASH(a) INTO 4 BUCKETS`, `INTO 4 BUCKETS`. */
export function distribution(p: Cursor): Distribution {
  const first = p.peek();
  const buckets = (): { buckets?: string } => {
    if (!p.accept('INTO')) return {};
    const number = unsignedNumber(p);
    if (number.form !== 'integer') p.refuse(number.span, 'the number of buckets is a whole number');
    p.expect('BUCKETS');
    return { buckets: number.text };
  };
  if (!p.at('BY', 'INTO')) p.fail();
  if (!p.accept('BY')) return { kind: 'distribution', columns: [], ...buckets(), span: p.spanFrom(first) };
  const algorithm = p.at('HASH', 'RANGE') ? { algorithm: p.oneOf('HASH', 'RANGE') } : {};
  const columns = identifierList(p);
  return { kind: 'distribution', ...algorithm, columns, ...buckets(), span: p.spanFrom(first) };
}

export function partitionedBy(p: Cursor): Identifier[] {
  if (!p.accept('PARTITIONED')) return [];
  p.expect('BY');
  return identifierList(p);
}
