import { nearest } from '../../../core/nearest.js';
import type { LikeFilter, Name, PartitionSpec, Show, Statement } from '../ast/index.js';
import type { Token } from '../lexer/token.js';
import type { Cursor } from './cursor.js';
import { partitionSpec } from './elements.js';
import { plainText } from './literals.js';
import { identifier, name, nameOf } from './names.js';

interface Parts {
  preposition?: 'FROM' | 'IN';
  of?: Name;
  like?: LikeFilter;
  partition?: PartitionSpec;
}

/** `FROM db`, `IN db`. */
function origin(p: Cursor): Parts {
  return p.at('FROM', 'IN') ? { preposition: p.oneOf('FROM', 'IN'), of: name(p) } : {};
}

/** `NOT LIKE 'x%'`. */
function like(p: Cursor, ...operators: readonly ('LIKE' | 'ILIKE')[]): Parts {
  if (!p.at('NOT', ...operators)) return {};
  const negated = p.accept('NOT');
  const operator = p.oneOf(...operators);
  return { like: { negated, operator, pattern: plainText(p) } };
}

function show(p: Cursor, first: Token, what: Show['what'], parts: Parts = {}): Show {
  return { kind: 'show', what, ...parts, span: p.spanFrom(first) };
}

function showCreate(p: Cursor, first: Token): Statement {
  const object = p.oneOf('TABLE', 'VIEW', 'CATALOG', 'MODEL');
  const called = object === 'CATALOG' ? nameOf([identifier(p)]) : name(p);
  return { kind: 'showCreate', object, name: called, span: p.spanFrom(first) };
}

const WORDS = `CATALOGS CURRENT DATABASES FUNCTIONS USER MODELS TABLES COLUMNS CREATE MODULES FULL PARTITIONS PROCEDURES
  VIEWS JARS JOBS`.split(/\s+/);

/** Every SHOW statement. */
export function showStatement(p: Cursor): Statement {
  const first = p.peek();
  const second = p.peek(1);
  if (!WORDS.includes(second.key)) {
    const near = nearest(second.text, WORDS);
    const hint = near === undefined ? `after SHOW comes one of ${WORDS.join(', ')}` : `did you mean \`SHOW ${near}\`?`;
    p.refuse(first, `SHOW ${second.text} is no statement`.replace(/ {2}/, ' '), hint);
  }
  p.advance();
  const word = p.advance().key;
  switch (word) {
    case 'CURRENT':
      return show(p, first, `CURRENT ${p.oneOf('CATALOG', 'DATABASE')}`);
    case 'DATABASES': {
      const parts = { ...origin(p), ...like(p, 'LIKE', 'ILIKE') };
      if ((parts.of?.parts.length ?? 0) > 1) {
        p.refuse((parts.of as Name).span, 'SHOW DATABASES wants the name of a catalog here: one name, without dots');
      }
      return show(p, first, word, parts);
    }
    case 'FUNCTIONS':
    case 'PROCEDURES':
      return show(p, first, word, { ...origin(p), ...like(p, 'LIKE', 'ILIKE') });
    case 'USER':
      p.expect('FUNCTIONS');
      return show(p, first, 'USER FUNCTIONS', { ...origin(p), ...like(p, 'LIKE', 'ILIKE') });
    case 'TABLES':
    case 'MODELS':
      return show(p, first, word, { ...origin(p), ...like(p, 'LIKE') });
    case 'COLUMNS':
      if (!p.at('FROM', 'IN')) p.fail();
      return show(p, first, word, { ...origin(p), ...like(p, 'LIKE') });
    case 'CREATE':
      return showCreate(p, first);
    case 'FULL':
      p.expect('MODULES');
      return show(p, first, 'FULL MODULES');
    case 'PARTITIONS': {
      const of = name(p);
      return show(p, first, word, p.accept('PARTITION') ? { of, partition: partitionSpec(p) } : { of });
    }
    default:
      return show(p, first, word as Show['what']);
  }
}

/** DESCRIBE and DESC in Flink's forms. */
export function describe(p: Cursor): Statement {
  const first = p.advance();
  const made = (extended: boolean, called: Name) =>
    ({ kind: 'describe', extended, name: called, span: p.spanFrom(first) }) as const;
  if (p.accept('JOB')) return { kind: 'describeJob', job: plainText(p), span: p.spanFrom(first) };
  if (p.at('CATALOG', 'DATABASE', 'MODEL')) {
    const object = p.oneOf('CATALOG', 'DATABASE', 'MODEL');
    const extended = p.accept('EXTENDED');
    return {
      ...made(extended, object === 'CATALOG' ? nameOf([identifier(p)]) : name(p)),
      object,
      span: p.spanFrom(first),
    };
  }
  if (!p.at('TABLE')) return { ...made(p.accept('EXTENDED'), name(p)), span: p.spanFrom(first) };
  p.advance();
  const called = name(p);
  const column = p.peek().isName ? { column: identifier(p) } : {};
  return { ...made(false, called), object: 'TABLE', ...column, span: p.spanFrom(first) };
}
